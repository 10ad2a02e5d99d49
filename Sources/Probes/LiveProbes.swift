internal import Expressions
public import PromotionEngine
internal import WorkflowModel

/// What runs, as the sources tell it that know more than health: Argo CD and the Kubernetes API.
extension HealthProbes: LiveStatePort {
    public func live(at watch: HealthWatch, wrote: [String], carries: (String) throws -> Bool) throws -> [LiveState] {
        try watch.policy.sources.compactMap { source in
            switch source.settings {
            case .argocd(let settings):
                try ArgoCDProbe(web: web, allowance: allowance).live(settings, watch, named: source.name, carries: carries)
            case .kubernetes(let settings):
                try KubernetesProbe(web: web, allowance: allowance).live(settings, watch, named: source.name, wrote: wrote)
            default: nil
            }
        }
    }
}

extension ArgoCDProbe {
    /// Throws when Argo CD cannot tell.
    func live(_ source: ArgoCDSource, _ watch: HealthWatch, named name: String, carries: (String) throws -> Bool) throws -> LiveState {
        let application = try ArgoCDClient(source, watch, web, allowance).application(watch.filled(source.app))
        let revision = Self.revisions(application).first
        switch try Self.finding(application, watch, carries: carries) {
        case .seen: return LiveState(source: name, revision: revision, difference: nil)
        case .notSynced(let why): return LiveState(source: name, revision: revision, difference: why)
        case .errored(let why): throw ProbeFault(why)
        }
    }
}

extension KubernetesProbe {
    /// An object that is missing, or none of whose containers runs an image with a value that the promotion wrote. Nil where
    /// no object has containers: nothing can be told then.
    func live(_ source: KubernetesSource, _ watch: HealthWatch, named name: String, wrote: [String]) throws -> LiveState? {
        var differences: [String] = []
        var isTold = false
        for (object, value) in try objects(source, watch) {
            guard let value else {
                isTold = true
                differences.append("\(object) does not exist")
                continue
            }
            let images = Self.images(value)
            guard !images.isEmpty else { continue }
            isTold = true
            let isPromoted = images.contains { image in
                ([watch.subject.version] + wrote).contains { image == $0 || image.hasSuffix(":\($0)") || image.hasSuffix("@\($0)") || image.contains(":\($0)@") }
            }
            if !isPromoted { differences.append("\(object) runs \(images.joined(separator: ", "))") }
        }
        guard isTold else { return nil }
        return LiveState(source: name, revision: nil, difference: differences.isEmpty ? nil : differences.joined(separator: "; "))
    }

    /// Of the containers of a workload, a job's schedule or a pod.
    private static func images(_ object: Value) -> [String] {
        let pod = object["spec", "template", "spec"] ?? object["spec", "jobTemplate", "spec", "template", "spec"] ?? object["spec"]
        return pod?["containers"]?.items.compactMap { $0["image"]?.text } ?? []
    }
}
