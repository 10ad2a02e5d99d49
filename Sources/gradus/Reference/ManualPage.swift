/// A manual page of one top-level command and all below it, in the language of `man`.
struct ManualPage {
    let command: CommandReference
    let version: String

    /// `gradus-promote.1`
    var fileName: String { command.path.joined(separator: "-") + ".1" }

    var text: String {
        var lines = [
            ".TH \(command.path.joined(separator: "-").uppercased()) 1 \"\" \"gradus \(version)\" \"Gradus\"",
            ".SH NAME", "\(command.path.joined(separator: "-")) \\- \(Self.escaped(command.abstract))",
            ".SH SYNOPSIS",
        ]
        let parts = command.path.count == 1 ? [command] : command.all
        for part in parts { lines += [".B \(Self.escaped(part.usage))", ".br"] }
        lines += section("DESCRIPTION", command.discussion)
        for part in parts where part.path != command.path {
            lines += [".SH \"\(part.name.uppercased())\"", Self.escaped(part.abstract) + "."] + body(part.discussion)
            lines += options(part.ownArguments)
        }
        if !command.ownArguments.isEmpty { lines += [".SH OPTIONS"] + options(command.ownArguments) }
        if command.path.count == 1 {
            lines.append(".SH COMMANDS")
            for sub in command.subcommands {
                lines += [".TP", ".B \(Self.escaped(sub.path.joined(separator: "-")))(1)", Self.escaped(sub.abstract)]
            }
        }
        lines += [".SH \"GLOBAL OPTIONS\""] + options((command.all.last ?? command).globalArguments)
        lines.append(".SH \"EXIT STATUS\"")
        for entry in ExitCodes.all { lines += [".TP", ".B \(entry.code)", Self.escaped(entry.meaning)] }
        if command.path.count > 1 { lines += [".SH \"SEE ALSO\"", ".BR gradus (1)"] }
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ text: String) -> [String] {
        text.isEmpty ? [] : [".SH \(title)"] + body(text)
    }

    /// Lines that are indented stand as they are: they are commands.
    private func body(_ text: String) -> [String] {
        var lines: [String] = []
        var isExample = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isIndented = line.hasPrefix("  ")
            if isIndented != isExample { lines.append(isIndented ? ".nf" : ".fi") }
            isExample = isIndented
            lines.append(line.isEmpty ? ".PP" : Self.escaped(String(line)))
        }
        return isExample ? lines + [".fi"] : lines
    }

    private func options(_ arguments: [CommandReference.Argument]) -> [String] {
        arguments.flatMap { [".TP", ".B \(Self.escaped($0.spelling))", $0.abstract.isEmpty ? "\\&" : Self.escaped($0.abstract)] }
    }

    /// A backslash, a hyphen and a point at the start of a line mean something to `man`.
    static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
