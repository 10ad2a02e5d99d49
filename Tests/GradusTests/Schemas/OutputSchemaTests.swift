import PromotionEngine
import TestSupport
import Testing

/// Every document that a command prints is what `schema output` says, no less and no more.
@Suite struct OutputSchemaTests {
    @Test func everyCommandPrintsWhatTheSchemaSays() throws {
        let storefront = Storefront(more: ["values.yaml": "image:\n  tag: \"1.0\"\n", "kustomization.yaml": Storefront.kustomization("web"), "now.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n---\napiVersion: v1\nkind: Secret\n"])
        let site = try Site(.workTree, storefront)
        var documents: [String] = []
        var kinds: Set<String> = []
        func note(_ line: String, as actor: String = "rita") throws {
            let result = try site.run(line.split(separator: " ").map(String.init) + ["-o", "json"], as: actor)
            let document = try #require(result.json, "\(line): \(result)")
            kinds.insert(document.text("kind") ?? line)
            documents.append(result.output)
        }
        let lines = [
            "validate --resolved", "doctor", "version", "status", "adopt --service web --reason moving --dry-run", "adopt --service web --reason moving",
            "release create checkout 1.4.2 --image registry.example/checkout:1.4.2 --commit 0123456789012345678901234567890123456789 --author sam",
            "release create checkout 1.4.3 --dry-run", "report checkout 1.4.2 test_pass_rate=100 security_scan=pass", "reconcile", "matrix",
            "plan checkout --to staging", "promote checkout --to staging --dry-run", "promote checkout --to staging", "promote checkout --to staging",
            "explain checkout --to prod", "promote checkout --to prod --ticket CHG-1 --reason fix", "status", "approve checkout@prod --dry-run",
            "train plan --from staging --to prod", "train run --from staging --to prod", "train run --from qa --to staging", "train show --to prod",
            "freeze add --stage prod --reason party --start 2026-01-01 --until 2030-01-01", "freeze list", "freeze check --stage prod",
            "hold add --service web --stage dev --reason wait", "hold list", "review list", "inbox", "simulate", "validate --tests", "matrix", "resume web --stage dev", "release show checkout 1.4.2", "release list",
            "history", "audit verify", "audit report", "audit report --stage qa", "audit sample --count 1 --seed x --stage qa", "audit rules",
            "audit access", "audit export", "audit attest --stage qa", "completion bash", "metrics dora --stage qa", "status checkout", "show checkout-prod-99", "promote chekout --to prod", "init --dry-run", "init service payments --dry-run",
            "rollback checkout --stage qa --reason bad --dry-run", "diff dev prod", "drift", "abort checkout@prod --reason no --dry-run",
        ]
        for line in lines { try note(line, as: line.hasPrefix("approve") || line.hasPrefix("freeze") ? "olga" : "rita") }
        let promotion = try #require(try site.records().last { $0.text("type") == "requested" }?.text("promotion"))
        try note("show \(promotion)")
        let gradus = GradusProcess(site.environment)
        let folder = site.environment.folder
        try note("backup \(folder("site.bundle"))")
        let restored = try gradus.run(["restore", folder("site.bundle"), "--repo", folder("restored.git"), "-o", "json", "--mirror", site.repo])
        kinds.insert(restored.json?.text("kind") ?? "")
        documents.append(restored.output)
        for line in [["edit", "set", "values.yaml", "image.tag=1.1"], ["edit", "set", "values.yaml", "image.tag=1.2", "--stdout"], ["edit", "get", "values.yaml", "image.tag"], ["health", "now.yaml"]] {
            let result = try gradus.run(line + ["-o", "json"], in: site.repo)
            kinds.insert(result.json?.text("kind") ?? "")
            documents.append(result.output)
        }
        let judge = try SchemaJudge("output", site.environment)
        let verdicts = try judge.verdicts(on: documents, suffix: "json", isClosed: true)
        #expect(verdicts.count == documents.count)
        for (document, verdict) in zip(documents, verdicts) { #expect(verdict == "ok", "\(document.prefix(2_000))") }
        let declared = try #require(gradus.run(["schema", "output"], in: site.repo).json?["oneOf"]?.items.compactMap { $0.text("$ref")?.split(separator: "/").last })
        // These two are files of an export, and what a change from outside leads to.
        #expect(Set(declared.map(String.init)).subtracting(kinds) == ["AuditManifest", "Restoration"])
    }

    /// A document that nobody described would be one that no reader can rely on.
    @Test func everyKindOfDocumentIsDescribed() throws {
        let sources = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/Sources"
        let environment = try HermeticEnvironment()
        let found = try CommandRunner(environment).run(["grep", "-rhoE", "\"kind\": \"[A-Z][A-Za-z]+\"", sources])
        let printed = Set(found.output.split(separator: "\n").compactMap { $0.split(separator: "\"").last.map(String.init) })
        let schema = try GradusProcess(environment).run(["schema", "output"], in: environment.folder.path).json
        let declared = Set(schema?["oneOf"]?.items.compactMap { $0.text("$ref")?.split(separator: "/").last.map(String.init) } ?? [])
        #expect(printed.count > 15)
        #expect(printed.subtracting(declared).isEmpty)
    }

    @Test func aDocumentOfAnotherShapeIsRefused() throws {
        let environment = try HermeticEnvironment()
        let good = "{\"apiVersion\": \"gradus/v1\", \"kind\": \"Value\", \"file\": \"a\", \"path\": \"b\", \"value\": \"c\"}"
        let bad = [
            good.replacing("gradus/v1", with: "gradus/v2"), good.replacing("\"c\"", with: "3"), good.replacing("\"path\": \"b\", ", with: ""),
            good.replacing("Value", with: "Walue"), "{}", "[]",
        ]
        let verdicts = try SchemaJudge("output", environment).verdicts(on: [good] + bad, suffix: "json")
        #expect(verdicts.first == "ok" && verdicts.count == bad.count + 1 && !verdicts.dropFirst().contains("ok"), "\(verdicts)")
    }
}
