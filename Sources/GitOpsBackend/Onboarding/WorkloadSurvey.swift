import Manifests
import YAMLEdit

/// Images with tags in the containers of one plain workload.
enum WorkloadSurvey {
    static let kinds: Set<String> = ["Deployment", "StatefulSet", "DaemonSet", "Rollout", "CronJob", "Job"]

    static func places(in document: YAMLNode, path: String, branch: String?) -> [VersionPlace] {
        let name = document["metadata"]?.resolved["name"]?.resolved.scalarText
        let spec = document["spec"]?.resolved
        let outer = spec?["jobTemplate"]?.resolved["spec"]?.resolved ?? spec
        let pod = outer?["template"]?.resolved["spec"]?.resolved
        return ["initContainers", "containers"].flatMap { list in
            (pod?[list]?.resolved.items ?? []).compactMap { item in
                guard let image = item.resolved["image"]?.resolved.scalarText, let reference = ImageReference(image),
                    let value = reference.tag ?? reference.digest
                else { return nil }
                return VersionPlace(branch: branch, file: path, kind: .workload(image: reference.name), value: value, name: name)
            }
        }
    }
}
