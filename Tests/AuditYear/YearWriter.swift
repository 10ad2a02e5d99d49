import GitKit
import PromotionEngine
import WorkflowModel

/// Writes a year into a new bare repository: deploy commits on `main`, records in segments with checkpoints, as the engine
/// would have.
package final class YearWriter {
    private let repository: Repository
    private var tip: ObjectID
    private var tree: ObjectID
    private var segment = 0
    private var firstSeq = 1
    private var head: ObjectID?
    private var previousCommit: String?
    private var previousHash = Digest.none
    private var seq = 0
    private var state = LedgerState()
    private var touched: Set<String> = []
    private var atCheckpoint = LedgerState()
    private var checkpoint: ObjectID?
    private var sinceCheckpoint = 0
    private static let workflowFile = "workflows/storefront.yaml"
    /// The workflow file's ids in the order of its changes.
    private var workflowIDs: [String] = []
    private var rulesTold = 0
    private let segmentCapacity: Int

    /// Records and commits written.
    package private(set) var records = 0
    package private(set) var commits = 1

    /// - Parameter segmentCapacity: records in a segment; the engine's own number is the default.
    /// - Throws: when there is something at the path already.
    package init(at path: String, segmentCapacity: Int = 10_000) throws {
        self.segmentCapacity = segmentCapacity
        repository = try Repository.createBare(at: path)
        var changes: [TreeChange] = [
            .set(path: Self.workflowFile, id: try repository.writeBlob(Array(Self.workflow(2).utf8)), mode: .blob),
            .set(path: "workflows/groups.yaml", id: try repository.writeBlob(Array(Self.groups.utf8)), mode: .blob),
        ]
        for service in YearPlan.services {
            for stage in ["staging", "prod"] {
                let path = YearFacts.file(service).replacing("prod", with: stage)
                changes.append(.set(path: path, id: try repository.writeBlob(Array(Self.overlay(service, "1.0.0").utf8)), mode: .blob))
            }
        }
        tree = try repository.updatingTree(nil, changes)
        workflowIDs = [try repository.writeBlob(Array(Self.workflow(2).utf8)).hex]
        let start = (Instant(parsing: YearPlan.start) ?? Instant(seconds: 0)) + .seconds(-86_400)
        let signature = Self.signature("anna", start)
        tip = try repository.createCommit(tree: tree, parents: [], author: signature, committer: signature, message: "start\n")
    }

    package func write(_ plan: YearPlan) throws {
        // Records come in the order of the ledger, not of the steps: what happens between two steps of another service is
        // told in time order, as the engine would have written it.
        var queue: [(at: Instant, order: Int, step: Queued)] = []
        var facts = YearFacts(
            commit: { event, at in
                let id = try self.commit(event, at)
                return id
            },
            append: { fact, by, at in queue.append((at, queue.count, Queued(fact: fact, by: by))) })
        try facts.tell(plan)
        for item in queue.sorted(by: { ($0.at, $0.order) < ($1.at, $1.order) }) { try append(item.step.fact, item.step.by, item.at) }
        try finish()
    }

    private struct Queued {
        let fact: Fact
        let by: String
    }

    private func commit(_ event: YearEvent, _ at: Instant) throws -> String {
        let author: String
        let message: String
        switch event {
        case .commit(let service, let version, let who, let text):
            let blob = try repository.writeBlob(Array(Self.overlay(service, version).utf8))
            tree = try repository.updatingTree(tree, [.set(path: YearFacts.file(service), id: blob, mode: .blob)])
            (author, message) = (who, text)
        case .rules(let count, let who):
            let blob = try repository.writeBlob(Array(Self.workflow(count).utf8))
            workflowIDs.append(blob.hex)
            tree = try repository.updatingTree(tree, [.set(path: Self.workflowFile, id: blob, mode: .blob)])
            (author, message) = (who, count < 2 ? "one approval is enough while half of us are away\n" : "two approvals again\n")
        case .record: return tip.hex
        }
        let who = Self.signature(author, at)
        tip = try repository.createCommit(tree: tree, parents: [tip], author: who, committer: who, message: message)
        commits += 1
        return tip.hex
    }

    private func append(_ fact: Fact, _ by: String, _ at: Instant) throws {
        if segment == 0 {
            try open(at)
        } else if seq - firstSeq + 2 >= segmentCapacity {
            try write(.segmentSealed(SegmentSealed(segment: segment)), by, at, nil)
            try closeSegment()
            try open(at)
        }
        var mark: CheckpointMark?
        if sinceCheckpoint >= 256 { mark = try makeCheckpoint() }
        try write(named(fact), by, at, mark)
    }

    /// A closed review names the one that is open; changed rules name the files' ids.
    private func named(_ fact: Fact) -> Fact {
        if case .rulesChanged(let changed) = fact {
            rulesTold += 1
            return .rulesChanged(
                RulesChanged(
                    from: [Self.workflowFile: workflowIDs[rulesTold - 1]], to: [Self.workflowFile: workflowIDs[rulesTold]],
                    changes: changed.changes))
        }
        guard case .reviewClosed(let closed) = fact,
            let review = state.service(closed.service).reviews.first(where: { $0.promotion == closed.promotion })
        else { return fact }
        return .reviewClosed(
            ReviewClosed(
                review: review.id, service: closed.service, version: closed.version, stage: closed.stage, workflow: closed.workflow,
                promotion: closed.promotion, reason: closed.reason))
    }

    private func open(_ at: Instant) throws {
        let link = previousCommit.map { SegmentOpened.Link(commit: $0, hash: previousHash, seq: seq) }
        segment += 1
        firstSeq = seq + 1
        let mark = try makeCheckpoint()
        try write(.segmentOpened(SegmentOpened(segment: segment, previous: link)), "rita", at, mark)
    }

    private func closeSegment() throws {
        guard let head else { return }
        let digits = String(segment)
        let name = "refs/heads/gradus/ledger/" + String(repeating: "0", count: 6 - digits.count) + digits
        guard case .moved = try repository.moveReference(name, from: nil, to: head, logMessage: "year") else { return }
        previousCommit = head.hex
        self.head = nil
    }

    private func finish() throws {
        try closeSegment()
        _ = try repository.moveReference("refs/heads/main", from: nil, to: tip, logMessage: "year")
    }

    private func makeCheckpoint() throws -> CheckpointMark {
        var global: [String: JSONValue] = [:]
        if seq > 0, case .object(let members) = CheckpointFiles.globalFile(state) { global = members }
        var place: [String: JSONValue] = ["number": .int(segment), "first_seq": .int(firstSeq)]
        place["previous_commit"] = previousCommit.map(JSONValue.string)
        global["segment"] = .object(place)
        var files: [String: JSONValue] = [CheckpointFiles.global: .object(global)]
        for service in touched { files.merge(CheckpointFiles.files(of: service, state.service(service), since: atCheckpoint.service(service))) { $1 } }
        let changes = try files.map { path, json in
            TreeChange.set(path: path, id: try repository.writeBlob(Array(json.canonicalText.utf8)), mode: .blob)
        }
        let made = try repository.updatingTree(checkpoint, changes)
        checkpoint = made
        touched = []
        atCheckpoint = state
        sinceCheckpoint = 0
        return CheckpointMark(seq: seq, digest: made.hex)
    }

    private func write(_ fact: Fact, _ by: String, _ at: Instant, _ mark: CheckpointMark?) throws {
        guard let checkpoint else { return }
        let record = LedgerRecord(seq: seq + 1, at: at, initiator: Identity(id: by), fact: fact, checkpoint: mark, previousHash: previousHash)
        head = try repository.createCommit(
            tree: checkpoint, parents: head.map { [$0] } ?? [],
            author: Signature(name: by, email: "\(by)@gradus.invalid", seconds: Int64(at.seconds), offsetMinutes: 0),
            committer: Signature(name: "Gradus", email: "gradus@gradus.invalid", seconds: Int64(at.seconds), offsetMinutes: 0),
            message: RecordMessage(record).text)
        seq += 1
        records += 1
        sinceCheckpoint += 1
        previousHash = record.hash
        state.apply(record)
        if let service = fact.service { touched.insert(service) }
    }

    private static func signature(_ who: String, _ at: Instant) -> Signature {
        Signature(name: who, email: "\(who)@example.com", seconds: Int64(at.seconds), offsetMinutes: 0)
    }

    private static func overlay(_ service: String, _ version: String) -> String {
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        images:
          - name: registry.example/\(service)
            newTag: "\(version)"

        """
    }

    private static let groups = """
        groups:
          release-managers: [rita, tom, uma]
          release-board: [olga, pavel, quinn, sam]
        permissions:
          - {allow: [promote, rollback, hold], groups: [release-managers]}
          - {allow: [approve], groups: [release-board, release-managers]}
          - {allow: [freeze, yank, break-glass], groups: [release-board]}

        """

    private static func workflow(_ approvals: Int) -> String {
        """
        apiVersion: gradus/v1
        workflow: storefront
        services: [\(YearPlan.services.joined(separator: ", "))]
        updates:
          - {kustomization: "{environment}/{service}/kustomization.yaml", image: "registry.example/{service}"}
        stages:
          - name: staging
            next_stage: prod
          - name: prod
            entry_criteria: [{test_pass_rate: 100}, {code_coverage: 80}, {security_scan: pass}]
            approvals: {min: \(approvals), from: [release-board]}

        """
    }
}

extension String {
    fileprivate func replacing(_ text: String, with other: String) -> String {
        guard let found = firstRange(of: text) else { return self }
        return String(self[..<found.lowerBound]) + other + self[found.upperBound...]
    }
}
