import YAMLEdit

/// The containers of the plain workloads of a file.
struct WorkloadContainers {
    struct Container {
        /// The workload, as `Deployment/web`.
        var workload: ManifestObject
        var name: String?
        var image: ImageReference
        var node: YAMLNode
        var path: YAMLPath
    }

    /// Where each kind keeps its pod's spec.
    private static let podSpecs: [String: [String]] = [
        "Deployment": ["spec", "template", "spec"], "StatefulSet": ["spec", "template", "spec"],
        "DaemonSet": ["spec", "template", "spec"], "ReplicaSet": ["spec", "template", "spec"],
        "ReplicationController": ["spec", "template", "spec"], "Rollout": ["spec", "template", "spec"],
        "Job": ["spec", "template", "spec"], "Pod": ["spec"], "PodTemplate": ["template", "spec"],
        "CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
    ]
    private static let lists = ["initContainers", "containers", "ephemeralContainers"]

    private let file: YAMLFile
    private let all: [Container]
    private let workloads: [ManifestObject]

    static func isWorkload(_ file: YAMLFile) -> Bool {
        !ManifestObject.all(in: file, kinds: Set(podSpecs.keys), group: nil).isEmpty
    }

    /// - Throws: `notThisKind` for a file without a workload.
    init(in file: YAMLFile) throws(ManifestError) {
        self.file = file
        workloads = ManifestObject.all(in: file, kinds: Set(Self.podSpecs.keys), group: nil)
        guard !workloads.isEmpty else {
            let message = "the file holds no workload, such as a Deployment or a CronJob"
            let kind = file.documents.first?.resolved.entry(forKey: "kind")?.value
            throw ManifestError(
                code: .notThisKind, operation: "find the containers", subject: file.path,
                diagnostics: [
                    kind.map { file.diagnostic(.error, message, at: $0) } ?? Diagnostic(message: message, path: file.path)
                ])
        }
        var all: [Container] = []
        for workload in workloads {
            let keys = Self.podSpecs[workload.kind] ?? []
            var pod: YAMLNode? = workload.root
            for key in keys { pod = pod?.child(key) }
            for list in Self.lists {
                for (index, item) in (pod?.child(list)?.items ?? []).enumerated() {
                    guard let image = ImageReference(item.text("image") ?? "") else { continue }
                    let steps = (keys + [list]).map(YAMLPath.Step.key) + [.index(index)]
                    all.append(
                        Container(
                            workload: workload, name: item.text("name"), image: image, node: item.resolved,
                            path: YAMLPath(document: workload.path.document, steps: steps)))
                }
            }
        }
        self.all = all
    }

    /// The containers that the selector means: one by its name, all that run an image by the image's name.
    ///
    /// - Throws: `notFound` with the nearest names; `ambiguous` if a container's name fits several.
    func matching(_ selector: ContainerSelector) throws(ManifestError) -> [Container] {
        let candidates = all.filter { $0.workload.isNamed(selector.object) }
        let found = candidates.filter { container in
            (selector.container.map { $0 == container.name } ?? true)
                && (selector.image.map { $0 == container.image.name } ?? true)
        }
        let wanted = [
            selector.container.map { "name `\($0)`" }, selector.image.map { "image `\($0)`" },
            selector.object.map { "workload `\($0)`" },
        ].compactMap(\.self).joined(separator: " and ")
        guard let first = found.first else { throw missing(selector, wanted, candidates) }
        if found.count > 1, selector.image == nil {
            var error = ManifestError.fault(
                .ambiguous, "find the container", "\(found.count) containers have the \(wanted)", at: first.node, in: file,
                hint: "add `image:` or `object: \(first.workload.title)`")
            error.diagnostics += found.dropFirst().map { file.diagnostic(.note, "\($0.workload.title) has one here", at: $0.node) }
            throw error
        }
        return found
    }

    private func missing(_ selector: ContainerSelector, _ wanted: String, _ candidates: [Container]) -> ManifestError {
        let names = candidates.compactMap(\.name)
        let images = candidates.map(\.image.name)
        let near = selector.container.flatMap { Suggestion.nearest($0, among: names) }
            ?? selector.image.flatMap { Suggestion.nearest($0, among: images) }
        let present = selector.image == nil ? names : images
        return .fault(
            .notFound, "find the container", "no container has the \(wanted)", at: (candidates.first ?? all.first)?.node
                ?? workloads[0].root, in: file,
            hint: near.map { "did you mean `\($0)`?" }
                ?? (present.isEmpty ? nil : "present: " + present.prefix(8).map { "`\($0)`" }.joined(separator: ", ")))
    }
}
