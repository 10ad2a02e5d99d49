import ArgumentParser
import PromotionEngine

/// Writes what is made from the code itself. Not for everyday use, so it is not listed.
struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Write the man pages or the reference pages that are made from the code",
        discussion: "Examples:\n  gradus reference man .build/man\n  gradus reference markdown docs/reference",
        shouldDisplay: false)

    enum Form: String, ExpressibleByArgument, CaseIterable {
        case man, markdown
    }

    @Argument(help: "man or markdown")
    var form: Form

    @Argument(help: "The folder to write to; it is made when it does not exist")
    var folder: String

    func run() throws {
        var pages: [(name: String, text: String)] = []
        switch form {
        case .markdown: pages = try MarkdownReference.pages()
        case .man:
            let root = try CommandReference.root()
            pages = ([root] + root.subcommands).map { command in
                let page = ManualPage(command: command, version: GradusVersion.text)
                return (page.fileName, page.text)
            }
        }
        for page in pages { try LocalFile.write("\(folder)/\(page.name)", Array(page.text.utf8)) }
        Console.write("\(Counted.of(pages.count, "page")) in \(folder)\n", to: 1)
    }
}
