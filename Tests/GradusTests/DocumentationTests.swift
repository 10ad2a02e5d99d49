import Glibc
import PromotionEngine
import TestSupport
import Testing

/// What the documentation tells people to type is typed; what is made from the code is what the code says now.
@Suite struct DocumentationTests {
    private static let project = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The pages that hold commands, by their paths below the project.
    static let pages: [String] = {
        let folders = ["docs", "docs/how-to", "docs/runbooks"]
        let found = folders.flatMap { folder in
            names(in: "\(project)/\(folder)").filter { $0.hasSuffix(".md") }.map { "\(folder)/\($0)" }
        }
        return (found + ["README.md"]).filter { page in
            (try? TemporaryFolder.read("\(project)/\(page)"))?.contains("```sh\n") ?? false
        }.sorted()
    }()

    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            })
        }
        return names
    }

    @Test func thePagesAreFound() {
        #expect(Self.pages.contains("docs/tutorial.md"))
        #expect(Self.pages.contains("README.md"))
        #expect(Self.pages.count > 20)
    }

    @Test(arguments: pages)
    func whatAPageTellsToTypeWorks(_ page: String) throws {
        let environment = try HermeticEnvironment()
        let result = try CommandRunner(environment).start(
            ["\(Self.project)/scripts/run-docs.sh", "\(Self.project)/\(page)"], in: environment.folder.path,
            adding: ["GRADUS_BIN": try GradusProcess.binary()]
        ).result()
        #expect(result.status == 0, "\(result.output)\(result.errors)")
    }

    @Test func aPageThatTellsNonsenseFails() throws {
        let environment = try HermeticEnvironment()
        for block in ["gradus promote nobody --to prod", "gradus matrix   # exit 8: never", "false"] {
            try environment.folder.write("page.md", "# Page\n\n```sh\n\(block)\n```\n")
            let result = try CommandRunner(environment).start(
                ["\(Self.project)/scripts/run-docs.sh", environment.folder("page.md")], in: environment.folder.path,
                adding: ["GRADUS_BIN": try GradusProcess.binary()]
            ).result()
            #expect(result.status == 1, "\(block): \(result.output)")
        }
    }

    @Test func theReferenceIsWhatTheCodeSaysNow() throws {
        let environment = try HermeticEnvironment()
        let folder = environment.folder("reference")
        #expect(try GradusProcess(environment).run(["reference", "markdown", folder]).code == 0)
        for page in Self.names(in: folder) where page.hasSuffix(".md") {
            let kept = try TemporaryFolder.read("\(Self.project)/docs/reference/\(page)")
            #expect(try TemporaryFolder.read("\(folder)/\(page)") == kept, "docs/reference/\(page): run `make reference`")
        }
    }

    @Test func everyTypeOfRecordIsInTheReference() throws {
        let source = try TemporaryFolder.read("\(Self.project)/Sources/PromotionEngine/Ledger/Fact.swift")
        let page = try TemporaryFolder.read("\(Self.project)/docs/reference/records.md")
        let types = source.matches(of: #/case "([a-z_.-]+)": self = /#).map { String($0.output.1) }
        #expect(types.count > 20)
        for type in types { #expect(page.contains("| `\(type)` |"), "\(type) is missing in RecordCatalog") }
    }

    @Test func everyCommandHasAnExampleBeforeAnythingElse() throws {
        let environment = try HermeticEnvironment()
        let dump = try #require(try GradusProcess(environment).run(["--experimental-dump-help"]).json)
        func check(_ command: JSONValue, _ path: String) {
            let discussion = command.text("discussion") ?? ""
            let inner = command["subcommands"]?.items.filter { $0.text("commandName") != "help" } ?? []
            #expect(discussion.hasPrefix("Example") || !inner.isEmpty && discussion.isEmpty, "gradus help\(path)")
            for sub in inner { check(sub, path + " " + (sub.text("commandName") ?? "?")) }
        }
        for command in dump["command"]?["subcommands"]?.items ?? [] where command.text("commandName") != "help" {
            check(command, " " + (command.text("commandName") ?? "?"))
        }
    }

    @Test func manualPagesAreReadWithoutAWarning() throws {
        let environment = try HermeticEnvironment()
        let folder = environment.folder("man")
        #expect(try GradusProcess(environment).run(["reference", "man", folder]).code == 0)
        let page = try TemporaryFolder.read("\(folder)/gradus-promote.1")
        for part in [".TH GRADUS\\-PROMOTE 1", ".SH NAME", ".SH \"EXIT STATUS\"", "\\-\\-version", ".nf"] {
            #expect(page.contains(part) || page.contains(part.replacing("\\-", with: "-")), "\(part)")
        }
        for name in Self.names(in: folder) where name.hasSuffix(".1") {
            for line in try TemporaryFolder.read("\(folder)/\(name)").split(separator: "\n") where line.hasPrefix("'") {
                Issue.record("\(name): \(line) would be read as a request")
            }
        }
    }

    @Test func theExitCodesAreAHelpTopic() throws {
        let environment = try HermeticEnvironment()
        let result = try GradusProcess(environment).run(["help", "exit-codes"])
        #expect(result.code == 0)
        for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130] { #expect(result.output.contains("\n\(code) "), "\(code)") }
    }
}
