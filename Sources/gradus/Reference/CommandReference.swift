import ArgumentParser
import PromotionEngine

/// A command as its own declaration describes it: what man pages and the reference are made from.
struct CommandReference {
    let path: [String]
    let abstract: String
    /// Examples, then what else is to say.
    let discussion: String
    let arguments: [Argument]
    let subcommands: [CommandReference]

    struct Argument {
        /// As it is written: `--to <to>`, `-q, --quiet`, `<service>`.
        let spelling: String
        let abstract: String
        let isPositional: Bool
        let isOptional: Bool
        let isRepeating: Bool
        let longName: String?

        /// A release's `--version VERSION` is not the parser's flag of that name.
        var isGlobal: Bool {
            longName == "version" ? !spelling.contains("<") : CommandReference.global.contains(longName ?? "")
        }
    }

    var name: String { path.joined(separator: " ") }

    /// The whole tree, with the root first. Throws when the parser describes itself in another way than was known.
    static func root() throws -> CommandReference {
        let json = try JSONValue(parsing: Gradus._dumpHelp())
        guard let command = json["command"] else {
            throw PromotionError(.error, "the parser's description of the commands has no `command`")
        }
        return CommandReference(command, below: [])
    }

    private init(_ json: JSONValue, below parents: [String]) {
        path = parents + [json["commandName"]?.stringValue ?? ""]
        abstract = json["abstract"]?.stringValue ?? ""
        discussion = json["discussion"]?.stringValue ?? ""
        let own = path
        arguments = Self.items(json["arguments"]).filter { $0["shouldDisplay"] != false }.map(Argument.init)
        subcommands = Self.items(json["subcommands"])
            .filter { $0["shouldDisplay"] != false && $0["commandName"] != "help" }.map { CommandReference($0, below: own) }
    }

    fileprivate static func items(_ json: JSONValue?) -> [JSONValue] {
        guard case .array(let items)? = json else { return [] }
        return items
    }

    /// This command and all below it, in order.
    var all: [CommandReference] { [self] + subcommands.flatMap(\.all) }

    /// Options that every command takes are described once.
    static let global: Set<String> = [
        "repo", "branch", "output", "no-color", "quiet", "verbose", "actor", "yes", "help", "version",
    ]

    var ownArguments: [Argument] { arguments.filter { !$0.isGlobal } }
    var globalArguments: [Argument] { arguments.filter(\.isGlobal) }

    /// The line that says how it is called.
    var usage: String {
        if !subcommands.isEmpty, ownArguments.isEmpty { return "\(name) <command>" }
        let parts = ownArguments.map { argument in
            let text = argument.spelling.split(separator: ", ").last.map(String.init) ?? argument.spelling
            let shown = argument.isOptional ? "[\(text)]" : text
            return argument.isRepeating ? shown + "..." : shown
        }
        return ([name] + parts).joined(separator: " ")
    }
}

extension CommandReference.Argument {
    fileprivate init(_ json: JSONValue) {
        let names = CommandReference.items(json["names"]).map { name in
            (name["kind"] == "short" ? "-" : "--") + (name["name"]?.stringValue ?? "")
        }
        let kind = json["kind"]?.stringValue
        let value = "<\(json["valueName"]?.stringValue ?? "value")>"
        isPositional = kind == "positional"
        let joined = names.sorted { $0.utf8.count < $1.utf8.count }.joined(separator: ", ")
        spelling = isPositional ? value : kind == "option" ? "\(joined) \(value)" : joined
        abstract = json["abstract"]?.stringValue ?? ""
        isOptional = json["isOptional"] == true
        isRepeating = json["isRepeating"] == true
        longName = names.first { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
    }
}
