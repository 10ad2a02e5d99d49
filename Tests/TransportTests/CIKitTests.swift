import Glibc
import PromotionEngine
import TestSupport
import Testing

/// The kits in `integrations/`, run as CI systems run them.
struct CIKitTests {
    @Test func theActionPromotesAndTellsItsOutputs() throws {
        let job = try Job()
        let result = try job.action(["INPUT_TO": "dev"])
        #expect(result.status == 0, "\(result)")
        let outputs = try job.file("output")
        #expect(outputs.contains("result=promoted\n") && outputs.contains("version=1.1.0\n") && outputs.contains("exit_code=0\n"))
        #expect(try job.file("summary").contains("### web 1.1.0 to dev: promoted"))
        #expect(try job.yard.tag("web", "dev") == "1.1.0")
    }

    @Test(arguments: [("ok", Int32(0)), ("fail", 8), ("maybe", 2)])
    func theActionMakesOfPendingWhatItIsTold(_ pending: String, _ code: Int32) throws {
        let job = try Job()
        let result = try job.action(["INPUT_TO": "prod", "INPUT_VERSION": "1.1.0", "INPUT_PENDING": pending])
        #expect(result.status == code, "\(result)")
        if code == 2 { return }
        #expect(try job.file("output").contains("result=pending\n"))
        #expect(try job.file("summary").contains("| … | approval |"))
        #expect(result.output.contains("::notice title=web 1.1.0 to prod%3A approval::") || result.output.contains("::notice title=web 1.1.0 to prod: approval::"))
    }

    @Test func theActionsWordsCannotBecomeCommands() throws {
        let job = try Job()
        let result = try job.action(["INPUT_SERVICE": "x\n::set-output name=evil::1", "INPUT_TO": "$(touch \(job.yard.environment.folder("ran")))"])
        #expect(result.status == 2, "\(result)")
        #expect(!result.output.split(separator: "\n").contains { $0.hasPrefix("::set-output") })
        #expect(access(job.yard.environment.folder("ran"), F_OK) != 0)
    }

    @Test func theActionsTableKeepsWhatMarkdownWouldTake() throws {
        let rules = ["exit_criteria: [{code_coverage: 80}, {smoke_tests: pass}]"]
        let job = try Job(Yard.workflow(["web"]).replacing("- name: dev\n", with: "- name: dev\n    \(rules[0])\n"))
        try job.yard("promote web --to dev")
        try job.yard("report web 1.1.0 smoke_tests=a|b`<c>[d]\\e")
        let result = try job.action(["INPUT_TO": "prod"])
        #expect(result.status == 6, "\(result)")
        let summary = try job.file("summary")
        #expect(summary.contains(" | \\>= 80 | ") && summary.contains(#"| a\|b\`\<c\>\[d\]\\e | pass |"#), "\(summary)")
    }

    @Test(arguments: ["-h", "--help", "--version", "--to=dev"])
    func aServiceThatLooksLikeAnOptionIsNone(_ name: String) throws {
        let job = try Job()
        let result = try job.action(["INPUT_SERVICE": name, "INPUT_TO": "dev"])
        #expect(result.status == 2 && result.output.contains("::error "), "\(result)")
        #expect(try job.file("output").contains("exit_code=2\n"))
        let template = try job.template(["SERVICE": name, "TO": "dev"])
        #expect(template.status == 2, "\(template)")
        #expect(try job.file("gradus.env").contains("GRADUS_EXIT_CODE=2\n"))
        #expect(try job.yard.tag("web", "dev") == "1.0.0")
    }

