public import GitKit
public import PromotionEngine

/// What `audit verify` found.
public struct AuditReport: Sendable {
    public internal(set) var records = 0
    public internal(set) var segments = 0
    public internal(set) var checkpoints = 0
    public internal(set) var headHash = Digest.none
    /// The newest record; nil for an empty ledger.
    public internal(set) var head: ChainHead?
    /// Deploy commits whose values were compared with their records.
    public internal(set) var deployCommits = 0
    /// Commits of branches that were looked at, from the first promotion on, and those of them that touch declared values.
    public internal(set) var branchCommits = 0
    public internal(set) var touchingCommits = 0
    /// Changes of declared values that no promotion brought, on record or not.
    public internal(set) var outside: [OutsideFinding] = []
    /// The first record that does not hold, and why; nil when all hold.
    public internal(set) var fault: String?
    /// What should be looked at but proves nothing.
    public internal(set) var warnings: [String] = []
    /// Those of the warnings that are about times that go back.
    public internal(set) var clockWarnings: [String] = []

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "AuditReport", "result": fault == nil ? "intact" : "broken",
            "records": .int(records), "segments": .int(segments), "checkpoints": .int(checkpoints),
            "head_hash": .string(headHash), "chain_head": head?.json ?? .null, "fault": .optional(fault),
            "deploy_commits": .int(deployCommits), "branch_commits": .int(branchCommits),
            "touching_commits": .int(touchingCommits), "external": .array(outside.map(\.json)),
            "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }
}

/// Verifies the whole ledger from plain Git data: chain, subjects and trailers, links of segments, checkpoints re-folded.
public struct LedgerAudit {
    private let authority: any Authority
    /// Records whose time lies further than this before the previous one's are worth a look (`design.md` section 4).
    private static let clockTolerance = 300

    /// Told how far a look is, in a few words.
    private let progress: (String) -> Void

    public init(_ authority: any Authority, progress: @escaping (String) -> Void = { _ in }) {
        self.authority = authority
        self.progress = progress
    }

    /// Stops at the first record that does not hold. Throws only when Git cannot be read.
    ///
    /// - Parameters:
    ///   - saved: where the chain ended when somebody looked before: the ledger must still contain that record.
    ///   - branch: the target branch, as `refs/heads/main`; nil: branches are not looked at.
    ///   - elsewhere: branches of other repositories that hold environments, whose objects can be read.
    public func verify(
        since saved: ChainHead? = nil, branch: String? = nil, elsewhere: [(name: String, target: ObjectID)] = []
    ) throws -> AuditReport {
        var report = AuditReport()
        var walk = AuditWalk(repository: authority.repository)
        try verifyRecords(&walk, &report, saved)
        report.warnings += walk.deploys.warnings
        report.deployCommits = walk.deploys.checked
        if report.fault == nil, let (seq, reason) = walk.identityFault { report.fault = "record \(seq): \(reason)" }
        guard report.fault == nil else { return report }
        if let saved, saved.seq > report.records {
            report.fault = "record \(report.records + 1): the ledger ends before it, but the saved checkpoint names record \(saved.seq): its end was cut off"
            return report
        }
        if let branch { try lookAtBranches(target: branch, elsewhere, walk.expectations, &report) }
        return report
    }

    private func verifyRecords(_ walk: inout AuditWalk, _ report: inout AuditReport, _ saved: ChainHead?) throws {
        for (position, reference) in try authority.references(withPrefix: LedgerNames.prefix).enumerated() {
            guard reference.name == LedgerNames.segment(position + 1) else {
                report.fault = LedgerFault.unlinked(reference.name, "segment \(position + 1) is \(LedgerNames.segment(position + 1))")
                return
            }
            report.segments += 1
            for commit in try SegmentCommits(authority.repository, reference.target).oldestFirst {
                let last = walk.last
                do {
                    try walk.check(commit, segment: position + 1)
                    try Self.compare(walk.last, commit, with: saved)
                } catch let fault as AuditFault {
                    let seq = (last?.seq ?? 0) + 1
                    report.fault = "record \(seq) (commit \(commit.id) of \(reference.name)): \(fault.reason)"
                    return
                }
                if let last, let now = walk.last, last.at.seconds - now.at.seconds > Self.clockTolerance {
                    report.clockWarnings.append("record \(now.seq) is of \(now.at), record \(last.seq) before it of \(last.at)")
                    report.warnings += report.clockWarnings.suffix(1)
                }
                report.records += 1
                if report.records % 100 == 0 { progress("\(report.records) records") }
                report.checkpoints = walk.checkpoints
                report.headHash = walk.last?.hash ?? report.headHash
                report.head = walk.last.map { ChainHead(seq: $0.seq, hash: $0.hash, commit: commit.id.hex) }
            }
        }
    }

