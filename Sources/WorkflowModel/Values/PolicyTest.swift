/// One test of the rules: facts and a time, and the verdicts that must come of them.
public struct PolicyTest: Sendable, Hashable {
    /// One thing that happened before, in file order.
    public struct Fact: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case delivered, succeeded, failed, health, evidence, approve, reject, hold, freeze, yank, adopted
            case requested
        }

        public var kind: Kind
        /// A stage, a status, a person, a version or a reason, as the kind has it.
        public var subject: String
        /// For evidence.
        public var values: [String: String]
        /// The stage that health, evidence or a hold is about; nil: for no stage.
        public var stage: String?
        /// Nil: the test's.
        public var service: String?
        /// Nil: the test's.
        public var version: String?
        /// Who did it.
        public var by: String?
        /// How long before the test's time.
        public var ago: TimeSpan
        /// How long a hold or freeze lasts; nil: until it is removed.
        public var lasts: TimeSpan?
    }

    /// What one gate must say; nil is not looked at.
    public struct Expectation: Sendable, Hashable {
        public var verdict: String?
        public var next: String?
        /// A part of the reason.
        public var reason: String?
    }

    public var name: String
    public var service: String
    public var stage: String
    public var version: String
    /// RFC 3339.
    public var now: String
    public var requester: String
    public var authors: [String]
    public var ticket: String?
    public var facts: [Fact]
    /// Of all gates together: passed, failed, errored or waiting.
    public var verdict: String?
    /// By gate id.
    public var gates: [String: Expectation]
    public var path: String
    public var location: Located
}
