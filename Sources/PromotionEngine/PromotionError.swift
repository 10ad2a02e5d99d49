/// Why a request could not be carried out, told so that a person can go on (`design.md` section 7, errors and exit codes).
public struct PromotionError: Error, Sendable, CustomStringConvertible {
    /// What sort of failure it is; each has one exit code.
    public enum Kind: Int, Sendable {
        /// Something went wrong; nothing is known about the answer.
        case error = 1
        /// The request or a file that decides is wrong.
        case usage = 2
        case notPermitted = 4
        /// Policy says no.
        case refused = 6
        case timedOut = 7
        /// Someone else changed the same thing.
        case conflict = 9
    }

    public let kind: Kind
    public let message: String
    /// What lay underneath, outermost first.
    public let causes: [String]
    /// What to do next, with a command.
    public let hint: String?
    /// Faults in files when that is the reason, each rendered with its place, source line and caret.
    public let faults: [String]

    public init(
        _ kind: Kind, _ message: String, causes: [String] = [], hint: String? = nil, faults: [String] = []
    ) {
        self.kind = kind
        self.message = message
        self.causes = causes
        self.hint = hint
        self.faults = faults
    }

    /// With what lay underneath and where in a file, for places that tell many errors.
    public var inOneLine: String {
        ([message] + causes + (faults.first?.split(separator: "\n").prefix(1).map(String.init) ?? [])).joined(separator: ": ")
    }

    public var description: String { ([message] + causes).joined(separator: ": ") }
}
