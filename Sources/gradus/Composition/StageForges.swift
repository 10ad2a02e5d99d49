import PromotionEngine
import WorkflowModel

/// The forges of the repositories that stages are delivered to, found when the first pull request needs one.
final class StageForges: ForgeDirectory {
    /// The remote that the operator named.
    private let remote: String
    private let settings: Settings
    private var known: [String: any ForgePort] = [:]

    init(remote: String, _ settings: Settings) {
        self.remote = remote
        self.settings = settings
    }

    func forge(for stage: Stage) throws -> any ForgePort {
        let other = stage.branch.flatMap { BranchPlace($0).repository }
        let place = other ?? remote
        if let forge = known[place] { return forge }
        guard let forge = try ForgeOptions.forge(for: place, named: other.map { _ in remote }, settings) else {
            throw PromotionError(
                .usage, "stage '\(stage.name)' is entered by pull request, and no forge is known for '\(place)'",
                hint: "name it with GRADUS_FORGE and GRADUS_FORGE_URL, and a token with GRADUS_TOKEN, see docs/pull-requests.md; or say `delivery: branch`")
        }
        known[place] = forge
        return forge
    }
}
