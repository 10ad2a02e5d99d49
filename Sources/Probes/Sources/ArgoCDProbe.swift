internal import Expressions
internal import PromotionEngine
internal import Web
internal import WorkflowModel

/// An `argocd` source: the health of an Application, once Argo CD has compared it to the delivered state.
struct ArgoCDProbe {
    let web: WebClient
    let allowance: ProbeAllowance

    /// - Parameter maySync: a sync has not been asked for yet, and the stage wants one; told back as false once it was.
    func finding(
        _ source: ArgoCDSource, _ watch: HealthWatch, maySync: inout Bool, carries: (String) throws -> Bool
    ) throws -> HealthFinding {
        let client = try ArgoCDClient(source, watch, web, allowance)
        let name = watch.filled(source.app)
        let application = try client.application(name)
        let finding = try Self.finding(application, watch, carries: carries)
        guard maySync, case .notSynced(let why) = finding else { return finding }
        let phase = application["status", "operationState", "phase"]?.text
        if phase != "Running", phase != "Terminating" { try client.sync(name) }
        maySync = false
        return .notSynced("\(why); a sync was asked for")
    }

    /// What an Application says of this promotion (`design.md` section 8, `semantics.md` 1.1, 1.6, 7.1).
    ///
    /// It counts when one of its revisions is the deploy commit or a later one that still carries the values, or when it syncs
    /// from elsewhere and its live sources carry the version; and only while it is Synced to what was compared.
    static func finding(
        _ application: Value, _ watch: HealthWatch, carries: (String) throws -> Bool
    ) throws -> HealthFinding {
        let operation = application["status", "operationState"]
        let phase = operation?["phase"]?.text ?? ""
        let why = operation?["message"]?.text.map { ": \($0)" } ?? ""
        let revisions = Self.revisions(application)
        var isOurs = false
        for revision in revisions where try carries(revision) { isOurs = true }
        if !isOurs { isOurs = carriesVersion(application, watch.subject.version) }
        guard isOurs else {
            if phase == "Failed" || phase == "Error" { return .notSynced("the sync \(phase)\(why)") }
            let seen = revisions.first.map { "at \($0.prefix(10))" } ?? "at no revision"
            return .notSynced("the application is \(seen)")
        }
        if phase == "Running" || phase == "Terminating" { return .seen(.progressing, "a sync is \(phase)\(why)") }
        switch application["status", "sync", "status"]?.text ?? "Unknown" {
        case "Synced": break
        case "OutOfSync": return .notSynced("OutOfSync" + (phase == "Failed" || phase == "Error" ? ", the sync \(phase)\(why)" : ""))
        default: return .errored("the sync status is Unknown\(condition(application))")
        }
        let text = application["status", "health", "status"]?.text ?? "Unknown"
        guard let status = HealthStatus(rawValue: text) else { return .errored("'\(text)' is no health status") }
        return .seen(status, application["status", "health", "message"]?.text ?? "")
    }

    /// Of one source, or of each of several.
    static func revisions(_ application: Value) -> [String] {
        let several = application["status", "sync", "revisions"]?.items.compactMap(\.text) ?? []
        let one = application["status", "sync", "revision"]?.text
        return several.isEmpty ? [one].compactMap(\.self).filter { !$0.isEmpty } : several
    }

    /// The live source, with which the sync status was compared, names the version: in a parameter, an image or its revision.
    private static func carriesVersion(_ application: Value, _ version: String) -> Bool {
        let compared = application["status", "sync", "comparedTo"]
        let live = compared?["sources"]?.items ?? [compared?["source"]].compactMap(\.self)
        let spec = application["spec", "sources"]?.items ?? [application["spec", "source"]].compactMap(\.self)
        // Compared to something else than what the Application says now: the status is of the past.
        guard !live.isEmpty, live == spec else { return false }
        return live.contains { source in
            let parameters = source["helm", "parameters"]?.items.compactMap { $0["value"]?.text } ?? []
            let images = source["kustomize", "images"]?.items.compactMap(\.text) ?? []
            let revision = source["targetRevision"]?.text ?? ""
            return parameters.contains(version) || revision == version || revision == "v\(version)"
                || images.contains { $0.hasSuffix(":\(version)") }
        }
    }

    private static func condition(_ application: Value) -> String {
        let messages = application["status", "conditions"]?.items.compactMap { $0["message"]?.text } ?? []
        return messages.first.map { ": \($0)" } ?? ""
    }
}
