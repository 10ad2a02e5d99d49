/// Reads the notation of a pattern.
struct PatternParser {
    private let scalars: [UInt32]
    private var position = 0
    private var depth = 0
    private(set) var groups = 0
    private var flags = Flags()

    private struct Flags {
        var ignoresCase = false
        var isMultiline = false
        var dotTakesLineBreak = false
    }

    init(_ text: String) { scalars = text.unicodeScalars.map(\.value) }

    mutating func parse() throws(PatternError) -> PatternNode {
        let node = try alternatives()
        guard position == scalars.count else { throw fault("`)` without `(`") }
        return node
    }

    // MARK: Structure

    private mutating func alternatives() throws(PatternError) -> PatternNode {
        var all = [try sequence()]
        while take("|") { all.append(try sequence()) }
        return all.count == 1 ? all[0] : .alternatives(all)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var parts: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            let start = position
            let atom = try atom()
            parts.append(try repeated(atom, from: start))
        }
        return parts.count == 1 ? parts[0] : parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func repeated(_ atom: PatternNode, from start: Int) throws(PatternError) -> PatternNode {
        guard let (least, most) = try count() else { return atom }
        let isLazy = take("?")
        let here = position
        guard try count() == nil, peek != "+" else {
            position = here
            throw fault("a repetition of a repetition")
        }
        return .repeated(atom, least: least, most: most, isLazy: isLazy)
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`; a brace that is none of them is a character.
    private mutating func count() throws(PatternError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        let start = position
        guard take("{") else { return nil }
        guard let least = number() else {
            position = start
            return nil
        }
        var most: Int? = least
        if take(",") { most = number() }
        guard take("}") else {
            position = start
            return nil
        }
        guard least <= PatternLimits.repetitions, most ?? 0 <= PatternLimits.repetitions, most.map({ $0 >= least }) ?? true else {
            throw fault("a count must rise, to \(PatternLimits.repetitions) at most")
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = peek, ("0"..."9").contains(digit), (value ?? 0) <= PatternLimits.repetitions {
            value = (value ?? 0) * 10 + Int(digit.value - 0x30)
            position += 1
        }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternNode {
        guard let next = peek else { throw fault("the pattern ends too early") }
        switch next {
        case "(": return try group()
        case "[": return .character(try bracket())
        case "*", "+", "?": throw fault("`\(next)` repeats nothing")
        case "\\": return try escaped()
        default: break
        }
        position += 1
        switch next {
        case ".": return .character(CharacterSet(ranges: flags.dotTakesLineBreak ? [] : [0x0A...0x0A], isNegated: true))
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        default: return literal(next.value)
        }
    }

    private func literal(_ scalar: UInt32) -> PatternNode {
        .character(CharacterSet(ranges: [scalar...scalar], ignoresCase: flags.ignoresCase))
    }

    // MARK: Groups

    private mutating func group() throws(PatternError) -> PatternNode {
        position += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternLimits.depth else { throw fault("groups are nested deeper than \(PatternLimits.depth)") }
        let outer = flags
        defer { flags = outer }
        var number: Int?
        if take("?") {
            if peek == "P" || peek == "<" {
                _ = take("P")
                guard take("<"), peek != "=", peek != "!" else { throw fault("looking around and references are not supported") }
                guard try name() else { throw fault("a group's name is made of letters, digits and `_`") }
                groups += 1
                number = groups
            } else if try applyFlags() {
                // `(?i)` holds to the end of the group around it.
                let rest = try alternatives()
                guard position == scalars.count || peek == ")" else { throw fault("`(` without `)`") }
                return rest
            }
        } else {
            groups += 1
            number = groups
        }
        let inner = try alternatives()
        guard take(")") else { throw fault("`(` without `)`") }
        return number.map { .group($0, inner) } ?? inner
    }

    private mutating func name() throws(PatternError) -> Bool {
        let start = position
        while let next = peek, CharacterSet.isWord(next.value) { position += 1 }
        return position > start && take(">")
    }

    /// Reads `i`, `m`, `s` and `-`; true for `(?i)`, false for `(?i:`.
    private mutating func applyFlags() throws(PatternError) -> Bool {
        var isOn = true
        while let next = peek {
            position += 1
            switch next {
            case ":": return false
            case ")": return true
            case "-": isOn = false
            case "i": flags.ignoresCase = isOn
            case "m": flags.isMultiline = isOn
            case "s": flags.dotTakesLineBreak = isOn
            default:
                position -= 1
                throw fault("`(?\(next)` is not supported: it would need backtracking, or is unknown")
            }
        }
        throw fault("`(` without `)`")
    }

    // MARK: Escapes and classes

    private mutating func escaped() throws(PatternError) -> PatternNode {
        position += 1
        guard let next = peek else { throw fault("`\\` at the end") }
        position += 1
        switch next {
        case "b": return .assertion(.wordBoundary)
        case "B": return .assertion(.noWordBoundary)
        case "A": return .assertion(.textStart)
        case "z": return .assertion(.textEnd)
        default: break
        }
        if let ranges = Self.shorthand(next) { return .character(CharacterSet(ranges: ranges)) }
        return literal(try character(afterBackslash: next))
    }

    private static func shorthand(_ letter: Unicode.Scalar) -> [ClosedRange<UInt32>]? {
        switch letter {
        case "d": CharacterSet.digit
        case "w": CharacterSet.word
        case "s": CharacterSet.space
        case "D": CharacterSet.complement(of: CharacterSet.digit)
        case "W": CharacterSet.complement(of: CharacterSet.word)
        case "S": CharacterSet.complement(of: CharacterSet.space)
        default: nil
        }
    }

    private mutating func character(afterBackslash letter: Unicode.Scalar) throws(PatternError) -> UInt32 {
        switch letter {
        case "n": return 0x0A
        case "t": return 0x09
        case "r": return 0x0D
        case "f": return 0x0C
        case "v": return 0x0B
        case "x": return try hexadecimal()
        default: break
        }
        guard !CharacterSet.isWord(letter.value) else {
            position -= 1
            let isReference = ("1"..."9").contains(letter)
            throw fault(isReference ? "references to groups are not supported" : "`\\\(letter)` is unknown")
        }
        return letter.value
    }

    /// `\x41` or `\x{1F600}`.
    private mutating func hexadecimal() throws(PatternError) -> UInt32 {
        let isBraced = take("{")
        var digits = ""
        while digits.utf8.count < (isBraced ? 6 : 2), let next = peek, next.properties.isASCIIHexDigit {
            digits.unicodeScalars.append(next)
            position += 1
        }
        guard let value = UInt32(digits, radix: 16), value <= 0x10FFFF, !isBraced || take("}") else {
            throw fault("`\\x` needs two hexadecimal digits, or some in braces")
        }
        return value
    }

    private mutating func bracket() throws(PatternError) -> CharacterSet {
        position += 1
        var set = CharacterSet(ignoresCase: flags.ignoresCase)
        set.isNegated = take("^")
        var isFirst = true
        while let next = peek, next != "]" || isFirst {
            isFirst = false
            if let ranges = try named() {
                set.ranges += ranges
                continue
            }
            guard let first = try member(&set) else { continue }
            guard peek == "-", position + 1 < scalars.count, scalars[position + 1] != 0x5D else {
                set.ranges.append(first...first)
                continue
            }
            position += 1
            guard let last = try member(&set), last >= first else { throw fault("a range must rise") }
            set.ranges.append(first...last)
        }
        guard take("]") else { throw fault("`[` without `]`") }
        return set
    }

    /// One character of a class; nil for a shorthand such as `\d`, whose characters are added.
    private mutating func member(_ set: inout CharacterSet) throws(PatternError) -> UInt32? {
        guard let next = peek else { throw fault("`[` without `]`") }
        position += 1
        guard next == "\\" else { return next.value }
        guard let letter = peek else { throw fault("`\\` at the end") }
        position += 1
        if let ranges = Self.shorthand(letter) {
            set.ranges += ranges
            return nil
        }
        return try character(afterBackslash: letter)
    }

    /// `[:alpha:]` and its like.
    private mutating func named() throws(PatternError) -> [ClosedRange<UInt32>]? {
        guard peek == "[", position + 1 < scalars.count, scalars[position + 1] == 0x3A else { return nil }
        let classes: [String: [ClosedRange<UInt32>]] = [
            "alpha": [0x41...0x5A, 0x61...0x7A], "digit": CharacterSet.digit, "space": CharacterSet.space, "upper": [0x41...0x5A],
            "lower": [0x61...0x7A], "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "word": CharacterSet.word,
            "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66], "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
        ]
        for (name, ranges) in classes {
            let text = "[:\(name):]".unicodeScalars.map(\.value)
            guard scalars[position...].starts(with: text) else { continue }
            position += text.count
            return ranges
        }
        throw fault("there is no class of this name")
    }

    // MARK: Characters

    private var peek: Unicode.Scalar? { position < scalars.count ? Unicode.Scalar(scalars[position]) : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private func fault(_ message: String) -> PatternError { PatternError(message, at: position + 1) }
}
