/// Who or what caused a record: a subject id plus what people call it.
public struct Identity: Sendable, Hashable {
    /// The stable id that rules and groups name.
    public var id: String
    public var name: String?
    /// For the author line of commits only; records do not keep it.
    public var email: String?

    public init(id: String, name: String? = nil, email: String? = nil) {
        self.id = id
        self.name = name
        self.email = email
    }

    /// The name if there is one, else the id.
    public var displayName: String { name ?? id }
}
