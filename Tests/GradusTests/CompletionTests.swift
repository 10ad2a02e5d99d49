import PromotionEngine
import TestSupport
import Testing

/// The shell completes what is in the repository now.
@Suite struct CompletionTests {
    @Test(arguments: ["bash", "zsh", "fish"])
    func scriptsAskGradusForNames(_ shell: String) throws {
        let environment = try HermeticEnvironment()
        let script = try GradusProcess(environment).run(["completion", shell])
        #expect(script.code == 0)
        #expect(script.output.contains("---completion") && script.output.contains("promote"))
        #expect(try GradusProcess(environment).run(["completion", "tcsh"]).code == 2)
    }

    @Test func fishIsToldOfEveryOptionOnce() throws {
        let environment = try HermeticEnvironment()
        let script = try GradusProcess(environment).run(["completion", "fish"]).output
        let lines = script.split(separator: "\n").filter { $0.contains("__gradus_parse_subcommand ") && $0.contains("'") }
        #expect(lines.count > 40)
        for line in lines {
            // 'version=', 'q/quiet', 'image=+'
            let names = line.split(separator: "'").dropFirst().filter { !$0.allSatisfy(\.isWhitespace) }
                .map { $0.split(separator: "/").last?.prefix { $0 != "=" } ?? "" }
            #expect(Set(names).count == names.count, "\(line)")
        }
    }

    /// What bash offers for a line, with the script that it would have.
    private func offered(_ line: String, _ site: Site) throws -> [String] {
        let binary = try GradusProcess.binary()
        let folder = binary.prefix(upTo: binary.lastIndex(of: "/") ?? binary.startIndex)
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        let script = """
            export PATH="\(folder):$PATH" GRADUS_REPO="\(site.repo)"
            source <(gradus completion bash)
            COMP_LINE="\(line)" COMP_POINT=\(line.utf8.count) COMP_CWORD=\(words.count - 1)
            COMP_WORDS=(\(words.map { "\"\($0)\"" }.joined(separator: " ")))
            _gradus gradus "\(words.last ?? "")" "\(words.dropLast().last ?? "")"
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try CommandRunner(site.environment).run(["bash", "-c", script], in: site.authority)
        return result.output.split(separator: "\n").map { $0.trimmingSpaces }.filter { !$0.isEmpty }
    }

    @Test func servicesStagesVersionsAndPromotionsAreLive() throws {
        let site = try Site()
        try site.register()
        try site("reconcile")
        try site("promote checkout --to staging")
        let id = try #require(try site.json("promote checkout --to prod", exits: 8).text("id"))
        #expect(try offered("gradus promote ch", site) == ["checkout"])
        #expect(try offered("gradus promote checkout --to st", site) == ["staging"])
        #expect(try offered("gradus promote checkout --version 1", site) == ["1.4.2"])
        #expect(try offered("gradus approve checkout@", site).contains("checkout@prod"))
        #expect(try offered("gradus show \(id.dropLast(2))", site).contains(id))
        #expect(try offered("gradus hist", site) == ["history"])
    }

    @Test func aPlaceThatIsNoRepositoryOffersNothingAndSaysNothing() throws {
        let environment = try HermeticEnvironment()
        let result = try GradusProcess(environment).run(
            ["---completion", "promote", "--", "positional@0", "2", "0", "gradus", "promote", ""], in: environment.folder.path)
        #expect(result.output.allSatisfy(\.isWhitespace) && result.errors.isEmpty, "\(result.output)\(result.errors)")
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String { String(self).split(separator: " ").joined(separator: " ") }
}
