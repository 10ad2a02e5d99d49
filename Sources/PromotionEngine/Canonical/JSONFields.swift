/// Reads the members of one object, naming the member that is missing or of the wrong type.
struct JSONFields {
    let members: [String: JSONValue]

    /// Throws `RecordFault` when the value is no object.
    init(_ value: JSONValue, _ what: String = "record") throws(RecordFault) {
        guard case .object(let members) = value else { throw RecordFault("the \(what) is no object") }
        self.members = members
    }

    init(members: [String: JSONValue]) { self.members = members }

    func string(_ key: String) throws(RecordFault) -> String {
        guard let text = try optionalString(key) else { throw RecordFault("'\(key)' is missing") }
        return text
    }

    func optionalString(_ key: String) throws(RecordFault) -> String? {
        guard let value = members[key] else { return nil }
        guard case .string(let text) = value else { throw RecordFault("'\(key)' is no text") }
        return text
    }

    func int(_ key: String) throws(RecordFault) -> Int {
        guard case .int(let number)? = members[key] else { throw RecordFault("'\(key)' is no whole number") }
        return number
    }

    /// False when missing.
    func flag(_ key: String) throws(RecordFault) -> Bool {
        guard let value = members[key] else { return false }
        guard case .bool(let flag) = value else { throw RecordFault("'\(key)' is neither true nor false") }
        return flag
    }

    func time(_ key: String) throws(RecordFault) -> Instant {
        guard let time = Instant(parsing: try string(key)) else { throw RecordFault("'\(key)' is no RFC 3339 UTC time") }
        return time
    }

    func optionalTime(_ key: String) throws(RecordFault) -> Instant? {
        members[key] == nil ? nil : try time(key)
    }

    /// Empty when missing.
    func list(_ key: String) throws(RecordFault) -> [JSONValue] {
        guard let value = members[key] else { return [] }
        guard case .array(let items) = value else { throw RecordFault("'\(key)' is no list") }
        return items
    }

    /// Empty when missing.
    func strings(_ key: String) throws(RecordFault) -> [String] {
        var texts: [String] = []
        for item in try list(key) {
            guard case .string(let text) = item else { throw RecordFault("an item of '\(key)' is no text") }
            texts.append(text)
        }
        return texts
    }

    /// Empty when missing.
    func object(_ key: String) throws(RecordFault) -> [String: JSONValue] {
        guard let value = members[key] else { return [:] }
        return try JSONFields(value, "member '\(key)'").members
    }

    /// Empty when missing.
    func stringMap(_ key: String) throws(RecordFault) -> [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in try object(key) {
            guard case .string(let text) = value else { throw RecordFault("'\(key).\(name)' is no text") }
            texts[name] = text
        }
        return texts
    }
}

/// What is wrong with a record or a checkpoint file, without its place, which the reader adds.
public struct RecordFault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
