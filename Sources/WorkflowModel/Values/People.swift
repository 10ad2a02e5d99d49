/// The groups and people of `workflows/groups.yaml`.
public struct People: Sendable, Hashable {
    public struct Person: Sendable, Hashable {
        public var id: String
        public var name: String?
        public var emails: [String]
        /// Public keys as `.pub` files hold them, whose signatures are this person's.
        public var sshKeys: [String]
        /// OpenPGP keys: armoured, or fingerprints of keys in the keyring of whoever verifies.
        public var gpgKeys: [String]

        /// The person's accounts, by the forge's kind: `github`, `gitlab`, `gitea`, `bitbucket`.
        public var accounts: [String: String]

        public init(
            id: String, name: String? = nil, emails: [String] = [], sshKeys: [String] = [], gpgKeys: [String] = [],
            accounts: [String: String] = [:]
        ) {
            self.accounts = accounts
            self.id = id
            self.name = name
            self.emails = emails
            self.sshKeys = sshKeys
            self.gpgKeys = gpgKeys
        }
    }

    /// Members by group, as subject ids.
    public var groups: [String: [String]]
    /// By subject id.
    public var people: [String: Person]
    /// Who may do what; nil where the file says nothing of it.
    public var permissions: [Permission]?
    /// The file's path; nil when the repository has none.
    public var path: String?

    public init(groups: [String: [String]] = [:], people: [String: Person] = [:], permissions: [Permission]? = nil, path: String? = nil) {
        self.groups = groups
        self.people = people
        self.permissions = permissions
        self.path = path
    }

    /// The person with an account on a kind of forge; nil when nobody, or more than one, has it.
    public func person(withAccount account: String, on kind: String) -> Person? {
        let found = people.values.filter { $0.accounts[kind]?.lowercased() == account.lowercased() }
        return found.count == 1 ? found.first : nil
    }

    /// True when `subject` is meant by `name`: the name of a group that lists it, or the subject itself.
    ///
    /// `service-owner` stands for `owner` unless a group has that name.
    public func isMember(_ subject: String, of name: String, owner: String?) -> Bool {
        if let members = groups[name] { return members.contains(subject) }
        if name == "service-owner" {
            guard let owner, owner != name else { return false }
            return isMember(subject, of: owner, owner: nil)
        }
        return name == subject
    }

    /// The subject ids meant by `name`, for telling people who can act.
    public func members(of name: String, owner: String?) -> [String] {
        if let members = groups[name] { return members }
        if name == "service-owner" {
            guard let owner, owner != name else { return [] }
            return members(of: owner, owner: nil)
        }
        return [name]
    }
}
