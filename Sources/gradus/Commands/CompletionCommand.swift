import ArgumentParser
import PromotionEngine

struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell; it knows services, stages, versions and open promotions",
        discussion: """
            Examples:
              source <(gradus completion bash)
              gradus completion zsh > ~/.zfunc/_gradus
              gradus completion fish > ~/.config/fish/completions/gradus.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var parserShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "bash, zsh or fish")
    var shell: Shell

    func run() throws {
        Console.write(Gradus.completionScript(for: shell.parserShell) + "\n", to: 1)
    }
}
