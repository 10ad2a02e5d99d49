import Manifests
import Testing
import WorkflowModel
import YAMLEdit

/// One service in one stage of the sample: what a promotion into it writes.
struct SampleCell {
    static let services = ["inventory", "recommendations", "checkout", "web"]
    static let stages = ["dev", "qa", "staging", "prod"]

    /// One declared field: the update that writes it, and the text it gets before a version is known.
    struct Field {
        var file: String
        var template: PlaceholderTemplate
        var update: @Sendable (_ text: String) -> ManifestUpdate
    }

    let service: Service
    let stage: Stage
    let fields: [Field]

    init(_ service: String, _ stage: String) throws {
        let workflow = try #require(try Self.read().rules.workflow(of: service))
        let found = try #require(workflow.stage(stage))
        let known = try #require(workflow.service(service))
        self.service = known
        self.stage = found
        fields = try workflow.updates(for: known, in: found).flatMap { try Self.fields(of: $0, known, found) }
    }

    /// The files that hold a declared field, sorted.
    var files: [String] { Set(fields.map(\.file)).sorted() }

    /// The rules of the sample, as a promotion reads them.
    static func read() throws -> (rules: Rules, diagnostics: [Diagnostic]) {
        let files = try SampleFiles.files(in: "workflows").map {
            RuleFile(path: $0, bytes: try SampleFiles.bytes($0), blobID: "")
        }
        return RulesReader.read(files)
    }

    /// The value of a placeholder; nil for what belongs to the release.
    func value(of placeholder: String) -> String? { Self.value(of: placeholder, service, stage) }

    /// The updates of one file that bring a version.
    func updates(of file: String, version: String) throws -> [ManifestUpdate] {
        try fields.filter { $0.file == file }.map { field in
            field.update(try field.template.expanded { $0 == "version" ? version : value(of: $0) })
        }
    }

    private static func value(of placeholder: String, _ service: Service, _ stage: Stage) -> String? {
        switch placeholder {
        case "service": service.name
        case "stage": stage.name
        case "environment": stage.environment
        default: service.vars[placeholder]
        }
    }

    private static func fields(of update: Update, _ service: Service, _ stage: Stage) throws -> [Field] {
        let expanded = { (text: String) throws -> String in
            try PlaceholderTemplate(text).expanded { value(of: $0, service, stage) }
        }
        let file = try expanded(update.file)
        switch update.kind {
        case .kustomization(let image, let create):
            let name = try expanded(image)
            return [
                Field(file: file, template: PlaceholderTemplate("{version}")) {
                    .kustomizationImage(name: name, newName: nil, tag: $0, digest: nil, create: create)
                }
            ]
        case .application(let written):
            let (revision, parameters, source) = (written.targetRevision, written.helmParameters, written.source)
            let selector = SourceSelector(
                repoURL: source.repoURL, chart: source.chart, name: source.name, index: source.index)
            let revisions = revision.map {
                [Field(file: file, template: PlaceholderTemplate($0)) {
                    .applicationTargetRevision($0, source: selector)
                }]
            }
            return try (revisions ?? []) + parameters.map { parameter in
                let name = try expanded(parameter.key)
                return Field(file: file, template: PlaceholderTemplate(parameter.value)) {
                    .applicationHelmParameter(name: name, value: $0, source: selector)
                }
            }
        case .helmValues(let set, _), .yaml(let set, _):
            return try set.map { assignment in
                let path = try YAMLPath(parsing: expanded(assignment.key))
                return Field(file: file, template: PlaceholderTemplate(assignment.value)) {
                    .value(path: path, text: $0, typing: .keepType)
                }
            }
        case .applicationSet, .applicationSetElement, .chart, .manifest, .flux, .json, .copy, .template:
            Issue.record("the sample has an update that this test does not know")
            return []
        }
    }
}
