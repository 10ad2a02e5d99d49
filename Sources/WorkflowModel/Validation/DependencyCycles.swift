import YAMLEdit

/// Services that wait for each other by `depends_on`, so that none of them gets in alone.
///
/// 1. Those that meet in one stage can be brought by a train, which counts its members on each other: a warning.
/// 2. Where a cycle leads through several stages no command gets anything in: an error.
/// 3. A service does not wait for itself in the stage that it enters, because a stage's rules are those of all its services.
struct DependencyCycles {
    private let workflows: [DecodedWorkflow]
    private let owners: [String: Int]

    private struct Place: Hashable {
        let service: String
        let stage: String
    }

    private struct Wait {
        let place: Place
        /// Nil: for the stage before.
        let criterion: Criterion?
    }

    init(_ workflows: [DecodedWorkflow]) {
        self.workflows = workflows
        owners = Dictionary(
            workflows.enumerated().flatMap { index, decoded in decoded.workflow.services.map { ($0.name, index) } }) { first, _ in first }
    }

    func report() {
        let wanted = workflows.reduce(into: Set<String>()) { $0.formUnion($1.workflow.dependencies) }.sorted()
        // A walk through places that were left proves nothing new.
        var left: Set<Place> = []
        var reported: Set<Set<Place>> = []
        for service in wanted {
            guard let owner = owners[service] else { continue }
            for stage in workflows[owner].workflow.stages {
                var path: [(place: Place, wait: Wait?)] = []
                walk(Wait(place: Place(service: service, stage: stage.name), criterion: nil), &path, &left, &reported)
            }
        }
    }

    private func walk(
        _ wait: Wait, _ path: inout [(place: Place, wait: Wait?)], _ left: inout Set<Place>, _ reported: inout Set<Set<Place>>
    ) {
        if let start = path.firstIndex(where: { $0.place == wait.place }) {
            let ring = path[start...].dropFirst().compactMap(\.wait) + [wait]
            if reported.insert(Set(ring.map(\.place))).inserted { report(ring) }
            return
        }
        guard !left.contains(wait.place) else { return }
        path.append((wait.place, wait))
        for next in waits(of: wait.place) { walk(next, &path, &left, &reported) }
        path.removeLast()
        left.insert(wait.place)
    }

    /// What a service waits for at the entry of a stage.
    private func waits(of place: Place) -> [Wait] {
        guard let owner = owners[place.service], let stage = workflows[owner].workflow.stage(place.stage) else { return [] }
        let upstream = workflows[owner].workflow.upstream(of: stage)
        let depended = (stage.entryCriteria + upstream.flatMap(\.exitCriteria)).compactMap { criterion -> Wait? in
            guard case .dependsOn(let dependency) = criterion.kind else { return nil }
            let other = Place(service: dependency.service, stage: dependency.stage ?? place.stage)
            guard other != place, let owner = owners[other.service], workflows[owner].workflow.stage(other.stage) != nil else { return nil }
            return Wait(place: other, criterion: criterion)
        }
        return depended + upstream.map { Wait(place: Place(service: place.service, stage: $0.name), criterion: nil) }
    }

    /// Each of the ring waits for the next one, the last for the first.
    private func report(_ ring: [Wait]) {
        for wait in ring {
            guard let criterion = wait.criterion, let (faults, node) = declaration(of: criterion) else { continue }
            let last = ring[ring.count - 1].place
            let stages = Set(ring.map(\.place.stage))
            if stages.count == 1 {
                let names = ([last] + ring.map(\.place)).map(\.service).joined(separator: " -> ")
                faults.warning(
                    "services wait for each other in `\(last.stage)`: \(names)", at: node,
                    hint: "`gradus train run` brings them together")
            } else {
                let names = ([last] + ring.map(\.place)).map { "\($0.service) in \($0.stage)" }.joined(separator: " -> ")
                faults.error("services wait for each other, so that none gets in: \(names)", at: node, hint: "leave out one `depends_on`")
            }
            return
        }
    }

    private func declaration(of criterion: Criterion) -> (FaultCollector, YAMLNode)? {
        for decoded in workflows {
            let declared = decoded.stages.flatMap { $0.entry + $0.exit + $0.promotion } + decoded.criteria
            if let found = declared.first(where: { $0.criterion == criterion && $0.criterion.location == criterion.location }) {
                return (decoded.faults, found.node)
            }
        }
        return nil
    }
}
