internal import Expressions
public import PromotionEngine

/// The health of one Kubernetes object and why.
public struct ResourceHealth: Sendable, Hashable {
    public var status: HealthStatus
    /// A clause without a full stop; empty when there is nothing to add.
    public var message: String

    public init(_ status: HealthStatus, _ message: String = "") {
        self.status = status
        self.message = message
    }
}

/// An object as `kubectl get -o json` prints it, read by the health rules of Argo CD (`semantics.md` 7.2).
struct ResourceObject {
    let value: Value

    init(_ value: Value) { self.value = value }

    var kind: String { value["kind"]?.text ?? "" }
    var apiVersion: String { value["apiVersion"]?.text ?? "" }
    /// Empty for the core group.
    var group: String { apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : "" }
    var version: String { apiVersion.split(separator: "/").last.map(String.init) ?? "" }
    var name: String { value["metadata", "name"]?.text ?? "" }
    var namespace: String { value["metadata", "namespace"]?.text ?? "" }
    var generation: Int { value["metadata", "generation"]?.whole ?? 0 }
    var observedGeneration: Int { value["status", "observedGeneration"]?.whole ?? 0 }
    var conditions: [Value] { value["status", "conditions"]?.items ?? [] }

    func annotation(_ name: String) -> String? { value["metadata", "annotations", name]?.text }

    func condition(_ type: String) -> Value? { conditions.first { $0["type"]?.text == type } }

    func number(_ keys: String...) -> Int? {
        var current: Value? = value
        for key in keys { current = current?[key] }
        return current?.whole
    }

    /// A spec that the controller has not seen yet says nothing by its status.
    var isUnobserved: Bool { generation > observedGeneration }

    /// Leftovers of a sync are no part of what runs.
    var isHook: Bool {
        annotation("argocd.argoproj.io/hook") != nil || annotation("helm.sh/hook") != nil
    }

    static func deadlineMessage(_ condition: Value?) -> String { condition?["message"]?.text ?? "" }
}
