/// One declared edit of the desired state: which file, and which values in it (`design.md` section 5, `updates`).
///
/// All texts may hold placeholders such as `{service}` and `{version}`.
public struct Update: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// The entry of `images` with this name gets the release's tag and digest.
        case kustomization(image: String, create: Bool)
        case application(SourceFields)
        /// The template of an ApplicationSet.
        case applicationSet(SourceFields)
        /// Fields of the one element of a list generator that has all the texts of `matching`.
        case applicationSetElement(matching: [Assignment], set: [Assignment], object: String?, create: Bool)
        case helmValues(set: [Assignment], create: Bool = false)
        /// With a dependency `version` is that of the dependency.
        case chart(dependency: String?, version: String?, appVersion: String?)
        /// The image of containers of plain workloads gets the release's tag and digest.
        case manifest(object: String?, container: String?, image: String?)
        case flux(FluxFields)
        case yaml(set: [Assignment], create: Bool = false)
        case json(set: [Assignment], create: Bool = false)
        /// The update's file or folder becomes the one at `from`, by object id.
        case copy(from: String)
        /// The update's file is what a file of `templates/` renders to.
        case template(source: String, parameters: [Assignment], set: [Assignment])
    }

    /// What is written to one source of an Application.
    public struct SourceFields: Sendable, Hashable {
        public var targetRevision: String?
        public var helmParameters: [Assignment]
        public var helmValues: [Assignment]
        /// Arguments in the grammar of `kustomize edit set image`.
        public var kustomizeImages: [String]
        public var source: Source
        /// The name of the Application; nil: the file's only one.
        public var object: String?
        public var create: Bool

        public init(
            targetRevision: String? = nil, helmParameters: [Assignment] = [], helmValues: [Assignment] = [],
            kustomizeImages: [String] = [], source: Source = Source(), object: String? = nil, create: Bool = false
        ) {
            self.targetRevision = targetRevision
            self.helmParameters = helmParameters
            self.helmValues = helmValues
            self.kustomizeImages = kustomizeImages
            self.source = source
            self.object = object
            self.create = create
        }
    }

    /// What is written to a Flux object, or to the values that a policy's marker stands behind.
    public struct FluxFields: Sendable, Hashable {
        /// `Kind/name`, or a name; nil: the file's only object that fits.
        public var object: String?
        /// Of a HelmRelease.
        public var chartVersion: String?
        /// Below `spec.values` of a HelmRelease.
        public var values: [Assignment]
        /// Keys of `spec.ref` of a GitRepository or OCIRepository.
        public var reference: [Assignment]
        /// The entry of `spec.images` of a Kustomization with this name; with a policy the image's name.
        public var image: String?
        /// `namespace:name`, as markers write it.
        public var imagePolicy: String?
        public var create: Bool

        public init(
            object: String? = nil, chartVersion: String? = nil, values: [Assignment] = [], reference: [Assignment] = [],
            image: String? = nil, imagePolicy: String? = nil, create: Bool = false
        ) {
            self.object = object
            self.chartVersion = chartVersion
            self.values = values
            self.reference = reference
            self.image = image
            self.imagePolicy = imagePolicy
            self.create = create
        }
    }

    /// A name or path and the text that it gets, in file order.
    public struct Assignment: Sendable, Hashable {
        public var key: String
        public var value: String
        /// A regular expression: only what it matches in the old text gets the value; nil: the whole text.
        public var match: String?

        public init(key: String, value: String, match: String? = nil) {
            self.key = key
            self.value = value
            self.match = match
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
    /// Some text of it names `{target}`: it is made for each target of a stage that has targets.
    public var isPerTarget = false
    /// The target that it is made for; nil: none.
    public var target: RolloutTarget?

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
