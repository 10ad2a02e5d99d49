import GitKit
public import PromotionEngine

/// What `audit verify` found.
public struct AuditReport: Sendable {
    public internal(set) var records = 0
    public internal(set) var segments = 0
    public internal(set) var checkpoints = 0
    public internal(set) var headHash = Digest.none
    /// The first record that does not hold, and why; nil when all hold.
    public internal(set) var fault: String?
    /// What should be looked at but proves nothing.
    public internal(set) var warnings: [String] = []

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "AuditReport", "result": fault == nil ? "intact" : "broken",
            "records": .int(records), "segments": .int(segments), "checkpoints": .int(checkpoints),
            "head_hash": .string(headHash), "fault": .optional(fault),
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }
}

/// Verifies the whole ledger from plain Git data: chain, subjects and trailers, links of segments, checkpoints re-folded.
public struct LedgerAudit {
    private let authority: any Authority
    /// Records whose time lies further than this before the previous one's are worth a look (`design.md` section 4).
    private static let clockTolerance = 300

    public init(_ authority: any Authority) { self.authority = authority }

    /// Stops at the first record that does not hold. Throws only when Git cannot be read.
    public func verify() throws -> AuditReport {
        var report = AuditReport()
        var walk = AuditWalk(repository: authority.repository)
        for (position, reference) in try authority.references(withPrefix: LedgerNames.prefix).enumerated() {
            guard reference.name == LedgerNames.segment(position + 1) else {
                report.fault = LedgerFault.unlinked(reference.name, "segment \(position + 1) is \(LedgerNames.segment(position + 1))")
                return report
            }
            report.segments += 1
            for commit in try SegmentCommits(authority.repository, reference.target).oldestFirst {
                let last = walk.last
                do {
                    try walk.check(commit, segment: position + 1)
                } catch let fault as AuditFault {
                    let seq = (last?.seq ?? 0) + 1
                    report.fault = "record \(seq) (commit \(commit.id) of \(reference.name)): \(fault.reason)"
                    return report
                }
                if let last, let now = walk.last, last.at.seconds - now.at.seconds > Self.clockTolerance {
                    report.warnings.append("record \(now.seq) is of \(now.at), record \(last.seq) before it of \(last.at)")
                }
                report.records += 1
                report.checkpoints = walk.checkpoints
                report.headHash = walk.last?.hash ?? report.headHash
            }
        }
        return report
    }
}

/// Why one record does not hold.
private struct AuditFault: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// The state of a verification between two records.
private struct AuditWalk {
    let repository: Repository
    var last: LedgerRecord?
    var checkpoints = 0
    private var lastCommit: Commit?
    private var lastSegment = 0
    private var state = LedgerState()
    private var touched: Set<String> = []

    init(repository: Repository) { self.repository = repository }

    mutating func check(_ commit: Commit, segment: Int) throws {
        let record = try read(commit, segment)
        do throws(RecordFault) {
            try RecordMessage.checkWording(of: record, in: commit.message)
        } catch {
            throw AuditFault(error.description)
        }
        guard record.seq == (last?.seq ?? 0) + 1 else {
            throw AuditFault("it has number \(record.seq)")
        }
        if let mark = record.checkpoint {
            try check(mark, commit)
            checkpoints += 1
            touched = []
        } else if commit.tree != lastCommit?.tree {
            throw AuditFault("its tree differs from the checkpoint before it")
        }
        try checkDeployCommit(record)
        state.apply(record)
        if let service = record.fact.service { touched.insert(service) }
        last = record
        lastCommit = commit
        lastSegment = segment
    }

    private func read(_ commit: Commit, _ segment: Int) throws -> LedgerRecord {
        do {
            guard segment != lastSegment else {
                guard commit.parents == lastCommit.map({ [$0.id] }), let last else {
                    throw AuditFault("its parent is not the record before it")
                }
                return try RecordMessage.record(in: commit.message, previousHash: last.hash)
            }
            guard commit.parents.isEmpty else { throw AuditFault("the segment's first record has a parent") }
            let record = try RecordMessage.openingRecord(in: commit.message)
            guard case .segmentOpened(let opened) = record.fact, opened.segment == segment else {
                throw AuditFault("the segment does not begin with its opening")
            }
            guard record.checkpoint != nil else { throw AuditFault("a segment's first record carries no checkpoint") }
            guard opened.previous?.commit == lastCommit?.id.hex, opened.previous?.hash == last?.hash,
                opened.previous?.seq == last?.seq
            else { throw AuditFault("it does not link to the end of segment \(segment - 1)") }
            if let last, case .segmentSealed = last.fact {} else if last != nil {
                throw AuditFault("segment \(segment - 1) is not sealed")
            }
            return record
        } catch let fault as RecordFault {
            throw AuditFault(fault.description)
        }
    }

    /// Folds again what the checkpoint claims and compares file by file.
    private func check(_ mark: CheckpointMark, _ commit: Commit) throws {
        guard mark.digest == commit.tree.hex else { throw AuditFault("its checkpoint is \(commit.tree), not \(mark.digest)") }
        guard mark.seq == last?.seq ?? 0 else { throw AuditFault("its checkpoint is of record \(mark.seq)") }
        guard mark.schema == CheckpointMark.currentSchema else { return }
        let reader = CheckpointReader(repository: repository, tree: commit.tree)
        var expected: [String: JSONValue] = [:]
        for service in touched { expected.merge(CheckpointFiles.files(of: service, state.service(service))) { $1 } }
        let changed = try repository.changes(fromTree: lastCommit?.tree, toTree: commit.tree).map(\.path)
        for path in changed where path != CheckpointFiles.global && expected[path] == nil {
            throw AuditFault("its checkpoint changes \(path), of which no record since the last one speaks")
        }
        for (path, content) in expected.sorted(by: { $0.key < $1.key }) {
            guard try reader.json(path) == content else {
                throw AuditFault("its checkpoint's \(path) is not what the records say")
            }
        }
    }

    private func checkDeployCommit(_ record: LedgerRecord) throws {
        guard case .delivered(let delivered) = record.fact else { return }
        guard let id = ObjectID(hex: delivered.commit) else { throw AuditFault("'\(delivered.commit)' is no commit id") }
        guard repository.contains(id) else { throw AuditFault("its deploy commit \(id) does not exist") }
    }
}
