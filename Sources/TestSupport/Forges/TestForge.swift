package import PromotionEngine
internal import Synchronization

/// What a forge keeps of one repository, with a real bare Git repository beneath: the same for all kinds of forges.
///
/// Its own functions are what people do there by hand; servers call the same ones for what they are asked.
package final class TestForge: Sendable {
    package let owner: String
    package let name: String
    /// The bare repository.
    package let repository: String
    let git: GitFixture
    private let contents = Mutex(Contents())

    struct Contents {
        var pulls: [TestPull] = []
        var statuses: [TestStatus] = []
        var deployments: [TestDeployment] = []
        var labels: [String] = []
        var requiredChecks: [String] = []
        var ruledChecks: [String] = []
        var needsApproval = false
        var people = ["gradus-bot", "olga", "pavel", "rita"]
        var changes = 0

        /// A number that nothing else has.
        mutating func next() -> Int {
            changes += 1
            return changes
        }
    }

    /// Why the forge says no.
    package struct Refusal: Error, CustomStringConvertible {
        package enum Reason: Sendable { case invalid, missing, notNow, headMoved }

        package let reason: Reason
        package let description: String

        init(_ reason: Reason, _ description: String) {
            self.reason = reason
            self.description = description
        }
    }

    package init(_ name: String, repository: String, _ git: GitFixture) {
        let parts = name.split(separator: "/").map(String.init)
        owner = parts.dropLast().joined(separator: "/")
        self.name = parts.last ?? ""
        self.repository = repository
        self.git = git
    }

    package var fullName: String { "\(owner)/\(name)" }

    /// All pull requests, oldest first, with the present heads of the open ones.
    package var pulls: [TestPull] {
        get throws {
            try refresh()
            return contents.withLock { $0.pulls }
        }
    }

    package var statuses: [TestStatus] { contents.withLock { $0.statuses } }
    package var deployments: [TestDeployment] { contents.withLock { $0.deployments } }
    package var labels: [String] { contents.withLock { $0.labels } }
    package var people: [String] { contents.withLock { $0.people } }

    /// Names of checks without which the base branch takes no merge.
    package var requiredChecks: [String] {
        get { contents.withLock { $0.requiredChecks } }
        set { contents.withLock { $0.requiredChecks = newValue } }
    }

    /// GitHub: names of checks that rule sets require beside branch protection.
    package var ruledChecks: [String] {
        get { contents.withLock { $0.ruledChecks } }
        set { contents.withLock { $0.ruledChecks = newValue } }
    }

    /// Whether the base branch takes no merge without an approval.
    package var needsApproval: Bool {
        get { contents.withLock { $0.needsApproval } }
        set { contents.withLock { $0.needsApproval = newValue } }
    }

    package func pull(_ number: Int) throws -> TestPull {
        guard let pull = try pulls.first(where: { $0.number == number }) else { throw Refusal(.missing, "Not Found") }
        return pull
    }

    /// Opens one as Gradus' account.
    func open(title: String, body: String, head: String, base: String) throws -> TestPull {
        guard let tip = try self.tip(of: head), let target = try self.tip(of: base) else { throw Refusal(.invalid, "a branch does not exist") }
        guard tip != target else { throw Refusal(.invalid, "No commits between \(base) and \(head)") }
        guard try !pulls.contains(where: { $0.state == .open && $0.headBranch == head && $0.baseBranch == base }) else {
            throw Refusal(.invalid, "A pull request already exists for \(owner):\(head).")
        }
        return contents.withLock { contents in
            let pull = TestPull(
                number: contents.pulls.count + 1, title: title, body: body, headBranch: head, baseBranch: base, head: tip)
            contents.pulls.append(pull)
            return pull
        }
    }

    /// Opens one, as people do there.
    package func openByHand(_ title: String, head: String, base: String) throws {
        _ = try open(title: title, body: "", head: head, base: base)
    }

    @discardableResult
    package func change(_ number: Int, _ edit: (inout TestPull) throws -> Void) throws -> TestPull {
        _ = try pull(number)
        return try contents.withLock { contents in
            try edit(&contents.pulls[number - 1])
            return contents.pulls[number - 1]
        }
    }

    package func review(_ number: Int, by reviewer: String, _ verdict: TestPull.Review.Verdict) throws {
        let id = contents.withLock { $0.next() }
        try change(number) { pull in
            pull.reviews.append(.init(id: id, reviewer: reviewer, verdict: verdict, commit: pull.head))
            pull.requested.removeAll { $0 == reviewer }
        }
    }

    package func close(_ number: Int, by person: String = "olga") throws {
        let now = contents.withLock { $0.next() }
        try change(number) { pull in
            guard pull.state == .open else { return }
            pull.state = .closed
            pull.endedBy = person
            pull.endedAt = now
        }
    }

    /// Merges, as the button does.
    @discardableResult
    package func merge(
        _ number: Int, by person: String = "olga", _ method: MergeMethod = .merge, head: String? = nil, message: String? = nil
    ) throws -> TestPull {
        let pull = try pull(number)
        guard pull.state == .open else { throw Refusal(.notNow, "Pull Request is not mergeable") }
        guard head == nil || head == pull.head else {
            throw Refusal(.headMoved, "Head branch was modified. Review and try the merge again.")
        }
        try checkProtection(pull)
        let commit = try merged(pull, method, message ?? "Merge pull request #\(number) from \(owner)/\(pull.headBranch)")
        let now = contents.withLock { $0.next() }
        return try change(number) { pull in
            pull.state = .merged
            pull.method = method
            pull.mergeCommit = commit
            pull.endedBy = person
            pull.endedAt = now
        }
    }

    package func post(
        _ context: String, _ state: ForgeCheck.State, on commit: String, text: String = "", url: String? = nil, isRun: Bool = false
    ) {
        contents.withLock { contents in
            let id = contents.next()
            contents.statuses.append(
                TestStatus(id: id, commit: commit, context: context, state: state, text: text, url: url, isRun: isRun))
        }
    }

    /// The newest status of each context.
    package func newestStatuses(of commit: String) -> [TestStatus] {
        var found: [String: TestStatus] = [:]
        for status in statuses where status.commit == commit { found[status.context] = status }
        return found.values.sorted { $0.id < $1.id }
    }

    func deploy(_ commit: String, to environment: String, state: String?) -> TestDeployment {
        contents.withLock { contents in
            let deployment = TestDeployment(
                id: contents.next(), commit: commit, environment: environment, states: state.map { [$0] } ?? [])
            contents.deployments.append(deployment)
            return deployment
        }
    }

    func setDeployment(_ id: Int, _ state: String) throws -> TestDeployment {
        try contents.withLock { contents in
            guard let place = contents.deployments.firstIndex(where: { $0.id == id }) else { throw Refusal(.missing, "Not Found") }
            contents.deployments[place].states.append(state)
            return contents.deployments[place]
        }
    }

    func addLabels(_ names: [String]) {
        contents.withLock { contents in
            for name in names where !contents.labels.contains(name) { contents.labels.append(name) }
        }
    }

    private func checkProtection(_ pull: TestPull) throws {
        let present = newestStatuses(of: pull.head)
        for name in requiredChecks + ruledChecks where !present.contains(where: { $0.context == name && $0.state == .success }) {
            throw Refusal(.notNow, "Required status check \"\(name)\" is expected.")
        }
        guard needsApproval else { return }
        let isApproved = pull.reviews.contains { $0.verdict == .approved }
        guard isApproved else { throw Refusal(.notNow, "At least 1 approving review is required by reviewers with write access.") }
    }

    private func refresh() throws {
        for pull in contents.withLock({ $0.pulls }) where pull.state == .open {
            guard let tip = try self.tip(of: pull.headBranch) else {
                // Forges close what has lost its branch.
                contents.withLock { contents in
                    contents.pulls[pull.number - 1].state = .closed
                    contents.pulls[pull.number - 1].endedAt = contents.next()
                }
                continue
            }
            contents.withLock { $0.pulls[pull.number - 1].head = tip }
        }
    }
}
