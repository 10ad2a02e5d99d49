import PromotionEngine
import TestSupport
import Testing

/// `edit` changes single values of files, without any repository.
@Suite struct EditCommandTests {
    private let environment: HermeticEnvironment
    private let gradus: GradusProcess
    private let values = "image:\n  tag: \"1.0.0\"   # ours\nreplicas: 2\nenv:\n- {name: LOG, value: info}\n"

    init() throws {
        environment = try HermeticEnvironment()
        gradus = GradusProcess(environment)
        try environment.folder.write("values.yaml", values, mode: 0o640)
        try environment.folder.write("kustomization.yaml", Storefront.kustomization("web"))
    }

    private func run(_ arguments: String...) throws -> GradusResult {
        try gradus.run(["edit"] + arguments, in: environment.folder.path)
    }

    @Test func setChangesOnlyTheValuesBytes() throws {
        let result = try run("set", "values.yaml", "image.tag=1.4.2", "env[name=LOG].value=debug", "replicas=3")
        #expect(result.code == 0, "\(result)")
        #expect(
            try environment.folder.read("values.yaml")
                == "image:\n  tag: \"1.4.2\"   # ours\nreplicas: 3\nenv:\n- {name: LOG, value: debug}\n")
        let mode = try CommandRunner(environment).run(["stat", "-c", "%a", environment.folder("values.yaml")]).line
        #expect(mode == "640", "the file's permissions changed")
        #expect(try run("get", "values.yaml", "env[name=LOG].value").output == "debug\n")
    }

    @Test func stdoutLeavesTheFile() throws {
        let result = try run("set", "values.yaml", "replicas=3", "--stdout")
        #expect(result.output == values.replacing("replicas: 2", with: "replicas: 3"))
        #expect(try environment.folder.read("values.yaml") == values)
    }

    @Test func stdoutAsJSONIsOneDocument() throws {
        let document = try #require(try run("set", "values.yaml", "replicas=3", "--stdout", "-o", "json").json)
        #expect(document.text("kind") == "Edit" && document.text("content") == values.replacing("replicas: 2", with: "replicas: 3"))
        #expect(try environment.folder.read("values.yaml") == values)
    }

    @Test func checkTellsByExitCode() throws {
        #expect(try run("set", "values.yaml", "replicas=3", "--check").code == 3)
        #expect(try run("set", "values.yaml", "replicas=2", "--check").code == 0)
        #expect(try environment.folder.read("values.yaml") == values)
    }

    @Test func imageSpeaksKustomizesGrammar() throws {
        #expect(try run("image", "kustomization.yaml", "registry.example/web:1.4.2").code == 0)
        #expect(try environment.folder.read("kustomization.yaml") == Storefront.kustomization("web", tag: "1.4.2"))
        let missing = try run("image", "kustomization.yaml", "registry.example/wep:1.4.2", "-o", "json")
        #expect(missing.code == 2 && missing.json?.text("kind") == "Error" && missing.errors.contains("registry.example/web"), "\(missing)")
    }

    @Test func aPathThatIsNotThereNamesTheNearest() throws {
        let result = try run("set", "values.yaml", "image.tga=1.4.2")
        #expect(result.code == 2 && result.errors.contains("values.yaml:") && result.errors.contains("`tag`"), "\(result.errors)")
        #expect(try run("get", "values.yaml", "replicaz").code == 2)
        #expect(try run("set", "values.yaml", "image.tag").code == 2)
        #expect(try run("set", "nowhere.yaml", "a=1").code == 1)
        #expect(try environment.folder.read("values.yaml") == values)
    }

    @Test func severalEditsAreAllOrNothing() throws {
        #expect(try run("set", "values.yaml", "replicas=3", "nothing.here=1").code == 2)
        #expect(try environment.folder.read("values.yaml") == values)
    }
}
