internal import WorkflowModel

extension Evaluator {
    /// Asks for another person where the rules were loosened by somebody who has a part in this promotion; nil otherwise.
    ///
    /// Whoever requested, wrote or approved a release must not have made its way easier since the last promotion into the
    /// stage, unless somebody who did neither approves (`design.md` section 5, `rules_settled`).
    func rulesGate() -> Gate? {
        let given = standing(release.approvals)
        let parts = Set([requester] + release.release.authors + given.map(\.person))
        let suspect = restrictions.loosenings.compactMap { loosening in
            parts.filter { people.isAuthor(loosening.author, $0) }.min().map { (loosening, $0) }
        }
        guard let (first, person) = suspect.first else { return nil }
        let draft = GateDraft(id: "rules_settled", criterion: "rules_settled", threshold: "another person's approval")
        let excluded = Set(suspect.map(\.1) + [requester] + release.release.authors)
        let why = "\(person) loosened \(first.summary) in \(first.commit.prefix(10))"
        if let other = given.first(where: { !excluded.contains($0.person) }) {
            return draft.gate(
                .passed, value: other.person, reason: "\(why), and \(other.person) approved", source: "approval of \(other.person)",
                since: other.at)
        }
        return draft.gate(
            .waiting, value: person, reason: "\(why); another person must approve", source: "commit \(first.commit.prefix(10))",
            clearWith: "gradus approve \(service.name)@\(stage.name)  (by somebody else)")
    }
}
