public import PromotionEngine

/// An in-toto Statement (v1) about one promotion: what was promoted, by which decision and rules, with which evidence.
///
/// Specification: github.com/in-toto/attestation, spec/v1/statement.md.
public enum PromotionStatement {
    public static let statementType = "https://in-toto.io/Statement/v1"
    /// Names this predicate; `.invalid` never resolves (RFC 2606): the format is described in docs/audit.md.
    public static let predicateType = "https://gradus.invalid/promotion/v1"

    /// The statement about a delivered promotion.
    ///
    /// Subjects are the images by digest; for a release without digests the source commit, else the deploy commit.
    public static func json(of change: Change, repository: String, head: ChainHead) -> JSONValue {
        [
            "_type": .string(statementType), "subject": .array(subjects(of: change, repository)),
            "predicateType": .string(predicateType), "predicate": predicate(of: change, repository, head),
        ]
    }

    private static func subjects(of change: Change, _ repository: String) -> [JSONValue] {
        let images = change.images.compactMap { image -> JSONValue? in
            guard let digest = image.digest, let colon = digest.firstIndex(of: ":") else { return nil }
            return ["name": .string(image.name), "digest": .object([String(digest[..<colon]): .string(String(digest[digest.index(after: colon)...]))])]
        }
        if !images.isEmpty { return images }
        let commit = change.sourceCommit ?? change.commit
        return [["name": .string("\(change.service) \(change.version)"), "digest": ["gitCommit": .string(commit)]]]
    }

    private static func predicate(of change: Change, _ repository: String, _ head: ChainHead) -> JSONValue {
        guard case .object(var members) = change.json else { return .null }
        members["repository"] = .string(repository)
        members["chain_head"] = head.json
        return .object(members)
    }
}
