import Manifests
import Mustache
import YAMLEdit
public import PromotionEngine
public import WorkflowModel

/// A manifest of `templates/`, rendered with mustache for one service in one stage (`design.md` section 5, `template`).
///
/// Nothing is escaped: the result is text. A YAML or JSON file that does not parse after rendering is refused, so that
/// a value with an odd character cannot break out of its place unseen.
public struct ManifestTemplate {
    private let template: MustacheTemplate
    private let path: String

    /// What a template may name beside the values that it is given.
    public struct Values: Sendable {
        public var service: Service
        public var stage: Stage
        /// Nil while no release is meant, as when a service is added.
        public var release: Release?
        /// Rendered as a list of `name` and `value`, in this order.
        public var parameters: [Update.Assignment]
        /// Free names.
        public var set: [Update.Assignment]

        public init(
            service: Service, stage: Stage, release: Release?, parameters: [Update.Assignment] = [],
            set: [Update.Assignment] = []
        ) {
            self.service = service
            self.stage = stage
            self.release = release
            self.parameters = parameters
            self.set = set
        }
    }

    /// Throws a usage error with the place when the text is no template.
    public init(_ text: String, path: String) throws {
        self.path = path
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
        } catch let error as MustacheTemplate.ParserError {
            throw PromotionError(
                .usage, "\(path) is no mustache template", hint: "see docs/templates.md",
                faults: ["\(path):\(error.context.lineNumber): error: \(error.error)\n\(error.context.line)"])
        }
    }

    /// The bytes of the file. Throws a usage error when a YAML or JSON file would not parse.
    public func rendered(_ values: Values, for file: String) throws -> [UInt8] {
        let bytes = Array(template.render(Self.context(values)).utf8)
        guard [".yaml", ".yml", ".json"].contains(where: file.hasSuffix) else { return bytes }
        do throws(ManifestError) {
            _ = try ManifestFile(bytes: bytes, path: file)
        } catch {
            throw PromotionError(
                .usage, "\(path) makes no valid \(file) for \(values.service.name) in \(values.stage.name)",
                hint: "look for values that need quotes", faults: error.diagnostics.map(\.description))
        }
        return bytes
    }

    private static func context(_ values: Values) -> [String: Any] {
        let release = values.release
        let image = release?.image(named: nil)
        let texts: [String: String?] = [
            "service": values.service.name, "owner": values.service.owner, "stage": values.stage.name,
            "environment": values.stage.environment, "branch": values.stage.branch, "version": release?.version,
            "tag": image?.tag ?? release?.version, "digest": release?.digest, "image": image?.name, "commit": release?.commit,
        ]
        var context: [String: Any] = values.service.vars
        context.merge(texts.compactMapValues { $0 }) { $1 }
        // Sections by the kind of stage: {{#production}} … {{/production}}.
        for name in Stage.Class.allCases { context[name.rawValue] = name == values.stage.stageClass }
        context["labels"] = values.service.labels.sorted { $0.key < $1.key }.map { ["name": $0.key, "value": $0.value] }
        context["parameters"] = values.parameters.map { ["name": $0.key, "value": $0.value] }
        for assignment in values.set { context[assignment.key] = assignment.value }
        return context
    }
}
