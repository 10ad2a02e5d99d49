/// Which source of an Argo CD Application is meant.
public struct SourceSelector: Sendable, Hashable {
    /// What holds the source.
    public enum Holder: Sendable, Hashable {
        case application
        /// The template of an ApplicationSet.
        case applicationSet
    }

    public var repoURL: String?
    public var chart: String?
    public var name: String?
    /// The position in `spec.sources`, 0 for the first, as in a path.
    public var index: Int?
    public var holder: Holder
    /// The name of the Application; nil: the file's only one.
    public var object: String?

    public init(
        repoURL: String? = nil, chart: String? = nil, name: String? = nil, index: Int? = nil,
        holder: Holder = .application, object: String? = nil
    ) {
        self.repoURL = repoURL
        self.chart = chart
        self.name = name
        self.index = index
        self.holder = holder
        self.object = object
    }

    /// The only source there is.
    public static let only = SourceSelector()

    var description: String {
        let parts = [
            repoURL.map { "repo_url \($0)" }, chart.map { "chart \($0)" }, name.map { "name \($0)" },
            index.map { "index \($0)" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }
}
