import PromotionEngine
public import WorkflowModel
import YAMLEdit

/// What adding a service to all environments of a workflow takes.
public struct ServiceAddition: Sendable {
    /// New and changed files, by path.
    public private(set) var files: [String: [UInt8]] = [:]
    /// Files that updates need and no template makes, each with why.
    public private(set) var missing: [String] = []

    /// What a person says of the new service.
    public struct Request: Sendable {
        public var service: Service
        /// Stands in the files until the first promotion.
        public var version: String
        public var parameters: [String: String]
        public var set: [String: String]

        public init(service: Service, version: String, parameters: [String: String] = [:], set: [String: String] = [:]) {
            self.service = service
            self.version = version
            self.parameters = parameters
            self.set = set
        }
    }

    /// Renders every file that an update of the workflow needs and that is not there, and names the service in the workflow.
    ///
    /// Templates are `templates/application.yaml`, `templates/kustomization.yaml` and so on, by the kind of the update.
    /// Throws a usage error for a template or a workflow file that cannot be used.
    public init(_ request: Request, to workflow: Workflow, in source: any OverlaySource) throws {
        var templates: [String: ManifestTemplate?] = [:]
        for stage in workflow.stages {
            let release = Release(service: request.service.name, version: request.version, workflow: workflow.name)
            let intent = EditIntent(workflow: workflow, service: request.service, stage: stage, release: release)
            let resolution = UpdateResolution(intent: intent, strictness: .writing)
            for update in intent.updates where !update.makesFile {
                let file = try resolution.file(of: update)
                guard files[file] == nil, try source.bytes(of: file, onBranch: stage.branch) == nil else { continue }
                let path = "templates/\(update.kindName).yaml"
                if templates[path] == nil { templates[path] = try Self.template(path, source) }
                guard let template = templates[path] ?? nil else {
                    note("\(file) for \(stage.name): there is no \(path) to make it of")
                    continue
                }
                let bytes = try template.rendered(try Self.values(request, intent, resolution, for: file), for: file)
                guard stage.branch == nil else {
                    note("\(file) for \(stage.name): it belongs on branch \(stage.branch ?? "")")
                    continue
                }
                files[file] = bytes
            }
        }
        try name(request, in: workflow, source)
    }

    private mutating func note(_ text: String) {
        if !missing.contains(text) { missing.append(text) }
    }

    private static func template(_ path: String, _ source: any OverlaySource) throws -> ManifestTemplate? {
        try source.bytes(of: path, onBranch: nil).map { try ManifestTemplate(String(decoding: $0, as: UTF8.self), path: path) }
    }

    /// What all updates of the file write stands in it from the start, so that each of them finds its place.
    private static func values(
        _ request: Request, _ intent: EditIntent, _ resolution: UpdateResolution, for file: String
    ) throws -> ManifestTemplate.Values {
        var parameters: [Update.Assignment] = []
        var set = request.set
        for update in intent.updates where try resolution.file(of: update) == file {
            switch update.kind {
            case .application(let fields):
                if let revision = fields.targetRevision, set["chart_version"] == nil { set["chart_version"] = try resolution.filled(revision) }
                for parameter in try resolution.filled(fields.helmParameters) where !parameters.contains(where: { $0.key == parameter.key }) {
                    parameters.append(parameter)
                }
            case .kustomization(let image, _):
                if set["image"] == nil { set["image"] = try resolution.filled(image) }
            default: continue
            }
        }
        for (name, value) in request.parameters.sorted(by: { $0.key < $1.key }) {
            parameters.removeAll { $0.key == name }
            parameters.append(Update.Assignment(key: name, value: value))
        }
        return ManifestTemplate.Values(
            service: request.service, stage: intent.stage, release: intent.release, parameters: parameters,
            set: set.sorted { $0.key < $1.key }.map { Update.Assignment(key: $0.key, value: $0.value) })
    }

    /// A workflow that discovers its services finds the new one by its files.
    private mutating func name(_ request: Request, in workflow: Workflow, _ source: any OverlaySource) throws {
        guard workflow.service(request.service.name) == nil, !workflow.discovers else { return }
        let service = request.service
        var fields = [YAMLContent.Field("name", .string(service.name))]
        if let owner = service.owner { fields.append(.init("owner", .string(owner))) }
        if !service.vars.isEmpty {
            let vars = service.vars.sorted { $0.key < $1.key }.map { YAMLContent.Field($0.key, .string($0.value)) }
            fields.append(.init("vars", .mapping(vars)))
        }
        let content: YAMLContent = fields.count == 1 ? .string(service.name) : .mapping(fields)
        guard let bytes = try source.bytes(of: workflow.path, onBranch: nil) else { return }
        do throws(YAMLError) {
            let file = try YAMLFile(bytes: bytes, path: workflow.path)
            files[workflow.path] = try file.applying([.append(content, to: try YAMLPath(parsing: "services"))])
        } catch {
            throw PromotionError(
                .usage, "\(workflow.path) cannot be edited", hint: "name the service there by hand",
                faults: error.diagnostics.map(\.description))
        }
    }
}

extension Update {
    /// The key that names the kind in a workflow file.
    var kindName: String {
        switch kind {
        case .kustomization: "kustomization"
        case .application: "application"
        case .applicationSet, .applicationSetElement: "application_set"
        case .chart: "chart"
        case .manifest: "manifest"
        case .flux: "flux"
        case .json: "json"
        case .copy: "copy"
        case .helmValues: "helm_values"
        case .yaml: "yaml"
        case .template: "template"
        }
    }
}