    /// A chain that was written anew holds together; only what was kept elsewhere tells.
    private static func compare(_ record: LedgerRecord?, _ commit: Commit, with saved: ChainHead?) throws(AuditFault) {
        guard let saved, let record, record.seq == saved.seq else { return }
        guard record.hash == saved.hash else {
            throw AuditFault("its hash is \(record.hash), but the saved checkpoint names \(saved.hash): it, or a record before it, was written anew")
        }
        guard saved.commit.isEmpty || saved.commit == commit.id.hex else {
            throw AuditFault("the saved checkpoint names its commit \(saved.commit): the branch was written anew")
        }
    }

    private func lookAtBranches(
        target: String, _ elsewhere: [(name: String, target: ObjectID)], _ expectations: BranchExpectations, _ report: inout AuditReport
    ) throws {
        let prefix = "refs/heads/"
        let own = ["refs/heads/gradus/", "refs/heads/gradus-promote/"]
        let all = try authority.references(withPrefix: prefix).filter { reference in !own.contains { reference.name.hasPrefix($0) } }
        let branches = all.filter { $0.name == target } + all.filter { $0.name != target }
        var audit = BranchAudit(authority.repository, expectations, progress: progress)
        try audit.walk(branches.map { (String($0.name.dropFirst(prefix.count)), $0.target) } + elsewhere)
        report.warnings += audit.warnings
        report.outside = audit.findings
        report.branchCommits = audit.commits
        report.touchingCommits = audit.touching
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
    /// The state at the last checkpoint, which was compared with its files.
    private var compared = LedgerState()
    private(set) var deploys: DeployAudit
    private(set) var expectations = BranchExpectations()
    /// The first commit that names another author or time than its record. It is told when nothing worse is found: the
    /// chain covers the record, not its commit.
    private(set) var identityFault: (seq: Int, reason: String)?
    /// What the present segment's checkpoints say of it.
    private var mark: SegmentMark?

    init(repository: Repository) {
        self.repository = repository
        deploys = DeployAudit(repository)
    }

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
        identityFault = try identityFault ?? self.identityFault(commit, record)
        if case .segmentOpened(let opened) = record.fact {
            mark = SegmentMark(segment: opened.segment, firstSeq: record.seq, previousCommit: opened.previous?.commit)
        }
        if let mark = record.checkpoint {
            try check(mark, commit)
            checkpoints += 1
            touched = []
            compared = state
        } else if commit.tree != lastCommit?.tree {
            throw AuditFault("its tree differs from the checkpoint before it")
        }
        do {
            try RecordConduct.check(record, after: state)
            if case .delivered(let delivered) = record.fact { try deploys.check(delivered, in: record) }
            if case .stepDelivered(let step) = record.fact {
                try deploys.check(PromotionDelivered(subject: step.subject, commit: step.commit, edits: step.edits), in: record)
            }
        } catch let fault as RecordFault {
            throw AuditFault(fault.description)
        }
        expectations.note(record)
        state.apply(record)
        if let service = record.service { touched.insert(service) }
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
        let expected = expectedFiles()
        let changed = try repository.changes(fromTree: lastCommit?.tree, toTree: commit.tree).map(\.path)
        for path in changed where expected[path] == nil {
            throw AuditFault("its checkpoint changes \(path), of which no record since the last one speaks")
        }
        for (path, content) in expected.sorted(by: { $0.key < $1.key }) {
            guard CheckpointFiles.agrees(try reader.json(path), with: content) else {
                throw AuditFault("its checkpoint's \(path) is not what the records say")
            }
        }
    }

    /// The files of all that changed since the last checkpoint. Releases that did not are compared as values, so that a long
    /// history is not written out at every checkpoint.
    private func expectedFiles() -> [String: JSONValue] {
        var expected: [String: JSONValue] = [:]
        for service in touched {
            expected.merge(CheckpointFiles.files(of: service, state.service(service), since: compared.service(service))) { $1 }
        }
        // Before the first record there is no state to write.
        var global: [String: JSONValue] = [:]
        if last != nil, case .object(let members) = CheckpointFiles.globalFile(state) { global = members }
        global["segment"] = mark?.json
        expected[CheckpointFiles.global] = .object(global)
        return expected
    }

    /// Author, committer and times are functions of the record too, except for the author's mail address.
    private func identityFault(_ commit: Commit, _ record: LedgerRecord) throws -> (seq: Int, reason: String)? {
        if case .unknown = record.fact { return nil }
        let author = try Committer.signature(of: record.initiator, at: record.at).asStored()
        if commit.author.name != author.name || commit.author.seconds != author.seconds {
            return (record.seq, "its commit's author is \(commit.author.name) at \(Instant(seconds: Int(commit.author.seconds))), not \(author.name) at \(record.at) as the record says")
        }
        guard commit.committer == Committer.gradus(at: record.at) else {
            return (record.seq, "its commit's committer is not Gradus at the record's time")
        }
        return nil
    }
}
