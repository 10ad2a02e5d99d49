/// Which source of an Argo CD Application is meant.
public struct SourceSelector: Sendable, Hashable {
    public var repoURL: String?
    public var chart: String?
    public var name: String?
    /// The position in `spec.sources`, 0 for the first, as in a path.
    public var index: Int?

    public init(repoURL: String? = nil, chart: String? = nil, name: String? = nil, index: Int? = nil) {
        self.repoURL = repoURL
        self.chart = chart
        self.name = name
        self.index = index
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
