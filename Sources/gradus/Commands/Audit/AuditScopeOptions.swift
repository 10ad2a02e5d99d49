import ArgumentParser
import Auditing
import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// What an audit command is about.
struct AuditScopeOptions: ParsableArguments {
    @Option(help: "Only this stage; default of report and sample: the stages of class production")
    var stage: [String] = []

    @Option(help: "Only this service")
    var service: String?

    @Option(help: ArgumentHelp("From this time on", valueName: "time"))
    var since: TimeArgument?

    @Option(help: ArgumentHelp("Before this time; a date means its first second", valueName: "time"))
    var until: TimeArgument?

    /// As given.
    var scope: AuditScope {
        AuditScope(stages: Set(stage), service: service, since: since?.instant, until: until?.instant)
    }

    /// As given; without stages those of class production, or the last ones where no class says so.
    ///
    /// Throws a usage error for a stage or service that neither the rules nor any change names.
    func productionScope(_ rules: Rules, _ fold: ChangeFold) throws -> AuditScope {
        let stages = rules.workflows.flatMap(\.stages)
        let known = Set(stages.map(\.name)).union(fold.changes.map(\.stage))
        for name in stage where !known.contains(name) {
            throw PromotionError(.usage, "no workflow has a stage '\(name)'", hint: "stages: \(known.sorted().joined(separator: ", "))")
        }
        let services = Set(rules.serviceNames).union(fold.changes.map(\.service))
        if let service, !services.contains(service) {
            throw PromotionError(.usage, "no workflow declares the service '\(service)'", hint: "services: \(services.sorted().prefix(12).joined(separator: ", "))")
        }
        try Self.checkPeriod(since, until)
        var scope = scope
        if stage.isEmpty { scope.stages = Set(stages.filter { $0.stageClass == .production }.map(\.name)) }
        return scope
    }
}

extension AuditScopeOptions {
    /// Throws a usage error for a period that ends before it begins.
    static func checkPeriod(_ since: TimeArgument?, _ until: TimeArgument?) throws {
        guard let since, let until, until.instant <= since.instant else { return }
        throw PromotionError(.usage, "--until \(until.instant) is not after --since \(since.instant)", hint: "give the first moment that no longer counts")
    }

    /// Throws a usage error for a stage or service that neither a record nor the rules name: an empty list would look like a clean one.
    func checkNames(_ selection: RecordSelection, _ session: Session) throws {
        let strangers = stage.filter { !selection.stages.contains($0) }
        let isStranger = service.map { !selection.services.contains($0) } ?? false
        guard !strangers.isEmpty || isStranger else { return }
        let rules = try session.desired.rules(of: nil)
        let stages = selection.stages.union(rules.workflows.flatMap { $0.stages.map(\.name) })
        if let name = strangers.first(where: { !stages.contains($0) }) {
            throw PromotionError(.usage, "no workflow and no record has a stage '\(name)'", hint: "stages: \(stages.sorted().joined(separator: ", "))")
        }
        let services = selection.services.union(rules.serviceNames)
        if let service, !services.contains(service) {
            throw PromotionError(
                .usage, "no workflow and no record has a service '\(service)'", hint: "services: \(services.sorted().prefix(12).joined(separator: ", "))")
        }
    }
}

/// Everything that audit commands read: the verified ledger folded into changes, and what branches show beside it.
struct AuditReading {
    let report: AuditReport
    let fold: ChangeFold
    let rules: Rules
    /// What the people of the report are called.
    let pseudonyms: Pseudonyms

    /// - Parameter isBranchRead: also walk the branches, for changes that nobody recorded.
    init(_ session: Session, isBranchRead: Bool = true) throws {
        let progress = Progress("Reading the ledger", isQuiet: session.settings.quiet)
        defer { progress.end() }
        report = try LedgerAudit(session.location.authority, progress: { progress.show($0) }).verify(branch: isBranchRead ? session.location.branch : nil)
        rules = try session.desired.rules(of: nil)
        var fold = ChangeFold()
        let pseudonyms = report.fault == nil ? try session.conductor.pseudonyms() : Pseudonyms()
        if report.fault == nil {
            let signatures = RecordSignatures(session.location.authority.repository, people: rules.people)
            let count = report.records
            try LedgerHistory(session.location.authority).forEachCommit { record, commit in
                var isAuthenticated = false
                if case .approvalGiven(let decision) = record.fact { isAuthenticated = try decision.via != nil || signatures.isSigned(commit, by: record.initiator.id) }
                if record.seq % 100 == 0 { progress.show("\(record.seq) of \(count) records") }
                fold.apply(try pseudonyms.shown(record), isAuthenticated: isAuthenticated)
            }
            fold.add(unrecorded: report.outside.map { $0.shown(by: pseudonyms) })
        }
        self.fold = fold
        self.pseudonyms = pseudonyms
    }

    /// Throws when the ledger does not hold together: what would be told of it would be worth nothing.
    func requireIntact() throws {
        guard let fault = report.fault else { return }
        throw PromotionError(
            .error, "the ledger does not hold together", causes: [fault],
            hint: "`gradus audit verify` tells more; restore the branch from a backup or a clone that still verifies")
    }

    /// The class of every stage, by name.
    var classes: [String: String] {
        Dictionary(rules.workflows.flatMap(\.stages).map { ($0.name, $0.stageClass.rawValue) }, uniquingKeysWith: { first, _ in first })
    }

    var verification: ReportInput.Verification {
        ReportInput.Verification(
            fault: report.fault, records: report.records, segments: report.segments, deployCommits: report.deployCommits,
            branchCommits: report.branchCommits, touchingCommits: report.touchingCommits, head: report.head, warnings: report.warnings)
    }
}

/// Where a page or a file goes: stdout, or a file that is replaced whole.
enum AuditOutput {
    static func write(_ text: String, to path: String?, _ console: Console) throws {
        guard let path else { return Console.write(text, to: 1) }
        try LocalFile.write(path, Array(text.utf8))
        console.status("Wrote \(path) (\(text.utf8.count) bytes, sha256 \(Digest.sha256(text)))")
    }
}
