import PromotionEngine
import TestSupport
import Testing

/// `adopt`, permissions, templates, `init service`, and the reports of `validate`, through the built binary.
@Suite struct GovernanceFilesTests {
    private let home: HermeticEnvironment
    private let git: GitFixture
    private let gradus: GradusProcess

    init() throws {
        home = try HermeticEnvironment()
        git = GitFixture(home)
        gradus = GradusProcess(home)
    }

    private static let application = """
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: x}
        spec:
          source:
            targetRevision: main
            helm: {parameters: [{name: tag, value: "1.0.0"}]}

        """

    private static func files(_ groups: String = "groups: {release: [rita], ops: [olga]}\n") -> [String: String] {
        [
            "workflows/shop.yaml": """
                apiVersion: gradus/v1
                workflow: shop
                services: [web]
                updates:
                  - {application: "{environment}/{service}.yaml", helm_parameters: {tag: "{version}"}}
                  - {application: "{environment}/{service}.yaml", target_revision: "v{version}", stages: [prod]}
                stages: [{name: dev, next_stage: prod}, {name: prod}]

                """,
            "workflows/groups.yaml": groups,
            "environments/dev/web.yaml": application, "environments/prod/web.yaml": application,
            "templates/application.yaml": """
                apiVersion: argoproj.io/v1alpha1
                kind: Application
                metadata: {name: '{{service}}-{{stage}}'}
                spec:
                  source:
                    targetRevision: '{{chart_version}}{{^chart_version}}main{{/chart_version}}'
                    helm:
                      parameters:{{^parameters}} []{{/parameters}}
                        {{#parameters}}
                        - {name: '{{name}}', value: '{{value}}'}
                        {{/parameters}}
                  {{^production}}
                  syncPolicy: {automated: {prune: true}}
                  {{/production}}

                """,
        ]
    }

    private func types(_ place: String) throws -> [String] {
        let history = try gradus.run(["history", "-o", "jsonl"], in: place)
        return (history.lines ?? []).compactMap { $0["type"]?.stringValue }
    }

    @Test func floatingAndMixedVersionsAreToldAndRecorded() throws {
        let place = try git.makeWorkTree("shop", Self.files())
        let adopted = try gradus.run(["adopt", "--reason", "start", "-o", "json", "--actor", "olga"], in: place)
        let cells = adopted.json?["cells"]?.arrayValue
        #expect(cells?.map { $0["stage"]?.stringValue } == ["dev", "prod"])
        #expect(cells?[0]["mixed"] == .array([]))
        #expect(cells?[1]["mixed"] == .array(["1.0.0", "main"]))
        let matrix = try gradus.run(["matrix", "-o", "json"], in: place).json
        let prod = matrix?["services"]?.arrayValue?[0]["cells"]?["prod"]
        #expect(prod?["adopted"] == true)
        #expect(prod?["mixed"] == true)
        #expect(prod?["version"] == "1.0.0")
        #expect(try types(place).filter { $0 == "baseline.adopted" }.count == 2)
    }

    @Test func whatIsNotPermittedEndsWithFourAndIsRecordedOnce() throws {
        let groups = """
            groups: {release: [rita], ops: [olga]}
            permissions:
              - {allow: [promote], groups: [release], stages: [dev]}
              - {allow: [promote, adopt], groups: [ops]}

            """
        let place = try git.makeWorkTree("shop", Self.files(groups))
        #expect(try gradus.run(["release", "create", "web", "1.1.0", "--actor", "ci"], in: place).code == 0)
        for _ in 0..<2 {
            let denied = try gradus.run(["promote", "web", "--to", "dev", "--actor", "sam", "-o", "json"], in: place)
            #expect(denied.code == 4)
            #expect(denied.json?["exit_code"] == 4)
            #expect(denied.errors.contains("only release, ops may"))
        }
        #expect(try types(place).filter { $0 == "denied" }.count == 1)
        #expect(try gradus.run(["promote", "web", "--to", "dev", "--actor", "rita"], in: place).code == 0)
        #expect(try gradus.run(["promote", "web", "--to", "prod", "--actor", "rita"], in: place).code == 4)
        #expect(try gradus.run(["adopt", "--reason", "x", "--actor", "rita"], in: place).code == 4)
        #expect(try gradus.run(["approve", "web@prod", "--actor", "olga"], in: place).code == 4)
        #expect(try gradus.run(["promote", "web", "--to", "prod", "--actor", "olga"], in: place).code == 0)
        #expect(try types(place).filter { $0 == "denied" }.count == 4)
        #expect(try gradus.run(["audit", "verify"], in: place).code == 0)
    }

