import GitKit
import Glibc
public import PromotionEngine
import WorkflowModel

/// One thing that was looked at.
public struct Finding: Sendable {
    public enum State: String, Sendable {
        case ok, warning, problem
        /// Cannot be told without changing something.
        case unknown
    }

    public let check: String
    public let state: State
    public let detail: String
    /// The command that mends it.
    public let mend: String?

    init(_ check: String, _ state: State, _ detail: String, mend: String? = nil) {
        self.check = check
        self.state = state
        self.detail = detail
        self.mend = mend
    }

    public var json: JSONValue {
        [
            "check": .string(check), "state": .string(state.rawValue), "detail": .string(detail),
            "mend": .optional(mend),
        ]
    }
}

/// Looks for what stops promotions, or will; changes nothing.
public struct Doctor {
    private let location: RepositoryLocation
    private let now: Instant
    /// Clocks further apart than this are worth a word (`design.md` section 4).
    private static let clockTolerance = 300

    public init(_ location: RepositoryLocation, now: Instant) {
        self.location = location
        self.now = now
    }

    /// What to say of a repository that cannot even be opened, or a server that cannot be asked.
    public static func unusable(_ error: PromotionError) -> [Finding] {
        [Finding("repository", .problem, ([error.message] + error.causes).joined(separator: ": "), mend: error.hint)]
    }

    public func examine() -> [Finding] {
        let (rules, known) = rules()
        var findings = [rules] + access() + locks()
        let (snapshot, ledger) = ledger()
        findings.append(ledger)
        let (chain, audit) = chain()
        findings.append(chain)
        if let snapshot {
            findings.append(clock(audit))
            findings += promotions(snapshot.state, known)
        }
        return findings
    }

    private func rules() -> (Finding, Rules?) {
        let desired = GitDesiredState(location, warn: { _ in })
        do {
            let rules = try desired.rules(of: nil)
            return (Finding("rules", .ok, "\(rules.workflows.count) workflows on \(desired.branch)"), rules)
        } catch {
            return (Finding("rules", .problem, "\(error)", mend: "gradus validate"), nil)
        }
    }

    private func access() -> [Finding] {
        guard let mirror = location.authority as? MirrorAuthority else { return [writing()] }
        // Whoever is here has been told the branches, so the credentials for reading are good.
        let reading = Finding("credentials", .ok, "\(mirror.name) lets this user read")
        do throws(GitError) {
            try mirror.requirePushAccess()
            return [reading, Finding("push rights", .ok, "\(mirror.name) takes pushes; its hooks and branch rules tell only at one")]
        } catch {
            return [
                reading,
                Finding(
                    "push rights", .problem, error.description,
                    mend: error.code == .auth
                        ? "git push --dry-run \(mirror.name) HEAD:refs/heads/gradus-push-test  (with credentials that may push)"
                        : "ask who runs the server to let this user push: git push --dry-run \(mirror.name) HEAD:refs/heads/gradus-push-test"),
            ]
        }
    }

    /// What forbids writing is known for a repository on this machine.
    private func writing() -> Finding {
        guard let direct = location.authority as? DirectAuthority else {
            return Finding("push rights", .unknown, "\(location.authority.name) tells only at a push")
        }
        let folder = direct.repository.commonDirectory
        for place in [folder + "objects", folder + "refs"] where Glibc.access(place, W_OK) != 0 {
            return Finding(
                "push rights", .problem, "\(place): \(String(cString: strerror(errno)))", mend: "chmod -R u+w \(folder)")
        }
        do throws(GitError) {
            if direct.role == .remote {
                try ReceiveRules.check(direct.repository, name: direct.name, reference: location.branch)
            }
            return Finding("push rights", .ok, "\(direct.name) can be written")
        } catch {
            return Finding("push rights", .problem, error.description, mend: "git remote set-url origin URL")
        }
    }

