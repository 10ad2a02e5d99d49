/// Reads the notation of ``YAMLPath``.
struct YAMLPathParser {
    private let text: String
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ text: String) {
        self.text = text
        scalars = Array(text.unicodeScalars)
    }

    mutating func parse() throws(YAMLError) -> YAMLPath {
        let document = try parseDocument(isAssignment: false)
        let steps = try parseSteps()
        guard position == scalars.count else { throw unexpected() }
        return YAMLPath(document: document, steps: steps)
    }

    mutating func parseAssignment() throws(YAMLError) -> (path: YAMLPath, value: String) {
        let document = try parseDocument(isAssignment: true)
        let steps = try parseSteps()
        guard current == "=" else {
            throw current == nil ? fault("PATH=VALUE has no `=`") : unexpected()
        }
        var value = String.UnicodeScalarView()
        value.append(contentsOf: scalars[(position + 1)...])
        return (YAMLPath(document: document, steps: steps), String(value))
    }

    // MARK: Document selector

    private mutating func parseDocument(
        isAssignment: Bool
    ) throws(YAMLError) -> [YAMLPath.Condition] {
        guard hasSelector(isAssignment: isAssignment) else { return [] }
        let conditions = try parseConditions(stops: ",#")
        guard current == "#" else { throw unexpected() }
        position += 1
        return conditions
    }

    /// Whether a document selector precedes the path: a `#` outside quotes and brackets with a `=` on its left.
    ///
    /// In the assignment `tag=a#b` the `#` belongs to the value, so there a selector needs a second `=` on its right.
    private func hasSelector(isAssignment: Bool) -> Bool {
        var quote: Unicode.Scalar?
        var depth = 0
        var index = 0
        var sawEquals = false
        while index < scalars.count {
            let scalar = scalars[index]
            if let open = quote {
                if scalar == "\\", open == "\"" { index += 1 } else if scalar == open { quote = nil }
            } else {
                switch scalar {
                case "\\": index += 1
                case "\"", "'": quote = scalar
                case "[": depth += 1
                case "]": depth -= 1
                case "=" where depth == 0: sawEquals = true
                case " " where depth == 0: return false
                case "#" where depth == 0:
                    return sawEquals && (!isAssignment || scalars[index...].contains("="))
                default: break
                }
            }
            index += 1
        }
        return false
    }

    // MARK: Steps

    private mutating func parseSteps() throws(YAMLError) -> [YAMLPath.Step] {
        var steps: [YAMLPath.Step] = []
        while let scalar = current, scalar != "=" {
            if scalar == "[" {
                steps.append(try parseBracket())
                continue
            }
            if scalar == "|" {
                guard let last = steps.last, last != .inside else { throw unexpected() }
                position += 1
                steps.append(.inside)
                continue
            }
            if let last = steps.last, last != .inside {
                guard scalar == "." else { throw unexpected() }
                position += 1
            }
            steps.append(.key(try parseKey()))
        }
        guard let last = steps.last, last != .inside else { throw fault("a path needs at least one key") }
        return steps
    }

    private mutating func parseBracket() throws(YAMLError) -> YAMLPath.Step {
        position += 1
        let start = position
        while let scalar = current, ("0"..."9").contains(scalar) { position += 1 }
        if position > start, current == "]" {
            var digits = String.UnicodeScalarView()
            digits.append(contentsOf: scalars[start..<position])
            guard let index = Int(String(digits)), index <= Int(Int32.max) else {
                throw fault("the list index is too large")
            }
            position += 1
            return .index(index)
        }
        position = start
        if current == "-" { throw fault("a list index counts from 0 and is not negative") }
        let conditions = try parseConditions(stops: ",]")
        guard current == "]" else { throw fault("a `]` is missing") }
        position += 1
        return .item(conditions)
    }

    private mutating func parseConditions(stops: String) throws(YAMLError) -> [YAMLPath.Condition] {
        var conditions: [YAMLPath.Condition] = []
        repeat {
            if !conditions.isEmpty { position += 1 }
            var keys = [try parseKey()]
            while current == "." {
                position += 1
                keys.append(try parseKey())
            }
            guard current == "=" else { throw fault("expected `key=value`") }
            position += 1
            let value = try parseWord(stops: stops)
            conditions.append(YAMLPath.Condition(keys, equals: value))
        } while current == ","
        return conditions
    }

    private mutating func parseKey() throws(YAMLError) -> String {
        let start = position
        let key = try parseWord(stops: ".[]=#,|")
        guard position > start else { throw fault("a key is missing") }
        return key
    }

    /// A quoted word, or everything up to one of `stops`; a backslash takes the next character literally.
    private mutating func parseWord(stops: String) throws(YAMLError) -> String {
        var word = String.UnicodeScalarView()
        if let quote = current, quote == "\"" || quote == "'" {
            position += 1
            while let scalar = current, scalar != quote {
                if scalar == "\\", quote == "\"" { position += 1 }
                guard let taken = current else { break }
                word.append(taken)
                position += 1
            }
            guard current == quote else { throw fault("the quote is not closed") }
            position += 1
            return String(word)
        }
        while let scalar = current, !stops.unicodeScalars.contains(scalar) {
            if scalar == "\\" { position += 1 }
            guard let taken = current else { throw fault("nothing follows the backslash") }
            word.append(taken)
            position += 1
        }
        return String(word)
    }

    private var current: Unicode.Scalar? {
        position < scalars.count ? scalars[position] : nil
    }

    private func unexpected() -> YAMLError {
        fault(current.map { "`\($0)` is not expected here" } ?? "the path ends too early")
    }

    private func fault(_ message: String) -> YAMLError {
        let place = SourcePosition(line: 1, column: position + 1, offset: 0)
        return YAMLError(
            code: .invalidPath, operation: "parse path", subject: text,
            diagnostics: [
                Diagnostic(
                    message: message,
                    hint: "write `a.b[name=x].c`, and quote keys that hold special characters",
                    path: "<path>", position: place, sourceLine: text)
            ])
    }
}
