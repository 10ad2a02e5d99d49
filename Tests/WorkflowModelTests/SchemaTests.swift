import Testing
import WorkflowModel

/// The table of keys and the decoder say the same.
@Suite struct SchemaTests {
    /// A text of the shape that a key asks for; nil where no text alone tells it.
    private static func sample(_ value: ValueSchema) -> String {
        switch value {
        case .text: "x"
        case .flag: "true"
        case .count(let minimum): "\(minimum + 1)"
        case .span: "1h"
        case .choice(let names): names[0]
        case .list(let item): "[\(sample(item))]"
        case .map(let map): map.others == nil ? "{\(map.keys.filter(\.isRequired).map { "\($0.name): \(sample($0.value))" }.joined(separator: ", "))}" : "{smoke_tests: pass}"
        case .mapOf(let inner): "{k: \(sample(inner))}"
        case .either(let choices): sample(choices[0])
        case .nothing: "null"
        case .any: "{}"
        }
    }

    /// A text of another shape; nil where any shape is fine.
    private static func wrong(_ value: ValueSchema) -> String? {
        switch value {
        case .text, .flag, .count, .span, .choice: "{k: [x]}"
        case .list, .map, .mapOf: "7"
        case .either, .nothing, .any: nil
        }
    }

    private static func complaints(_ text: String, file: String = "flow.yaml") -> [String] {
        Fixtures.lines(Fixtures.read([file: text]).diagnostics)
    }

    private static func stage(with key: String, _ value: String) -> String {
        Fixtures.workflow("stages:\n  - name: dev\n    \(key): \(value)\n")
    }

    @Test(arguments: WorkflowSchema.stage.keys.filter { $0.name != "name" }.map(\.name))
    func everyKeyOfAStageIsReadAsTheTableSays(name: String) throws {
        let key = try #require(WorkflowSchema.stage.keys.first { $0.name == name })
        let right = Self.complaints(Self.stage(with: name, Self.sample(key.value)))
        #expect(!right.contains { $0.contains("unknown key `\(name)`") })
        #expect(right.contains { $0.contains("`\(name)` is not supported") } == !key.isSupported)
        guard key.isSupported, let wrong = Self.wrong(key.value) else { return }
        let isType = { (line: String) in line.contains("must be") }
        #expect(!right.contains(where: isType), "\(right)")
        #expect(Self.complaints(Self.stage(with: name, wrong)).contains(where: isType))
    }

    @Test(arguments: WorkflowSchema.workflow.keys.filter { !["apiVersion", "workflow", "services", "updates", "stages"].contains($0.name) }.map(\.name))
    func everyKeyOfAWorkflowIsReadAsTheTableSays(name: String) throws {
        let key = try #require(WorkflowSchema.workflow.keys.first { $0.name == name })
        let text = { (value: String) in Fixtures.workflow("stages: [{name: dev}]\n\(name): \(value)") }
        let right = Self.complaints(text(Self.sample(key.value)))
        #expect(!right.contains { $0.contains("unknown key `\(name)`") })
        #expect(right.contains { $0.contains("`\(name)` is not supported") } == !key.isSupported)
        guard key.isSupported, let wrong = Self.wrong(key.value) else { return }
        #expect(Self.complaints(text(wrong)).contains { $0.contains("must be") })
    }

    @Test(arguments: UpdateSchema.kinds.flatMap { kind in kind.keys.map { "\(kind.name)/\($0.name)" } })
    func everyKeyOfAnUpdateIsKnownToItsKind(path: String) throws {
        let parts = path.split(separator: "/").map(String.init)
        let kind = try #require(UpdateSchema.kinds.first { $0.name == parts[0] })
        var keys = kind.keys.filter { $0.isRequired || $0.name == parts[1] }
        // Kinds that need one of several keys, and keys that need another one.
        let companions = [
            "update_application": ["target_revision"], "update_chart": ["version"], "update_manifest": ["container"],
            "update_flux": ["chart_version"], "update_application_set": ["target_revision"],
        ]
        for name in companions[parts[0]] ?? [] where !keys.contains(where: { $0.name == name }) {
            keys += kind.keys.filter { $0.name == name }
        }
        let update = keys.map { "\($0.name): \($0.name == "for" ? "[web]" : $0.name == "stages" ? "[dev]" : $0.name == "template" ? "templates/a.yaml" : Self.sample($0.value))" }
        let lines = Self.complaints(Self.stage(with: "updates", "[{\(update.joined(separator: ", "))}]"))
        #expect(!lines.contains { $0.contains("unknown key") || $0.contains("not supported") || $0.contains("must be") }, "\(lines)")
        let misspelled = Self.complaints(Self.stage(with: "updates", "[{\(update.joined(separator: ", ")), colour: x}]"))
        #expect(misspelled.contains { $0.contains("unknown key `colour`") })
    }

    @Test(arguments: [PeopleSchema.groups, PeopleSchema.calendar].flatMap { map in map.keys.map { "\(map.name)/\($0.name)" } })
    func everyKeyOfTheOtherFilesIsRead(path: String) throws {
        let parts = path.split(separator: "/").map(String.init)
        let map = parts[0] == "groups" ? PeopleSchema.groups : PeopleSchema.calendar
        let key = try #require(map.keys.first { $0.name == parts[1] })
        let lines = Self.complaints("\(key.name): 7\n", file: "\(parts[0]).yaml")
        #expect(lines.contains { $0.contains("`\(key.name)` must be a") }, "\(lines)")
    }

    @Test func everyKeyIsDescribed() {
        for map in [WorkflowSchema.workflow, WorkflowSchema.stage, PeopleSchema.groups, PeopleSchema.calendar] + UpdateSchema.kinds {
            for key in map.keys where key.isSupported {
                #expect(key.description.hasSuffix("."), "\(map.name).\(key.name)")
            }
        }
    }
}
