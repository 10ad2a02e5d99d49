public import PromotionEngine
internal import Web
internal import WorkflowModel

/// Asks the health sources of stages (`design.md` section 8).
///
/// 1. What cannot be asked or understood is errored: neither healthy nor ill.
/// 2. Sources are asked one after the other, each within its own time-out.
/// 3. What widens trust comes from the operator, never from the repository.
public final class HealthProbes: HealthPort {
    let web: WebClient
    let allowance: ProbeAllowance
    private let analysis: AnalysisProbe
    /// Promotions for which this process has asked for a sync.
    private var synced: Set<String> = []

    public init(_ allowance: ProbeAllowance) {
        self.allowance = allowance
        web = WebClient(allowance.web)
        analysis = AnalysisProbe(web, allowance)
    }

    public func look(at watch: HealthWatch, carries: (String) throws -> Bool) -> HealthLook {
        var look = HealthLook(findings: [])
        for source in watch.policy.sources where source.settings != .report {
            guard !watch.targets.isEmpty, source.declared.contains("{target}") else {
                look.findings.append(HealthLook.Finding(source.name, Self.recordable(finding(source, watch, carries))))
                continue
            }
            for target in watch.targets {
                var own = watch
                own.target = target
                look.findings.append(HealthLook.Finding(source.name, Self.recordable(finding(source, own, carries)), target: target))
            }
        }
        guard watch.isVerifying else { return look }
        for trigger in watch.policy.triggers {
            do {
                if let fired = try TriggerProbe(web: web, credentials: credentials(watch)).fired(trigger, watch) { look.fired.append(fired) }
            } catch {
                look.findings.append(HealthLook.Finding("rollback_triggers", Self.recordable(.errored("\(error)"))))
            }
        }
        // What acts at once goes before what goes back step by step.
        look.fired = look.fired.filter { $0.action != .gradual } + look.fired.filter { $0.action == .gradual }
        return look
    }

    /// What others say goes into the ledger for good: without secrets, and not longer than a sentence or two.
    private static func recordable(_ finding: HealthFinding) -> HealthFinding {
        func clean(_ text: String) -> String { String(Redactor.shared.redact(text).prefix(500)) }
        return switch finding {
        case .seen(let status, let why): .seen(status, clean(why))
        case .notSynced(let why): .notSynced(clean(why))
        case .errored(let why): .errored(clean(why))
        }
    }

    /// Triggers ask the server of the stage's own `prometheus` source, so they prove themselves as it does.
    private func credentials(_ watch: HealthWatch) throws -> Credentials? {
        for case .prometheus(let source) in watch.policy.sources.map(\.settings) {
            return try allowance.token(source.tokenEnvironment)
        }
        return nil
    }

    private func finding(_ source: HealthSource, _ watch: HealthWatch, _ carries: (String) throws -> Bool) -> HealthFinding {
        do {
            return switch source.settings {
            case .report: .seen(.unknown, "")
            case .argocd(let settings): try argocd(settings, watch, carries)
            case .prometheus(let settings): try analysis.finding(settings, watch)
            case .http(let settings): try HTTPProbe(web: web, allowance: allowance).finding(settings, watch)
            case .command(let settings): try CommandProbe(allowance: allowance).finding(settings, watch)
            case .kubernetes(let settings): try KubernetesProbe(web: web, allowance: allowance).finding(settings, watch)
            }
        } catch {
            return .errored("\(error)")
        }
    }

    private func argocd(
        _ source: ArgoCDSource, _ watch: HealthWatch, _ carries: (String) throws -> Bool
    ) throws -> HealthFinding {
        let key = "\(watch.subject.promotion) \(watch.commit) \(watch.filled(source.app))"
        let wasAllowed = watch.policy.sync == .argocd && watch.isVerifying && !synced.contains(key)
        var maySync = wasAllowed
        defer { if wasAllowed, !maySync { synced.insert(key) } }
        return try ArgoCDProbe(web: web, allowance: allowance).finding(source, watch, maySync: &maySync, carries: carries)
    }
}
