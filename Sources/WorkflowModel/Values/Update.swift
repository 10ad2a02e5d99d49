/// One declared edit of the desired state: which file, and which values in it (`design.md` section 5, `updates`).
///
/// All texts may hold placeholders such as `{service}` and `{version}`.
public struct Update: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The entry of `images` with this name gets the release's tag and digest.
        case kustomization(image: String, create: Bool)
        case application(targetRevision: String?, helmParameters: [Assignment], source: Source)
        case helmValues(set: [Assignment])
        case yaml(set: [Assignment])
        /// The update's file is what a file of `templates/` renders to.
        case template(source: String, parameters: [Assignment], set: [Assignment])
    }

    /// A name or path and the text that it gets, in file order.
    public struct Assignment: Sendable, Hashable {
        public var key: String
        public var value: String

        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Selects one source of a multi-source Application; all nil: the only one.
    public struct Source: Sendable, Hashable {
        public var repoURL: String?
        public var chart: String?
        public var name: String?
        /// Zero-based position in `spec.sources`.
        public var index: Int?

        public init(repoURL: String? = nil, chart: String? = nil, name: String? = nil, index: Int? = nil) {
            self.repoURL = repoURL
            self.chart = chart
            self.name = name
            self.index = index
        }
    }

    /// The file's path inside the repository, with placeholders.
    public var file: String
    public var kind: Kind
    /// Only in these stages; empty: in all.
    public var stages: [String]
    /// Only for these services: names, or `label=value`; empty: for all.
    public var services: [String]
    public var location: Located

    public init(
        file: String, kind: Kind, stages: [String] = [], services: [String] = [],
        location: Located = Located()
    ) {
        self.file = file
        self.kind = kind
        self.stages = stages
        self.services = services
        self.location = location
    }

    /// True when neither `stages:` nor `for:` excludes this service and stage.
    public func applies(to service: Service, stage: String) -> Bool {
        (stages.isEmpty || stages.contains(stage)) && (services.isEmpty || services.contains { selects(service, by: $0) })
    }

    private func selects(_ service: Service, by selector: String) -> Bool {
        guard let separator = selector.firstIndex(of: "=") else { return selector == service.name }
        let label = String(selector[..<separator])
        return service.labels[label] == String(selector[selector.index(after: separator)...])
    }
}
