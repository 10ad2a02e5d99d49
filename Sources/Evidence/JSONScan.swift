/// Reads JSON (RFC 8259) from front to back, keeping nothing that is not asked for.
///
/// What is asked for must be of its type, and there once: a value of another type is a fault with its place, never an absent
/// one. `null` stands for an absent member where the name of the method says so.
struct JSONScan {
    private let bytes: [UInt8]
    /// Of the byte that comes next.
    private(set) var position = 0
    private var depth = 0
    /// Where in the document, such as `runs[0].results[2]`; empty at its top.
    private var place = ""
    private static let deepest = 200

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is no part of JSON, but tools on Windows write one.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The first byte of the value that comes next; nil at the end of the file.
    mutating func next() -> UInt8? {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
        return position < bytes.count ? bytes[position] : nil
    }

    func fault(_ reason: String) -> ReportFault {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return ReportFault(place.isEmpty ? reason : "\(place): \(reason)", line: line, column: before.count - start + 1)
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(ReportFault) {
        guard next() == byte else {
            throw fault(position >= bytes.count ? "the file ends where \(what) should stand" : "\(what) should stand here")
        }
        position += 1
    }

    /// Calls `body` for each member; it must read or skip the member's value. A member that is there twice is refused: which
    /// of both is meant cannot be told.
    mutating func object(_ body: (inout JSONScan, String) throws(ReportFault) -> Void) throws(ReportFault) {
        var names: Set<String> = []
        try members { (scan, key) throws(ReportFault) in
            guard names.insert(key).inserted else { throw scan.fault("'\(key.prefix(40))' is there twice") }
            try body(&scan, key)
        }
    }

    private mutating func members(_ body: (inout JSONScan, String) throws(ReportFault) -> Void) throws(ReportFault) {
        try expect(UInt8(ascii: "{"), "an object")
        try enter()
        if next() == UInt8(ascii: "}") {
            position += 1
        } else {
            while true {
                let key = try string()
                try expect(UInt8(ascii: ":"), "':'")
                try body(&self, key)
                guard next() == UInt8(ascii: ",") else { break }
                position += 1
            }
            try expect(UInt8(ascii: "}"), "'}'")
        }
        depth -= 1
    }

    /// The same for each item of the list `name`, by which faults inside are told.
    mutating func items(_ name: String, _ body: (inout JSONScan) throws(ReportFault) -> Void) throws(ReportFault) {
        let outer = place
        let list = outer.isEmpty ? name : "\(outer).\(name)"
        var number = 0
        place = list
        try array { (scan) throws(ReportFault) in
            scan.place = "\(list)[\(number)]"
            number += 1
            _ = scan.next()
            try body(&scan)
        }
        place = outer
    }

    private mutating func array(_ body: (inout JSONScan) throws(ReportFault) -> Void) throws(ReportFault) {
        try expect(UInt8(ascii: "["), "a list")
        try enter()
        if next() == UInt8(ascii: "]") {
            position += 1
        } else {
            while true {
                try body(&self)
                guard next() == UInt8(ascii: ",") else { break }
                position += 1
            }
            try expect(UInt8(ascii: "]"), "']'")
        }
        depth -= 1
    }

    private mutating func enter() throws(ReportFault) {
        depth += 1
        guard depth <= Self.deepest else { throw fault("values are nested deeper than \(Self.deepest)") }
    }

    /// A text with its escapes resolved. A lone surrogate becomes U+FFFD.
    mutating func string() throws(ReportFault) -> String {
        try expect(UInt8(ascii: "\""), "a text")
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw fault("a control character inside a text")
            default: text.append(byte)
            }
        }
        throw fault("the file ends inside a text")
    }

    private mutating func escape(into text: inout [UInt8]) throws(ReportFault) {
        guard position < bytes.count else { throw fault("the file ends inside a text") }
        let byte = bytes[position]
        position += 1
        let plain: [UInt8: UInt8] = [
            0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
        ]
        if let character = plain[byte] { return text.append(character) }
        guard byte == UInt8(ascii: "u") else { throw fault("an escape that JSON does not have") }
        var scalar = try unit()
        if (0xD800..<0xDC00).contains(scalar), bytes[position...].starts(with: Array("\\u".utf8)) {
            let start = position
            position += 2
            let low = try unit()
            if (0xDC00..<0xE000).contains(low) {
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            } else {
                position = start
            }
        }
        text += Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
    }

    private mutating func unit() throws(ReportFault) -> UInt32 {
        guard position + 4 <= bytes.count,
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw fault("an escape without four hexadecimal digits") }
        position += 4
        return value
    }

    /// Passes over a `null`; false where something else comes.
    mutating func passesNull() throws(ReportFault) -> Bool {
        guard next() == UInt8(ascii: "n") else { return false }
        _ = try scalar()
        return true
    }

    /// A text; nil for `null`.
    mutating func optionalString() throws(ReportFault) -> String? { try passesNull() ? nil : try string() }

    /// One of a type's words; nil for `null`. A word that the type does not have is refused.
    mutating func optionalWord<Word: RawRepresentable & CaseIterable>(
        _ name: String, _ type: Word.Type
    ) throws(ReportFault) -> Word? where Word.RawValue == String {
        _ = next()
        let start = self
        guard let text = try optionalString() else { return nil }
        guard let word = Word(rawValue: text) else {
            let known = type.allCases.map(\.rawValue).joined(separator: ", ")
            throw start.fault("'\(text.prefix(40))' is no \(name); there are \(known)")
        }
        return word
    }

    /// A whole number; nil for `null`.
    mutating func optionalInt() throws(ReportFault) -> Int? {
        if try passesNull() { return nil }
        let start = self
        guard let number = try scalar().flatMap({ Int($0) }) else { throw start.fault("a whole number should stand here") }
        return number
    }

    mutating func flag() throws(ReportFault) -> Bool {
        _ = next()
        let start = self
        switch try scalar() {
        case "true": return true
        case "false": return false
        default: throw start.fault("true or false should stand here")
        }
    }

    /// A number, true, false or null as written; nil for a text, list or object, which is passed over.
    private mutating func scalar() throws(ReportFault) -> String? {
        switch next() {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "\""):
            try skip()
            return nil
        case nil: throw fault("the file ends where a value should stand")
        default:
            let start = position
            while position < bytes.count, Self.isWord(bytes[position]) { position += 1 }
            let word = String(decoding: bytes[start..<position], as: UTF8.self)
            guard ["true", "false", "null"].contains(word) || word.first.map({ "-0123456789".contains($0) }) == true && Double(word) != nil
            else {
                position = start
                throw fault("no value stands here")
            }
            return word
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
            || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: ".")].contains(byte)
    }

    /// Passes over the next value, checking it.
    mutating func skip() throws(ReportFault) {
        switch next() {
        case UInt8(ascii: "{"): try members { (scan, _) throws(ReportFault) in try scan.skip() }
        case UInt8(ascii: "["): try array { (scan) throws(ReportFault) in try scan.skip() }
        case UInt8(ascii: "\""): _ = try string()
        default: _ = try scalar()
        }
    }

    /// Throws when anything but white space is left.
    mutating func end() throws(ReportFault) {
        guard next() == nil else { throw fault("more stands behind the end of the document") }
    }
}
