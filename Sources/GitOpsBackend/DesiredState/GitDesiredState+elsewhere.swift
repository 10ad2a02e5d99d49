public import GitKit
import PromotionEngine
public import WorkflowModel

extension GitDesiredState {
    /// Another repository that holds environments, opened once a run. Its objects can then be read through the main one.
    func elsewhere(_ name: String) throws -> any Authority {
        if let known = others[name] { return known }
        do {
            let other = try location.reach(name)
            other.repository.signer = repository.signer
            try repository.readAlso(from: other.repository)
            others[name] = other
            return other
        } catch let error as GitError {
            throw PromotionError(
                error.code == .auth ? .notPermitted : .error, "the repository '\(RemoteURL.redacted(name))', which an environment names, cannot be used",
                causes: [error.description], hint: "mend `environment:`, or give gradus the way in; see docs/remotes.md")
        }
    }

    /// The repository that a place is in, and the reference there.
    func resolved(_ place: BranchPlace) throws -> (authority: any Authority, reference: String) {
        let authority = try place.repository.map(elsewhere) ?? self.authority
        if let branch = place.branch { return (authority, "refs/heads/\(branch)") }
        guard place.repository != nil else { return (authority, location.branch) }
        guard let head = try authority.defaultBranch() else {
            throw PromotionError(
                .error, "HEAD of \(authority.name) names no branch", hint: "name one with `branch` under `environment:`")
        }
        return (authority, head)
    }

    /// The tips of the branches of other repositories that environments name, so that their commits can be read.
    public func branchesElsewhere(_ rules: Rules) throws -> [(name: String, target: ObjectID)] {
        var places: [String] = []
        for place in rules.workflows.flatMap(\.stages).compactMap(\.branch) where !places.contains(place) {
            if BranchPlace(place).repository != nil { places.append(place) }
        }
        return try places.compactMap { place in
            let (authority, reference) = try resolved(BranchPlace(place))
            return try authority.target(of: reference).map { (place, $0) }
        }
    }
}
