/// The keys of updates, one map for each kind (`design.md` section 5, `updates`).
public enum UpdateSchema {
    public static let kinds: [MapSchema] = [
        kind(
            "kustomization", "Sets an image of a kustomization.",
            [KeySchema("image", .text, "The `name` of the entry under `images`.", required: true), create]),
        kind("application", "Sets values of an Argo CD Application.", applicationKeys + [object, create]),
        kind("application_set", "Sets values of the template of an ApplicationSet.", applicationKeys + [object, create]),
        kind(
            "application_set", of: "application_set_element", "Sets values of one element of a list generator of an ApplicationSet.",
            [
                KeySchema("element", .mapOf(.text), "The element of a list generator that has all these texts.", required: true),
                KeySchema("set", .mapOf(value), "Texts by path, in the element.", required: true),
                object, create,
            ]),
        kind(
            "helm_values", "Sets values of a Helm values file.",
            [KeySchema("set", .mapOf(value), "Texts by path: `image.tag: \"{version}\"`.", required: true), create]),
        kind(
            "chart", "Sets versions of a Chart.yaml.",
            [
                KeySchema("version", .text, "The chart's version; with `dependency` that of the dependency."),
                KeySchema("app_version", .text, "The chart's `appVersion`."),
                KeySchema("dependency", .text, "The name of a dependency."),
            ]),
        kind(
            "manifest", "Sets the image of a container of a workload.",
            [
                KeySchema("container", .text, "The container's name."),
                KeySchema("image", .text, "The image's name."),
                object,
            ]),
        kind(
            "flux", "Sets values of a Flux object.",
            [
                KeySchema("chart_version", .text, "The chart's version of a HelmRelease."),
                KeySchema("values", .mapOf(value), "Texts by path below `spec.values` of a HelmRelease."),
                KeySchema("ref", .map(reference), "Keys of `spec.ref` of a GitRepository or OCIRepository."),
                KeySchema("image", .text, "The `name` of the entry under `images` of a Kustomization."),
                KeySchema("image_policy", .text, "Sets what stands before the markers of this policy, `namespace:name`."),
                object, create,
            ]),
        kind(
            "yaml", "Sets values of any YAML file.",
            [KeySchema("set", .mapOf(value), "Texts by path.", required: true), create]),
        kind(
            "json", "Sets values of any JSON file.",
            [KeySchema("set", .mapOf(value), "Texts by path.", required: true), create]),
        MapSchema(
            "update_copy", "an update", "Puts a file or folder in the place of another.",
            [KeySchema("copy", .map(copy), "What is copied, and where to.", required: true)] + filters),
        MapSchema(
            "update_template", "an update", "Renders a file of templates/ with mustache.",
            [
                KeySchema("template", .text, "The template's path, in templates/.", required: true),
                KeySchema("to", .text, "The file that it makes, with placeholders.", required: true),
                KeySchema("parameters", .mapOf(.text), "Listed to the template as `parameters`, each with `name` and `value`."),
                KeySchema("set", .mapOf(.text), "Further names that the template uses."),
            ] + filters),
    ]

    /// The keys by which an update says of which kind it is, each the first of its map, in their order.
    static let names: [String] = kinds.reduce(into: []) { names, kind in
        if let name = kind.keys.first?.name, !names.contains(name) { names.append(name) }
    }

    /// The keys of a kind; an ApplicationSet has those of its template and those of an element.
    static func map(of name: String, isElement: Bool) -> MapSchema? {
        kinds.first { $0.keys.first?.name == name && ($0.key("element") != nil) == isElement }
    }

    private static func kind(_ key: String, of name: String? = nil, _ description: String, _ keys: [KeySchema]) -> MapSchema {
        let file = KeySchema(key, .text, "The file, with placeholders.", required: true)
        return MapSchema("update_\(name ?? key)", "an update", description, [file] + keys + filters)
    }

    private static let filters = [
        KeySchema("stages", .list(.text), "Only in these stages."),
        KeySchema("for", .list(.text), "Only for these services: names, or `label=value`."),
    ]

    private static let create = KeySchema("create", .flag, "Adds what is missing.")
    private static let object = KeySchema("object", .text, "Which object of the file is meant, by name.")

    private static let applicationKeys = [
        KeySchema("target_revision", .text, "What `targetRevision` of the source becomes."),
        KeySchema("helm_parameters", .mapOf(.text), "Helm parameters by name."),
        KeySchema("helm_values", .mapOf(value), "Texts by path, in the Helm values of the source."),
        KeySchema("kustomize_images", .list(.text), "Images in the grammar of `kustomize edit set image`."),
        KeySchema("source", .map(source), "Which source of several is meant."),
    ]

    /// A text, or what replaces one match of a pattern.
    private static let value: ValueSchema = .either([.text, .map(match)])

    static let match = MapSchema(
        "match", "a match", "Replaces the one place in the text that fits.",
        [
            KeySchema("match", .text, "A regular expression with exactly one match.", required: true),
            KeySchema("value", .text, "What takes its place.", required: true),
        ])

    static let reference = MapSchema(
        "flux_ref", "`ref`", "What a Flux source follows.",
        [
            KeySchema("branch", .text, "A branch."), KeySchema("tag", .text, "A tag."),
            KeySchema("semver", .text, "A range of versions."), KeySchema("name", .text, "A reference by its full name."),
            KeySchema("commit", .text, "A commit."), KeySchema("digest", .text, "A digest."),
        ])

    static let copy = MapSchema(
        "copy", "`copy`", "What is copied, and where to.",
        [
            KeySchema("from", .text, "A file or folder, with placeholders.", required: true),
            KeySchema("to", .text, "Its new place, with placeholders.", required: true),
        ])

    static let source = MapSchema(
        "source", "`source`", "Selects one source of a multi-source Application.",
        [
            KeySchema("repo_url", .text, "By its `repoURL`."),
            KeySchema("chart", .text, "By its `chart`."),
            KeySchema("name", .text, "By its `name`."),
            KeySchema("index", .count(0), "By its position, from 0."),
        ])
}
