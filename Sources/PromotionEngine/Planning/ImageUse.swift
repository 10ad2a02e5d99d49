internal import WorkflowModel

/// Which images of a release the updates of a service take, in any stage.
struct ImageUse {
    /// By name, as updates name them.
    private(set) var names: Set<String> = []
    /// Some update takes the release's only image, whatever its name.
    private var takesOnly = false
    /// Some update takes what cannot be told without a release, such as a template.
    private var isOpen = false

    init(_ workflow: Workflow, _ service: Service) {
        for stage in workflow.stages {
            let values = [
                "service": service.name, "stage": stage.name, "environment": stage.environment,
                "from": workflow.upstream(of: stage).map(\.name).joined(separator: ","),
            ].merging(service.vars) { fixed, _ in fixed }
            for update in workflow.updates(for: service, in: stage) { add(update) { values[$0] } }
        }
    }

    /// Those of the images that no update takes; none where that cannot be told, and none where no update names an image: then
    /// images are registered for the record.
    func unused(_ images: [Release.Image]) -> [Release.Image] {
        if isOpen || names.isEmpty || takesOnly && images.count == 1 { return [] }
        return images.filter { !names.contains($0.name) }
    }

    private mutating func add(_ update: Update, _ value: (String) -> String?) {
        switch update.kind {
        case .kustomization(let image, _): add(name: image, value)
        case .application(let fields), .applicationSet(let fields):
            add([fields.targetRevision].compactMap(\.self) + fields.kustomizeImages, value)
            add(fields.helmParameters + fields.helmValues, value)
        case .applicationSetElement(_, let set, _, _), .helmValues(let set, _), .yaml(let set, _), .json(let set, _): add(set, value)
        case .chart(_, let version, let appVersion): add([version, appVersion].compactMap(\.self), value)
        case .manifest(_, let container, let image):
            // A container's name says nothing about its image: the release's only one is meant.
            if image == nil { takesOnly = true }
            if let name = image ?? container { add(name: name, value) }
        case .flux(let fields):
            add([fields.chartVersion].compactMap(\.self), value)
            add(fields.values + fields.reference, value)
            if let image = fields.image { add(name: image, value) } else if fields.imagePolicy != nil { takesOnly = true }
        case .template: isOpen = true
        case .copy: break
        }
    }

    private mutating func add(name template: String, _ value: (String) -> String?) {
        let name = PlaceholderTemplate(template).filling(value)
        if PlaceholderTemplate(name).placeholders.isEmpty { names.insert(name) } else { isOpen = true }
    }

    private mutating func add(_ assignments: [Update.Assignment], _ value: (String) -> String?) {
        add(assignments.map(\.value), value)
    }

    private mutating func add(_ templates: [String], _ value: (String) -> String?) {
        for placeholder in templates.flatMap({ PlaceholderTemplate($0).placeholders }) {
            if let (name, _) = Placeholder.image(in: placeholder) { add(name: name, value) }
            if ["tag", "image"].contains(placeholder) { takesOnly = true }
            // The first digest of any image.
            if placeholder == "digest" { isOpen = true }
        }
    }
}
