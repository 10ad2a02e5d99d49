import GitOpsBackend
import HistoryIndex
import PromotionEngine
import WorkflowModel

extension Session {
    /// The rules at the tip. Where they cannot be read, those of the last commit that left them readable, with what is wrong:
    /// nobody's slip of the pen today may shut off the past.
    ///
    /// Throws what is wrong where no commit of the branch has readable rules.
    func readableRules(_ landings: LandingTimes = LandingTimes()) throws -> (rules: Rules, fault: String?) {
        do {
            return (try desired.rules(of: nil), nil)
        } catch let error as PromotionError {
            guard let last = try RulesHistory(location, landings).lastReadable(), let rules = last.rules else { throw error }
            let why = ([error.message] + error.faults.prefix(1)).joined(separator: ": ")
            return (rules, "the rules at the tip cannot be read, so those of commit \(last.commit.prefix(10)), \(last.at), are gone by: \(why)")
        }
    }

    /// What the ledger says of when commits landed.
    func landings() throws -> LandingTimes {
        let index = try history()
        var landings = LandingTimes()
        for type in ["admitted", "delivered", "step.delivered", "external-change"] {
            var query = HistoryQuery()
            query.type = type
            try index.forEach(query) { landings.note($0) }
        }
        return landings
    }

    /// What it says of the deploy commits that were recorded last before a moment: enough to begin with when a branch is looked
    /// at as it was then.
    func landings(before moment: Instant) throws -> LandingTimes {
        var landings = LandingTimes()
        var query = HistoryQuery()
        query.type = "delivered"
        query.until = moment + .seconds(1)
        query.limit = Self.recentDeliveries
        try history().forEach(query) { landings.note($0) }
        return landings
    }

    private static var recentDeliveries: Int { 256 }
}