    @Test func aServiceIsAddedToAllEnvironmentsFromTheTemplate() throws {
        let place = try git.makeWorkTree("shop", Self.files())
        let added = try gradus.run(["init", "service", "cart", "--owner", "ops", "--version", "0.1.0"], in: place)
        #expect(added.code == 0, "\(added.errors)")
        #expect(try TemporaryFolder.read("\(place)/environments/prod/cart.yaml") == """
            apiVersion: argoproj.io/v1alpha1
            kind: Application
            metadata: {name: 'cart-prod'}
            spec:
              source:
                targetRevision: 'v0.1.0'
                helm:
                  parameters:
                    - {name: 'tag', value: '0.1.0'}

            """)
        #expect(try TemporaryFolder.read("\(place)/environments/dev/cart.yaml").contains("automated: {prune: true}"))
        #expect(try TemporaryFolder.read("\(place)/workflows/shop.yaml").contains("cart"))
        let validated = try gradus.run(["validate", "-o", "json"], in: place)
        #expect(validated.json?["valid"] == true, "\(validated.output)")
        let again = try gradus.run(["init", "service", "cart", "-o", "json"], in: place)
        #expect(again.json?["files"] == .array([]))
        #expect(try gradus.run(["init", "service", "../x"], in: place).code == 2)
    }

    @Test func aTemplateUpdateRendersTheFileOfTheRelease() throws {
        var files = Self.files()
        files["workflows/shop.yaml"] = """
            apiVersion: gradus/v1
            workflow: shop
            services: [web]
            updates:
              - template: templates/application.yaml
                to: "{environment}/rendered/{service}.yaml"
                parameters: {tag: "{version}"}
            stages: [{name: dev, next_stage: prod}, {name: prod}]

            """
        let place = try git.makeWorkTree("shop", files)
        #expect(try gradus.run(["validate"], in: place).code == 0)
        for version in ["1.1.0", "1.2.0"] {
            #expect(try gradus.run(["release", "create", "web", version], in: place).code == 0)
            let promoted = try gradus.run(["promote", "web", "--to", "dev"], in: place)
            #expect(promoted.code == 0, "\(promoted.errors)")
            #expect(try git.blob("environments/dev/rendered/web.yaml", in: place).contains("value: '\(version)'"))
        }
        let matrix = try gradus.run(["matrix", "-o", "json"], in: place).json
        #expect(matrix?["services"]?.arrayValue?[0]["cells"]?["dev"]?["version"] == "1.2.0")
        #expect(try gradus.run(["promote", "web", "--to", "dev", "-o", "json"], in: place).json?["result"] == "unchanged")
        #expect(try gradus.run(["promote", "web", "--to", "prod"], in: place).code == 0)
    }

    @Test func findingsCanBeReadByACI() throws {
        var files = Self.files()
        files["workflows/shop.yaml"] = files["workflows/shop.yaml"]?.replacing("tag:", with: "tagg:")
        let place = try git.makeWorkTree("shop", files)
        let sarif = try gradus.run(["validate", "--format", "sarif"], in: place)
        #expect(sarif.code == 2)
        #expect(sarif.json?["version"] == "2.1.0")
        let result = sarif.json?["runs"]?.arrayValue?[0]["results"]?.arrayValue?[0]
        #expect(result?["level"] == "error")
        let place1 = result?["locations"]?.arrayValue?[0]["physicalLocation"]
        #expect(place1?["artifactLocation"]?["uri"] == "workflows/shop.yaml")
        #expect(place1?["region"]?["startLine"] == 5)
        let junit = try gradus.run(["validate", "--format", "junit"], in: place)
        #expect(junit.output.contains("<testsuite name=\"gradus validate\" tests=\"2\" failures=\"1\""))
        #expect(junit.output.contains("<testcase classname=\"gradus.validate\" name=\"workflows/groups.yaml\"/>"))
    }

    @Test func theResolvedViewNamesEveryEdgeAndValue() throws {
        let place = try git.makeWorkTree("shop", Self.files())
        let shown = try gradus.run(["validate", "--resolved"], in: place)
        #expect(shown.output.contains("  dev -> prod: manual; no approval; no criteria"))
        #expect(shown.output.contains("    prod: environments/prod/web.yaml: spec.source.targetRevision (now main)"))
        let document = try gradus.run(["validate", "--resolved", "-o", "json"], in: place).json
        #expect(document?["resolved"]?.arrayValue?.count == 2)
    }

    @Test(arguments: ["workflow", "groups", "calendar"])
    func schemasAreJSON(file: String) throws {
        let schema = try gradus.run(["schema", file])
        #expect(schema.json?["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema.json?["additionalProperties"] == false)
    }
}

extension String {
    /// Every occurrence of `text` replaced.
    fileprivate func replacing(_ text: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let found = rest.firstRange(of: text) {
            result += rest[..<found.lowerBound] + other
            rest = rest[found.upperBound...]
        }
        return result + rest
    }
}
