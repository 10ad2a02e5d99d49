/// The keys of configuration files (`design.md` section 7): the source of their reader and of the JSON Schema.
public enum ConfigurationSchema {
    /// `.gradus/config.yaml`. `branch` is read from the target branch alone, where it decides.
    public static let project = MapSchema(
        "project_config", "a project's configuration", "`.gradus/config.yaml` of a repository.",
        [KeySchema("branch", .text, "The target branch; read at the tip of the branch that HEAD names, never from a work tree.")] + shown
            + KeySchema.planned("ledger"))

    /// `$XDG_CONFIG_HOME/gradus/config.yaml`.
    public static let user = MapSchema(
        "user_config", "a user's configuration", "`gradus/config.yaml` in the folder of the user's configuration.",
        [
            KeySchema("repo", .text, "The repository: a work tree, a bare repository or a URL."),
            KeySchema("actor", .text, "Who acts: an id, or `NAME <MAIL>`."),
            KeySchema("signing_key", .text, "Signs records and deploy commits: the file of an SSH key, or the id of a GPG key."),
            KeySchema("signing_format", .choice(["ssh", "openpgp"]), "The form of signatures."),
            KeySchema(
                "forge", .choice(["github", "gitlab", "gitea", "forgejo", "bitbucket", "none"]),
                "The kind of the forge that holds pull requests, where the remote's host does not tell."),
            KeySchema("forge_url", .text, "The address of that forge, or of its API, which is sent the token."),
            KeySchema("allow_commands", .flag, "Health sources may run programs on this machine."),
            KeySchema("allow_private_addresses", .flag, "Health sources may be on loopback, link-local and private addresses."),
        ] + shown)

    private static let shown = [
        KeySchema("output", .choice(["text", "json", "jsonl"]), "The form of the output."),
        KeySchema("color", .choice(["auto", "always", "never"]), "When colour is used."),
    ]
}
