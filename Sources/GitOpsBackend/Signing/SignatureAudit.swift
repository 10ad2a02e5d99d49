public import GitKit
public import PromotionEngine

/// What the signatures of a ledger and its deploy commits say, checked against a file of keys.
public struct SignatureReport: Sendable {
    public internal(set) var records = 0
    public internal(set) var deployCommits = 0
    /// How many commits each principal signed.
    public internal(set) var signers: [String: Int] = [:]
    /// The first commit that is not signed as it should be; nil when all are.
    public internal(set) var fault: String?

    public var json: JSONValue {
        [
            "records": .int(records), "deploy_commits": .int(deployCommits),
            "signers": .object(signers.mapValues(JSONValue.int)), "fault": .optional(fault),
        ]
    }
}

/// Verifies the signature of every record's commit and of every deploy commit that a record names. Works offline.
public struct SignatureAudit {
    private let authority: any Authority
    private let keyring: SignatureKeyring
    private let firstSeq: Int

    /// - Parameter firstSeq: records before this one may be unsigned: signing was switched on with it.
    public init(_ authority: any Authority, keyring: SignatureKeyring, from firstSeq: Int = 1) {
        self.authority = authority
        self.keyring = keyring
        self.firstSeq = firstSeq
    }

    /// Stops at the first commit that is unsigned or badly signed. Throws only when something cannot be read or run.
    public func verify() throws -> SignatureReport {
        var report = SignatureReport()
        let repository = authority.repository
        for reference in try authority.references(withPrefix: LedgerNames.prefix) {
            for commit in try SegmentCommits(repository, reference.target).oldestFirst {
                guard let seq = RecordMessage.claimedSeq(in: commit.message), seq >= firstSeq else { continue }
                report.records += 1
                report.fault = try fault(commit, "record \(seq)", repository, &report)
                if report.fault != nil { return report }
                guard let deployed = try deployCommit(of: commit) else { continue }
                report.deployCommits += 1
                guard repository.contains(deployed) else {
                    report.fault = "the deploy commit \(deployed) of record \(seq) does not exist"
                    return report
                }
                report.fault = try fault(
                    try repository.commit(deployed), "the deploy commit of record \(seq)", repository, &report)
                if report.fault != nil { return report }
            }
        }
        return report
    }

    private func fault(
        _ commit: Commit, _ what: String, _ repository: Repository, _ report: inout SignatureReport
    ) throws -> String? {
        guard let signature = try repository.signature(ofCommit: commit.id) else {
            return "\(what) (commit \(commit.id)) is not signed"
        }
        switch try keyring.verdict(on: signature, at: commit.committer.seconds) {
        case .good(let principals, _):
            report.signers[principals.first ?? "?", default: 0] += 1
            return nil
        case .unknownKey(let key): return "\(what) (commit \(commit.id)) is signed by a key that the signers do not list: \(key)"
        case .bad(let reason): return "the signature of \(what) (commit \(commit.id)) does not hold: \(reason)"
        }
    }

    /// The commit that a `delivered` record names and that Gradus made: one that only brought the values is somebody else's.
    private func deployCommit(of commit: Commit) throws -> ObjectID? {
        guard let body = RecordMessage.document(in: commit.message), body["type"]?.stringValue == "delivered",
            body["unchanged"] == nil, let hex = body["commit"]?.stringValue
        else { return nil }
        return ObjectID(hex: hex)
    }
}

extension AuditReport {
    /// The report with what the signatures say, where they were asked about.
    public func document(_ signatures: SignatureReport?) -> JSONValue {
        guard let signatures, case .object(var members) = json else { return json }
        members["signatures"] = signatures.json
        if signatures.fault != nil { members["result"] = "broken" }
        return .object(members)
    }
}
