/// Everything in one commit of the target branch that decides: workflows and groups.
public struct Rules: Sendable, Hashable {
    /// In order of path.
    public var workflows: [Workflow]
    public var people: People
    public var calendar: ReleaseCalendar
    /// The blob id, in hexadecimal, of every file that was read, by path. Every record names those used.
    public var sources: [String: String]

    public init(workflows: [Workflow], people: People = People(), calendar: ReleaseCalendar = ReleaseCalendar(), sources: [String: String] = [:]) {
        self.workflows = workflows
        self.people = people
        self.calendar = calendar
        self.sources = sources
    }

    /// The workflow that declares the service; otherwise the only one of the seed form, in which any service fits.
    public func workflow(of service: String) -> Workflow? {
        if let declaring = workflows.first(where: { $0.services.contains { $0.name == service } }) { return declaring }
        let open = workflows.filter(\.isSeedForm)
        return open.count == 1 ? open[0] : nil
    }

    /// The names of all declared services, sorted.
    public var serviceNames: [String] {
        workflows.flatMap { $0.services.map(\.name) }.sorted()
    }
}
