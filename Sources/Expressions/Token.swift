/// The smallest part of an expression's text.
struct Token: Hashable {
    enum Kind: Hashable {
        case number(Value)
        case string(String)
        case name(String)
        case symbol(String)
        case end
    }

    let kind: Kind
    let column: Int
}

/// Cuts the text into tokens (`semantics.md` 0.6: literals, comments).
struct Lexer {
    private let characters: [Character]
    private var position = 0

    private static let symbols = [
        "==", "!=", "<=", ">=", "&&", "||", "**", "..", "??", "?.", "<", ">", "!", "+", "-", "*", "/", "%", "^", "?", ":", ".", ",",
        "(", ")", "[", "]", "{", "}", "#", "|", ";", "=",
    ]

    static func tokens(_ text: String) throws(ExpressionError) -> [Token] {
        guard text.utf8.count <= Limits.length else {
            throw ExpressionError("the expression is longer than \(Limits.length) bytes", at: 1)
        }
        var lexer = Lexer(characters: Array(text))
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        return tokens + [Token(kind: .end, column: lexer.characters.count + 1)]
    }

    private init(characters: [Character]) { self.characters = characters }

    private var current: Character? { position < characters.count ? characters[position] : nil }

    private func starts(with text: String) -> Bool {
        characters[position...].starts(with: text)
    }

    private mutating func next() throws(ExpressionError) -> Token? {
        try skipSpace()
        guard let first = current else { return nil }
        let column = position + 1
        if first.isASCII, first.isNumber || first == "." && digit(position + 1) && !starts(with: "..") {
            return Token(kind: .number(try number()), column: column)
        }
        if first == "\"" || first == "'" { return Token(kind: .string(try quoted(first)), column: column) }
        if first == "`" { return Token(kind: .string(try raw()), column: column) }
        if first == "_" || first == "$" || first.isLetter {
            let start = position
            while let character = current, character == "_" || character == "$" || character.isLetter || character.isNumber { position += 1 }
            return Token(kind: .name(String(characters[start..<position])), column: column)
        }
        guard let symbol = Self.symbols.first(where: { starts(with: $0) }) else {
            throw ExpressionError("'\(first)' is no part of an expression", at: column)
        }
        position += symbol.count
        return Token(kind: .symbol(symbol), column: column)
    }

    private func digit(_ index: Int) -> Bool {
        index < characters.count && characters[index].isASCII && characters[index].isNumber
    }

    private mutating func skipSpace() throws(ExpressionError) {
        while let character = current {
            if character.isWhitespace {
                position += 1
            } else if starts(with: "//") {
                while let character = current, !character.isNewline { position += 1 }
            } else if starts(with: "/*") {
                let column = position + 1
                while position < characters.count, !starts(with: "*/") { position += 1 }
                guard position < characters.count else { throw ExpressionError("a comment that does not end", at: column) }
                position += 2
            } else {
                return
            }
        }
    }

    private mutating func number() throws(ExpressionError) -> Value {
        let start = position
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where starts(with: prefix) {
            position += 2
            let digits = word()
            guard let value = Int(digits.filter { $0 != "_" }, radix: radix) else {
                throw ExpressionError("'\(prefix)\(digits)' is no number", at: start + 1)
            }
            return .int(value)
        }
        var text = digits()
        var isFloat = false
        if current == ".", !starts(with: ".."), digit(position + 1) {
            position += 1
            text += "." + digits()
            isFloat = true
        }
        if current == "e" || current == "E" {
            let mark = position
            position += 1
            var exponent = "e"
            if current == "+" || current == "-" {
                exponent.append(characters[position])
                position += 1
            }
            let power = digits()
            if power.isEmpty {
                position = mark
            } else {
                text += exponent + power
                isFloat = true
            }
        }
        if let character = current, character == "_" || character.isLetter {
            throw ExpressionError("'\(text)\(word())' is no number", at: start + 1)
        }
        if isFloat {
            guard let value = Double(text.hasPrefix(".") ? "0" + text : text), value.isFinite else {
                throw ExpressionError("'\(text)' is no number", at: start + 1)
            }
            return .float(value)
        }
        guard let value = Int(text) else { throw ExpressionError("'\(text)' is too large", at: start + 1) }
        return .int(value)
    }

    private mutating func word() -> String {
        let start = position
        while let character = current, character == "_" || character.isLetter || character.isNumber { position += 1 }
        return String(characters[start..<position])
    }

    /// Digits without the underscores between them.
    private mutating func digits() -> String {
        var text = ""
        while let character = current, character == "_" || character.isASCII && character.isNumber {
            if character != "_" { text.append(character) }
            position += 1
        }
        return text
    }

    private mutating func raw() throws(ExpressionError) -> String {
        let column = position + 1
        position += 1
        let start = position
        while let character = current, character != "`" { position += 1 }
        guard position < characters.count else { throw ExpressionError("a text that does not end", at: column) }
        defer { position += 1 }
        return String(characters[start..<position])
    }

    private mutating func quoted(_ quote: Character) throws(ExpressionError) -> String {
        let column = position + 1
        position += 1
        var text = ""
        while let character = current {
            position += 1
            if character == quote { return text }
            text += character == "\\" ? try escape() : String(character)
        }
        throw ExpressionError("a text that does not end", at: column)
    }

    private mutating func escape() throws(ExpressionError) -> String {
        let column = position
        guard let character = current else { throw ExpressionError("a text that does not end", at: column) }
        position += 1
        let plain: [Character: String] = [
            "n": "\n", "t": "\t", "r": "\r", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}", "\\": "\\", "\"": "\"", "'": "'",
        ]
        if let text = plain[character] { return text }
        let lengths: [Character: Int] = ["x": 2, "u": 4, "U": 8]
        if let length = lengths[character], position + length <= characters.count,
            let number = UInt32(String(characters[position..<position + length]), radix: 16), let scalar = Unicode.Scalar(number)
        {
            position += length
            return String(scalar)
        }
        throw ExpressionError("'\\\(character)' is no escape", at: column)
    }
}
