import WorkflowModel

/// What `init` found in a repository and proposes.
public struct OnboardingProposal: Sendable {
    /// Inside the repository.
    public let path: String
    /// The workflow file.
    public let text: String
    public let services: [String]
    public let stages: [String]
    /// What was looked at, in words.
    public let findings: [String]
    /// What a person has to decide, in words.
    public let undecided: [String]
}

/// Looks at a repository and writes a workflow that fits it.
///
/// 1. Only the bytes of YAML files are read: nothing is run, and nothing outside the trees is looked at.
/// 2. What cannot be told is not guessed: it stands in a comment of the file.
public struct Onboarding {
    private let source: any OverlaySource
    /// Without `refs/heads/`, the target branch first.
    private let branches: [String]

    public init(_ source: any OverlaySource, branches: [String]) {
        self.source = source
        self.branches = branches
    }

    /// The proposal; nil with the reasons when there is nothing that a release could change.
    ///
    /// - Parameter name: of the workflow, and of a service that nothing names.
    public func proposal(named name: String) throws -> (proposal: OnboardingProposal?, undecided: [String]) {
        let target = try survey(nil)
        let surveys: [ManifestSurvey]
        var branchStages: [String: EnvironmentName] = [:]
        if target.places.contains(where: { $0.stage != nil || PlacePath($0.file).environment != nil }) {
            surveys = [target]
        } else {
            branchStages = Self.environments(branches)
            surveys = branchStages.isEmpty ? [target] : try branchStages.keys.sorted().map(survey)
        }
        let layout = RepositoryLayout(
            surveys.flatMap(\.places), branchStages: branchStages, fallback: name,
            undecided: Set(surveys.flatMap(\.undecided)).sorted())
        guard !layout.families.isEmpty else { return (nil, layout.undecided) }
        let findings = Self.findings(surveys, layout, areBranches: !branchStages.isEmpty)
        let draft = WorkflowDraft(
            name: name, layout: layout, findings: findings, notes: Set(surveys.flatMap(\.notes)).sorted())
        return (
            OnboardingProposal(
                path: "workflows/\(name).yaml", text: draft.text, services: layout.services,
                stages: layout.stages.map(\.name), findings: findings, undecided: layout.undecided),
            layout.undecided
        )
    }

    private func survey(_ branch: String?) throws -> ManifestSurvey {
        var survey = ManifestSurvey(branch: branch)
        guard let tree = try source.tree(ofBranch: branch) else { return survey }
        try survey.look(through: tree) { try source.bytes(of: $0, onBranch: branch) }
        return survey
    }

    /// Branches that are environments: `prod`, `env/prod`, `environment-prod`.
    private static func environments(_ branches: [String]) -> [String: EnvironmentName] {
        var found: [String: EnvironmentName] = [:]
        for branch in branches {
            let last = branch.split(separator: "/").last.map(String.init) ?? branch
            let prefixes: Set<String> = ["env", "environment", "environments", "deploy"]
            if let whole = EnvironmentName(whole: last) {
                found[branch] = whole
            } else if let part = EnvironmentName.part(of: last), prefixes.contains(part.rest.lowercased()) {
                found[branch] = part.environment
            }
        }
        // Two branches of one environment: neither can be told to be the one.
        let names = Dictionary(grouping: found.values, by: \.name)
        return found.count > 1 && names.values.allSatisfy { $0.count == 1 } ? found : [:]
    }

    private static func findings(_ surveys: [ManifestSurvey], _ layout: RepositoryLayout, areBranches: Bool) -> [String] {
        var counts: [String: Int] = [:]
        for survey in surveys { counts.merge(survey.counts, uniquingKeysWith: +) }
        let kinds = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)\($0.value == 1 ? "" : "s")" }
        let places = "\(layout.stages.count) environments, each a \(areBranches ? "branch" : "folder or a part of a file's name")"
        return kinds + [places, "\(layout.services.count) service\(layout.services.count == 1 ? "" : "s")"]
    }
}
