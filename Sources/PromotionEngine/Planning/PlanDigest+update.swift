import WorkflowModel

extension PlanDigest {
    /// Everything that an update declares. Where it stands in its file, and `stages` and `for`, do not count.
    static func update(_ update: Update) -> JSONValue {
        let (kind, fields): (String, [String: JSONValue]) =
            switch update.kind {
            case .kustomization(let image, let create):
                ("kustomization", ["image": .string(image), "create": .bool(create)])
            case .application(let fields): ("application", source(fields))
            case .applicationSet(let fields): ("application_set", source(fields))
            case .applicationSetElement(let matching, let set, let object, let create):
                (
                    "application_set",
                    [
                        "element": list(matching), "set": list(set), "object": .optional(object), "create": .bool(create),
                    ]
                )
            case .helmValues(let set, let create): ("helm_values", ["set": list(set), "create": .bool(create)])
            case .chart(let dependency, let version, let appVersion):
                (
                    "chart",
                    [
                        "dependency": .optional(dependency), "version": .optional(version),
                        "app_version": .optional(appVersion),
                    ]
                )
            case .manifest(let object, let container, let image):
                (
                    "manifest",
                    ["object": .optional(object), "container": .optional(container), "image": .optional(image)]
                )
            case .flux(let fields): ("flux", flux(fields))
            case .yaml(let set, let create): ("yaml", ["set": list(set), "create": .bool(create)])
            case .json(let set, let create): ("json", ["set": list(set), "create": .bool(create)])
            case .copy(let from): ("copy", ["from": .string(from)])
            case .template(let source, let parameters, let set):
                ("template", ["template": .string(source), "parameters": list(parameters), "set": list(set)])
            }
        return .object(fields.merging(["kind": .string(kind), "file": .string(update.file)]) { own, _ in own })
    }

    private static func source(_ fields: Update.SourceFields) -> [String: JSONValue] {
        [
            "target_revision": .optional(fields.targetRevision), "helm_parameters": list(fields.helmParameters),
            "helm_values": list(fields.helmValues), "kustomize_images": .array(fields.kustomizeImages.map(JSONValue.string)),
            "source": .array(
                [fields.source.repoURL, fields.source.chart, fields.source.name].map(JSONValue.optional)
                    + [fields.source.index.map { .int($0) } ?? .null]),
            "object": .optional(fields.object), "create": .bool(fields.create),
        ]
    }

    private static func flux(_ fields: Update.FluxFields) -> [String: JSONValue] {
        [
            "object": .optional(fields.object), "chart_version": .optional(fields.chartVersion), "values": list(fields.values),
            "ref": list(fields.reference), "image": .optional(fields.image), "image_policy": .optional(fields.imagePolicy),
            "create": .bool(fields.create),
        ]
    }

    private static func list(_ assignments: [Update.Assignment]) -> JSONValue {
        .array(
            assignments.map { .array([.string($0.key), .string($0.value)] + ($0.match.map { [.string($0)] } ?? [])) })
    }
}
