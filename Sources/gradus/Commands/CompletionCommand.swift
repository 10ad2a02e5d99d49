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

    @OptionGroup var global: GlobalOptions

    @Argument(help: "bash, zsh or fish")
    var shell: Shell

    func run() throws {
        let whole = Gradus.completionScript(for: shell.parserShell)
        let script = shell == .fish ? Self.withoutSecondVersion(whole) : whole
        let console = Console(try Settings(global))
        guard console.format == .text else {
            return console.show(["apiVersion": "gradus/v1", "kind": "Completion", "shell": .string(shell.rawValue), "script": .string(script)]) { "" }
        }
        Console.write(script + "\n", to: 1)
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
