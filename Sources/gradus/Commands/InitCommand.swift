import ArgumentParser

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a workflow that fits the repository, or add a service to all environments",
        discussion: """
            Examples:
              gradus init
              gradus init --dry-run
              gradus init service payments --param global.imageTag=1.0.0
            """,
        subcommands: [InitWorkflow.self, InitService.self], defaultSubcommand: InitWorkflow.self)
}
