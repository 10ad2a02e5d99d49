/// A declared graph of stages through which releases of some services move (`design.md` section 5).
public struct Workflow: Sendable, Hashable {
    /// The name by which records refer to the workflow.
    public var name: String
    /// The file's path inside the repository.
    public var path: String
    /// In file order, found ones in order of path. Empty in the seed form, where any registered service fits.
    public var services: [Service]
    /// In file order; at least one, acyclic, all reachable once validated.
    public var stages: [Stage]
    /// Rules for evidence keys, by key: built-in ones restricted and own ones declared.
    public var evidence: [String: EvidenceRule]
    /// True for a file without `apiVersion`: the seed's promotion workflow, whose stages carry no updates.
    public var isSeedForm: Bool
    /// How long a promotion may stay pending before it is closed.
    public var pendingExpires: TimeSpan
    /// What discovery found and left out.
    public var skipped: [SkippedMatch]
    /// True when services depend on which files the repository holds, not on this file alone.
    public var discovers: Bool

    public init(
        name: String, path: String, services: [Service], stages: [Stage],
        evidence: [String: EvidenceRule] = [:], isSeedForm: Bool = false,
        pendingExpires: TimeSpan = .days(7), skipped: [SkippedMatch] = [], discovers: Bool = false
    ) {
        self.name = name
        self.path = path
        self.services = services
        self.stages = stages
        self.evidence = evidence
        self.isSeedForm = isSeedForm
        self.pendingExpires = pendingExpires
        self.skipped = skipped
        self.discovers = discovers
    }

    /// The stage of that name, or nil.
    public func stage(_ name: String) -> Stage? {
        stages.first { $0.name == name }
    }

    /// The service of that name. In the seed form every name fits.
    public func service(_ name: String) -> Service? {
        if let declared = services.first(where: { $0.name == name }) { return declared }
        return isSeedForm ? Service(name: name) : nil
    }

    /// The stages that `stage` comes after, in file order; empty for a first stage.
    public func upstream(of stage: Stage) -> [Stage] {
        stages.filter { stage.after.contains($0.name) }
    }

    /// The stages that come directly after `stage`, in file order; empty for a last stage.
    public func downstream(of stage: Stage) -> [Stage] {
        stages.filter { $0.after.contains(stage.name) }
    }

    /// The services that any criterion depends on.
    public var dependencies: Set<String> {
        var names: Set<String> = []
        for criterion in stages.flatMap({ $0.entryCriteria + $0.exitCriteria }) {
            if case .dependsOn(let dependency) = criterion.kind { names.insert(dependency.service) }
        }
        return names
    }

    /// The updates that apply to one service in one stage, in the order in which they run.
    ///
    /// A service's own updates replace those of the stage; `stages:` and `for:` filter both.
    public func updates(for service: Service, in stage: Stage) -> [Update] {
        (service.updates ?? stage.updates).filter { $0.applies(to: service, stage: stage.name) }
    }
}
