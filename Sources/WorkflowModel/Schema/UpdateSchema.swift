/// The keys of updates, one map for each kind (`design.md` section 5, `updates`).
public enum UpdateSchema {
    public static let kinds: [MapSchema] = [
        kind(
            "kustomization", "Sets an image of a kustomization.",
            [
                KeySchema("kustomization", .text, "The file, with placeholders.", required: true),
                KeySchema("image", .text, "The `name` of the entry under `images`.", required: true),
                KeySchema("create", .flag, "Adds the entry where it is missing."),
            ]),
        kind(
            "application", "Sets values of an Argo CD Application.",
            [
                KeySchema("application", .text, "The file, with placeholders.", required: true),
                KeySchema("target_revision", .text, "What `targetRevision` of the source becomes."),
                KeySchema("helm_parameters", .mapOf(.text), "Helm parameters by name."),
                KeySchema("source", .map(source), "Which source of several is meant."),
            ]),
        kind(
            "helm_values", "Sets values of a Helm values file.",
            [
                KeySchema("helm_values", .text, "The file, with placeholders.", required: true),
                KeySchema("set", .mapOf(.text), "Texts by path: `image.tag: \"{version}\"`.", required: true),
            ]),
        kind(
            "yaml", "Sets values of any YAML file.",
            [
                KeySchema("yaml", .text, "The file, with placeholders.", required: true),
                KeySchema("set", .mapOf(.text), "Texts by path.", required: true),
            ]),
        kind(
            "template", "Renders a file of templates/ with mustache.",
            [
                KeySchema("template", .text, "The template's path, in templates/.", required: true),
                KeySchema("to", .text, "The file that it makes, with placeholders.", required: true),
                KeySchema("parameters", .mapOf(.text), "Listed to the template as `parameters`, each with `name` and `value`."),
                KeySchema("set", .mapOf(.text), "Further names that the template uses."),
            ]),
    ]

    private static func kind(_ name: String, _ description: String, _ keys: [KeySchema]) -> MapSchema {
        MapSchema("update_\(name)", "an update", description, keys + filters)
    }

    private static let filters = [
        KeySchema("stages", .list(.text), "Only in these stages."),
        KeySchema("for", .list(.text), "Only for these services: names, or `label=value`."),
    ]

    static let source = MapSchema(
        "source", "`source`", "Selects one source of a multi-source Application.",
        [
            KeySchema("repo_url", .text, "By its `repoURL`."),
            KeySchema("chart", .text, "By its `chart`."),
            KeySchema("name", .text, "By its `name`."),
            KeySchema("index", .count(0), "By its position, from 0."),
        ])
}
