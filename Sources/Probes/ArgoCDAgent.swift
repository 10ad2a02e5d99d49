internal import Expressions
public import PromotionEngine
internal import Web
internal import WorkflowModel

/// Switches automated syncs of Argo CD's Applications off and on by its REST API (`semantics.md` 1.6, 9.2).
///
/// A pause is a merge patch that takes `spec.syncPolicy.automated` away, which every version of Argo CD knows.
public final class ArgoCDAgent: AgentPort {
    private let web: WebClient
    private let allowance: ProbeAllowance

    public init(_ allowance: ProbeAllowance) {
        self.allowance = allowance
        web = WebClient(allowance.web)
    }

    public func automation(of app: String, at place: AgentPlace) throws -> String? {
        let application = try client(place).application(app)
        guard let automated = application["spec", "syncPolicy", "automated"], automated["enabled"]?.flag ?? true else { return nil }
        // The policy consists of switches; what else a newer Argo CD adds must not be lost silently.
        let switches = try automated.members.sorted { $0.key < $1.key }.map { key, value in
            guard let flag = value.flag else { throw ProbeFault("the automated policy of \(app) has '\(key)', which is not known here") }
            return "\"\(key)\":\(flag)"
        }
        return "{\(switches.joined(separator: ","))}"
    }

    public func pause(_ app: String, at place: AgentPlace) throws {
        try client(place).patch(app, #"{"spec":{"syncPolicy":{"automated":null}}}"#)
    }

    public func resume(_ app: String, policy: String, at place: AgentPlace) throws {
        let client = try client(place)
        // Who has switched it on by hand meanwhile has decided.
        if try client.application(app)["spec", "syncPolicy", "automated"] != nil { return }
        try client.patch(app, #"{"spec":{"syncPolicy":{"automated":\#(policy)}}}"#)
    }

    private func client(_ place: AgentPlace) throws -> ArgoCDClient {
        try ArgoCDClient(
            server: place.server, token: place.tokenEnvironment, appNamespace: place.appNamespace, project: place.project, web, allowance)
    }
}
