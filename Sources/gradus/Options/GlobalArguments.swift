import ArgumentParser
import Glibc
import PromotionEngine
import YAMLEdit

/// Global options stand before or after the subcommand; the parser knows them after it only.
enum GlobalArguments {
    private static let withValue: Set<String> = ["--repo", "--branch", "-o", "--output", "--actor"]
    private static let flags: Set<String> = ["--no-color", "-q", "--quiet", "-v", "--verbose", "--yes"]

    /// Moves global options from before the subcommand to the end, and gives a bare `--wait` its value.
    static func moved(_ arguments: [String]) -> [String] {
        var front: [String] = []
        var rest = separated(arguments)[...]
        while let argument = rest.first {
            if flags.contains(argument) || withValue.contains(where: { argument.hasPrefix($0 + "=") }) {
                front.append(argument)
                rest = rest.dropFirst()
            } else if withValue.contains(argument), rest.count > 1 {
                front += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else {
                break
            }
        }
        let split = rest.firstIndex(of: "--") ?? rest.endIndex
        return withNamedFiles(Array(rest[..<split] + front + rest[split...])).map { $0 == "--wait" ? "--wait=verified" : $0 }
    }

    /// `audit export --output DIR` means a folder, and other commands that write pages a file, although `--output` is a form
    /// of output everywhere else: what is no form is a place.
    private static func withNamedFiles(_ arguments: [String]) -> [String] {
        let places = ["export": "--folder", "report": "--file", "sample": "--file", "attest": "--file", "dora": "--file"]
        guard arguments.count > 3, ["audit", "metrics"].contains(arguments[0]), let option = places[arguments[1]] else { return arguments }
        var result = arguments
        for position in 2..<arguments.count - 1 where arguments[position] == "--output" {
            if OutputFormat(rawValue: arguments[position + 1]) == nil { result[position] = option }
        }
        return result
    }

    /// `-ojson` is `-o json`, as other tools take it.
    private static func separated(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        return arguments[..<end].flatMap { argument -> [String] in
            let isJoined = argument.hasPrefix("-o") && OutputFormat(rawValue: String(argument.dropFirst(2))) != nil
            return isJoined ? ["-o", String(argument.dropFirst(2))] : [argument]
        } + arguments[end...]
    }

    /// Throws a usage error that names the word which is no command: the parser would take exception to its options.
    static func checkCommand(_ arguments: [String]) throws {
        guard let word = arguments.first, !word.hasPrefix("-"), word != "help" else { return }
        let names = Gradus.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !names.contains(word) else { return }
        throw PromotionError(
            .usage, "there is no command '\(word)'",
            hint: Suggestion.nearest(word, among: names).map { "did you mean `gradus \($0)`?" } ?? "`gradus help` lists the commands")
    }

    private static let longest = ["--reason": TextLimit.reason, "--ticket": TextLimit.ticket]

    /// Options whose texts become part of records.
    private static let recorded: Set<String> = [
        "--reason", "--ticket", "--ci-url", "--image", "--chart", "--commit", "--author", "--contains", "--irreversible", "--run", "--actor",
    ]

    /// Throws a usage error for a text that is too long, empty or holds a password, before anything is fetched; the engine asks again.
    static func checkTexts(_ arguments: [String]) throws {
        for (position, argument) in arguments.enumerated() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let option = String(parts[0])
            // Without a value the parser says that one is missing.
            guard recorded.contains(option), parts.count == 2 || position + 1 < arguments.count else { continue }
            let text = parts.count == 2 ? String(parts[1]) : arguments[position + 1]
            if let limit = longest[option] { try TextLimit.check(text, option, limit) }
            try URLSecret.check(text, option)
        }
    }

    /// Whether the output was to be JSON, for errors that happen before options are parsed.
    static func wantsJSON(_ arguments: [String]) -> Bool {
        for (position, argument) in arguments.enumerated() {
            if argument == "-ojson" || argument == "-o=json" || argument == "--output=json" { return true }
            if argument == "-o" || argument == "--output" {
                return position + 1 < arguments.count && arguments[position + 1] == "json"
            }
        }
        return getenv("GRADUS_OUTPUT").map { String(cString: $0) } == "json"
    }
}
