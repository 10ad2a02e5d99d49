import GitKit
import GitOpsBackend
import PromotionEngine
import WorkflowModel

/// Where values are declared, as far as the rules can be read: the ledger is verified also where they cannot.
struct AuditPlaces {
    /// Today's rules, or the last that could be read; nil where none ever could.
    let rules: Rules?
    /// The branches of other repositories that hold environments.
    let elsewhere: [(name: String, target: ObjectID)]
    let warnings: [String]
    private let desired: GitDesiredState

    /// - Parameter looksElsewhere: also open the other repositories.
    init(_ session: Session, looksElsewhere: Bool = true) {
        desired = session.desired
        var warnings: [String] = []
        var found: Rules?
        do {
            let (rules, fault) = try session.readableRules()
            found = rules
            if let fault { warnings.append(fault) }
        } catch {
            warnings.append("the rules cannot be read, so only cells that something was delivered to are looked at: \(error)")
        }
        var elsewhere: [(name: String, target: ObjectID)] = []
        do {
            if looksElsewhere { elsewhere = try found.map(session.desired.branchesElsewhere) ?? [] }
        } catch {
            warnings.append("environments in other repositories are not looked at: \(error)")
        }
        (rules, self.elsewhere, self.warnings) = (found, elsewhere, warnings)
    }

    func declared() throws -> [DeclaredCell] { try rules.map(desired.declaredCells) ?? [] }

    /// The branch of a finding's cell by these rules; nil when they do not declare it.
    func home(of finding: OutsideFinding) -> String? {
        guard let stage = rules?.workflow(of: finding.service)?.stage(finding.stage) else { return nil }
        return stage.branch ?? desired.branch
    }
}
