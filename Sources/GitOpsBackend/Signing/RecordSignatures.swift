public import GitKit
public import WorkflowModel

/// Whose signatures records carry, by the keys that `workflows/groups.yaml` lists for people.
///
/// Derived from the commits whenever it is asked, never from what a record says of itself; each commit is verified once.
public final class RecordSignatures {
    private let repository: Repository
    private let people: People
    private var keyrings: [String: SignatureKeyring] = [:]
    private var verdicts: [Question: Bool] = [:]

    private struct Question: Hashable {
        let commit: ObjectID
        let person: String
    }

    public init(_ repository: Repository, people: People) {
        self.repository = repository
        self.people = people
    }

    /// Whether the commit is signed by a key that `people` lists for this person (a subject id, or one of their addresses).
    ///
    /// Throws when a key in `people` cannot be read, or `gpg` or `ssh-keygen` is needed and cannot be run: unknown is not no.
    public func isSigned(_ commit: ObjectID, by person: String) throws -> Bool {
        let question = Question(commit: commit, person: person)
        if let known = verdicts[question] { return known }
        let verdict = try verify(commit, by: person)
        verdicts[question] = verdict
        return verdict
    }

    private func verify(_ commit: ObjectID, by person: String) throws -> Bool {
        guard let keyring = try keyring(of: person), let signature = try repository.signature(ofCommit: commit) else {
            return false
        }
        let at = try repository.commit(commit).committer.seconds
        guard case .good = try keyring.verdict(on: signature, at: at) else { return false }
        return true
    }

    /// Nil for somebody without keys.
    private func keyring(of name: String) throws(GitError) -> SignatureKeyring? {
        guard let person = people.people[name] ?? people.people.values.first(where: { $0.emails.contains(name) }),
            !person.sshKeys.isEmpty || !person.gpgKeys.isEmpty
        else { return nil }
        if let made = keyrings[person.id] { return made }
        let keyring = try SigningPrograms.keyring()
        for key in person.sshKeys { try keyring.add(sshKey: key, of: person.id) }
        for key in person.gpgKeys { try keyring.add(gpgKey: key, of: person.id) }
        keyrings[person.id] = keyring
        return keyring
    }
}

/// The programs that sign and verify, as the user's own Git configuration names them; a repository has no say.
public enum SigningPrograms {
    /// `gpg.ssh.program`; nil: `ssh-keygen` on the path.
    public static func ssh() throws(GitError) -> String? { try UserConfiguration.string("gpg.ssh.program") }

    /// `gpg.openpgp.program` or `gpg.program`; nil: `gpg` on the path.
    public static func gpg() throws(GitError) -> String? {
        if let named = try UserConfiguration.string("gpg.openpgp.program") { return named }
        return try UserConfiguration.string("gpg.program")
    }

    /// A keyring without keys.
    public static func keyring() throws(GitError) -> SignatureKeyring {
        SignatureKeyring(sshProgram: try ssh(), gpgProgram: try gpg())
    }
}
