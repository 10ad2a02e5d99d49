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
        let script = Gradus.completionScript(for: shell.parserShell)
        Console.write((shell == .fish ? Self.withoutSecondVersion(script) : script) + "\n", to: 1)
    }

    /// Commands that take `--version V` would declare the flag `--version` beside it, and fish's argparse refuses both.
    private static func withoutSecondVersion(_ script: String) -> String {
        script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            guard line.contains("__gradus_parse_subcommand"), line.contains(" 'version='"), let flag = line.firstRange(of: " 'version' ") else {
                return line
            }
            return line[..<flag.lowerBound] + " " + line[flag.upperBound...]
        }.joined(separator: "\n")
    }
}
