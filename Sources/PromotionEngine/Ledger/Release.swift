/// An immutable set of artifact versions that moves through the stages under one version.
public struct Release: FactPayload {
    /// A container image by the name that overlays use, with what pins it.
    public struct Image: Sendable, Hashable {
        public let name: String
        public let tag: String?
        public let digest: String?

        public init(name: String, tag: String?, digest: String?) {
            self.name = name
            self.tag = tag
            self.digest = digest
        }
    }

    public let service: String
    public let version: String
    /// The workflow that the service belonged to when it was registered.
    public let workflow: String
    /// In the order given.
    public let images: [Image]
    /// Chart versions by name.
    public let charts: [String: String]
    /// The source commit.
    public let commit: String?
    /// Subject ids; empty: unknown.
    public internal(set) var authors: [String]
    public let ciURL: String?
    /// Versions whose changes are in this one, such as hotfixes made beside the stages.
    public let contains: [String]
    /// Why nothing goes back past this release by itself; nil where it may.
    public internal(set) var irreversible: String?

    public init(
        service: String, version: String, workflow: String, images: [Image] = [], charts: [String: String] = [:],
        commit: String? = nil, authors: [String] = [], ciURL: String? = nil, contains: [String] = [],
        irreversible: String? = nil
    ) {
        self.service = service
        self.version = version
        self.workflow = workflow
        self.images = images
        self.charts = charts
        self.commit = commit
        self.authors = authors
        self.ciURL = ciURL
        self.contains = contains
        self.irreversible = irreversible
    }

    /// The digest of the first image that has one: what evidence and approvals are bound to beside the version.
    public var digest: String? { images.lazy.compactMap(\.digest).first }

    /// The image of that name, or the only one.
    public func image(named name: String?) -> Image? {
        guard let name else { return images.count == 1 ? images[0] : nil }
        return images.first { $0.name == name }
    }

    init(_ fields: JSONFields) throws(RecordFault) {
        service = try fields.string("service")
        version = try fields.string("version")
        workflow = try fields.string("workflow")
        var images: [Image] = []
        for item in try fields.list("images") {
            let image = try JSONFields(item, "image")
            images.append(
                Image(
                    name: try image.string("name"), tag: try image.optionalString("tag"),
                    digest: try image.optionalString("digest")))
        }
        self.images = images
        charts = try fields.stringMap("charts")
        commit = try fields.optionalString("commit")
        authors = try fields.strings("authors")
        ciURL = try fields.optionalString("ci_url")
        contains = try fields.strings("contains")
        irreversible = try fields.optionalString("irreversible")
    }

    public var members: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "service": .string(service), "version": .string(version), "workflow": .string(workflow),
        ]
        if !images.isEmpty {
            members["images"] = .array(
                images.map { image in
                    .compact([
                        "name": .string(image.name), "tag": .optional(image.tag), "digest": .optional(image.digest),
                    ])
                })
        }
        members.set("charts", charts)
        members.set("commit", commit)
        members.set("authors", authors)
        members.set("ci_url", ciURL)
        members.set("contains", contains)
        members.set("irreversible", irreversible)
        return members
    }

    /// What differs from another registration of the same version, as member names. The CI run may differ: it is where the same content was built again.
    public func differences(from other: Release) -> [String] {
        let (mine, theirs) = (members, other.members)
        return Set(mine.keys).union(theirs.keys).subtracting(["ci_url", "workflow"])
            .filter { mine[$0] != theirs[$0] }.sorted()
    }
}