    private func locks() -> [Finding] {
        guard let direct = location.authority as? DirectAuthority else { return [] }
        let folder = direct.repository.commonDirectory
        var names = ["packed-refs", location.branch]
        do throws(GitError) {
            names += try direct.references(withPrefix: LedgerNames.prefix).map(\.name)
        } catch {
            return [Finding("locks", .problem, error.description)]
        }
        if direct.role == .embedded { names.append("index") }
        let left = names.map { folder + $0 + ".lock" }.filter { Glibc.access($0, F_OK) == 0 }
        if left.isEmpty { return [Finding("locks", .ok, "none is left over")] }
        return left.map {
            Finding(
                "locks", .warning, "\($0) exists: a running git or gradus holds it, or a killed one left it",
                mend: "rm \($0)  (only when no git and no gradus runs there)")
        }
    }

    private func ledger() -> (LedgerSnapshot?, Finding) {
        do {
            let snapshot = try SegmentLedger(location).load(LedgerScope())
            guard snapshot.state.unknownTypes.isEmpty else {
                return (snapshot, Finding("ledger", .problem, "it holds records of a newer gradus", mend: "upgrade gradus"))
            }
            return (snapshot, Finding("ledger", .ok, "\(snapshot.seq) records, its end holds together"))
        } catch let error as PromotionError {
            return (nil, Finding("ledger", .problem, error.description, mend: error.hint ?? "gradus audit verify"))
        } catch {
            return (nil, Finding("ledger", .problem, "\(error)", mend: "git fsck"))
        }
    }

    private func chain() -> (Finding, AuditReport?) {
        do {
            let report = try LedgerAudit(location.authority).verify()
            if let fault = report.fault {
                return (
                    Finding(
                        "chain", .problem, fault,
                        mend: "gradus audit verify, and bring the ledger's branches back from another clone or a backup"), report
                )
            }
            return (Finding("chain", .ok, "\(report.records) records in \(report.segments) segments verify"), report)
        } catch {
            return (Finding("chain", .problem, "\(error)", mend: "git fsck"), nil)
        }
    }

    private func clock(_ audit: AuditReport?) -> Finding {
        var newest: Instant?
        do {
            newest = try SegmentReader(authority: location.authority).end(after: nil)?.tail.last?.at
        } catch {
            return Finding("clock", .unknown, "\(error)", mend: "gradus audit verify")
        }
        if let newest, newest.seconds - now.seconds > Self.clockTolerance {
            return Finding(
                "clock", .warning, "the newest record is of \(newest), this machine says \(now)", mend: "timedatectl set-ntp true")
        }
        if let last = audit?.clockWarnings.last {
            return Finding("clock", .warning, "clocks disagreed: \(last)", mend: "timedatectl set-ntp true  (where that record was written)")
        }
        return Finding("clock", .ok, "this machine says \(now)")
    }

    private func promotions(_ state: LedgerState, _ rules: Rules?) -> [Finding] {
        let open = state.services.values.flatMap(\.open).sorted { $0.id < $1.id }
        let findings = open.compactMap { promotion -> Finding? in
            if let rules, rules.workflow(of: promotion.service)?.stage(promotion.stage) == nil {
                return Finding(
                    "promotions", .warning,
                    "\(promotion.id) is orphaned: no workflow declares \(promotion.service) with a stage \(promotion.stage) any more",
                    mend: "declare it again, then: gradus abort \(promotion.id)")
            }
            switch promotion.phase {
            case .admitted: return stuck(promotion)
            case .pending where promotion.withdrawnBase != nil:
                return Finding(
                    "promotions", .warning, "\(promotion.id) lapsed and waits to be decided again",
                    mend: "gradus retry \(promotion.id)")
            default: return nil
            }
        }
        return findings.isEmpty ? [Finding("promotions", .ok, "\(open.count) open, none is stuck")] : findings
    }

    private func stuck(_ promotion: Promotion) -> Finding? {
        guard let since = promotion.admission?.at else { return nil }
        let isLapsed = now - since > Conductor.admissionLapse
        return Finding(
            "promotions", .warning,
            "\(promotion.id) is admitted since \(since) and not delivered" + (isLapsed ? ": it has lapsed" : ""),
            mend: "gradus reconcile --service \(promotion.service) --stage \(promotion.stage)")
    }
}