    /// Whatever answered, nothing was promoted.
    @Test(arguments: ["echo help", "echo '{\"kind\": \"Version\"}'", "true", "echo '{\"kind\": \"Error\", \"message\": \"odd\"}'"])
    func anAnswerThatIsNoPromotionIsNoSuccess(_ answer: String) throws {
        let job = try Job()
        try job.answer(answer)
        let result = try job.action(["INPUT_TO": "dev"])
        #expect(result.status == 1 && result.output.contains("::error "), "\(result)")
        let template = try job.template(["SERVICE": "web", "TO": "dev"])
        #expect(template.status == 1, "\(template)")
        #expect(try job.file("gradus-gates.xml").contains("<error message="))
    }

    @Test func theTemplateWritesVariablesAndGatesAsTests() throws {
        let job = try Job()
        let ok = try job.template(["SERVICE": "web", "TO": "prod", "VERSION": "1.1.0"])
        #expect(ok.status == 0, "\(ok)")
        #expect(try job.file("gradus.env").contains("GRADUS_RESULT=pending\nGRADUS_VERSION=1.1.0\n"))
        #expect(try job.file("gradus.env").contains("GRADUS_EXIT_CODE=8\n"))
        try job.yard.tool(["python3", "-c", "import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])", job.place("gradus-gates.xml")])
        let gates = try job.file("gradus-gates.xml")
        #expect(gates.contains("name=\"approval\"><skipped message=") && gates.contains("gradus approve web@prod"))
        #expect(try job.template(["SERVICE": "web", "TO": "prod", "VERSION": "1.1.0", "PENDING": "fail"]).status == 8)
        #expect(try job.template(["SERVICE": "nobody", "TO": "prod"]).status == 2)
        #expect(try job.file("gradus-gates.xml").contains("<error message="))
    }
}

/// A CI job whose service has a release, with an approval before prod.
private struct Job {
    let yard: Yard
    private let folder: TemporaryFolder
    private let runner: CommandRunner

    init(_ workflow: String = Yard.workflow(["web"], lines: ["approval_required: true", "approvers: [owners]"])) throws {
        let groups = "groups: {owners: [olga]}\n"
        yard = try Yard(["workflows/yard.yaml": workflow, "workflows/groups.yaml": groups])
        folder = try TemporaryFolder()
        runner = CommandRunner(yard.environment)
        try yard("release create web 1.1.0")
        // The name under which the kits call it.
        try folder.write("gradus", "#!/bin/sh\nexec '\(try GradusProcess.binary())' \"$@\"\n", mode: 0o755)
    }

    /// Puts a script in the place of gradus.
    func answer(_ script: String) throws { try folder.write("gradus", "#!/bin/sh\n\(script)\n", mode: 0o755) }

    func place(_ name: String) -> String { folder(name) }

    func file(_ name: String) throws -> String { try TemporaryFolder.read(folder(name)) }

    func action(_ variables: [String: String]) throws -> CommandResult {
        let standard = [
            "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "rita", "GITHUB_OUTPUT": folder("output"), "GITHUB_STEP_SUMMARY": folder("summary"),
            "INPUT_SERVICE": "web", "INPUT_REPO": yard.repo, "INPUT_GRADUS": folder("gradus"),
        ]
        return try runner.start([Self.kits + "/github/promote.sh"], adding: standard.merging(variables) { $1 }).result()
    }

    func template(_ variables: [String: String]) throws -> CommandResult {
        let script = try yard.tool([
            "python3", "-c", "import sys, yaml; print('\\n'.join(yaml.safe_load(open(sys.argv[1]))['.gradus-promote']['script']))",
            Self.kits + "/gitlab/gradus.gitlab-ci.yml",
        ])
        try folder.write("job.sh", script + "\n")
        let standard = [
            "GITLAB_CI": "true", "GITLAB_USER_LOGIN": "rita", "GRADUS_REPO": yard.repo, "PENDING": "ok",
            "PATH": folder.path + ":/usr/local/bin:/usr/bin:/bin",
        ]
        return try runner.start(["sh", folder("job.sh")], in: folder.path, adding: standard.merging(variables) { $1 }).result()
    }

    private static let kits = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/integrations"
}
