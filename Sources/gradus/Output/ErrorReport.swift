import GitKit
import Manifests
import PromotionEngine
import YAMLEdit

/// An error as people and programs see it: `Error:`, `Caused by:`, `Hint:`, or the document of the contract.
struct ErrorReport {
    let message: String
    let causes: [String]
    let hint: String?
    let faults: [String]
    let exitCode: Int32

    init(usage message: String) {
        self.message = message.hasPrefix("Error: ") ? String(message.dropFirst("Error: ".count)) : message
        causes = []
        let isTime = message.contains("invalid for '") && message.contains("<time>'")
        hint = isTime ? "a time is written as \(TimeArgument.forms)" : "`gradus help` lists the commands"
        faults = []
        exitCode = 2
    }

    init(_ error: PromotionError, exitCode: Int32) {
        message = error.message
        causes = error.causes
        hint = error.hint
        faults = error.faults
        self.exitCode = exitCode
    }

    /// The one place where errors of the libraries are told to people.
    init(_ error: any Error) {
        switch error {
        case let error as PromotionError:
            message = error.message
            causes = error.causes
            hint = error.hint
            faults = error.faults
            exitCode = Int32(error.kind.rawValue)
        case let error as GitError:
            message = error.description
            causes = []
            hint = Self.hint(error.code)
            faults = []
            exitCode = error.code == .auth ? 4 : 1
        case let error as ManifestError:
            message = "\(error.subject) cannot be edited: \(error.operation)"
            causes = []
            hint = nil
            faults = error.diagnostics.map(\.description)
            exitCode = 2
        case let error as YAMLError:
            message = "\(error.subject) cannot be read"
            causes = []
            hint = nil
            faults = error.diagnostics.map(\.description)
            exitCode = 2
        default:
            message = "\(error)"
            causes = []
            hint = nil
            faults = []
            exitCode = 1
        }
    }

    private static func hint(_ code: GitError.Code) -> String {
        switch code {
        case .owner: "see safe.directory in `git help config`"
        case .auth: "check the token or key and what it may do (docs/remotes.md); then run the same command again: it finishes what was begun"
        default: goOn
        }
    }

    /// What is true after any failure of storage or network.
    private static let goOn =
        "`gradus doctor` and `git fsck` look for the cause; then run the same command again: it finishes what was begun and does nothing twice"

    var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Error", "message": .string(message),
            "causes": .array((causes + faults).map(JSONValue.string)), "hint": .optional(hint),
            "exit_code": .int(Int(exitCode)),
        ]
    }

    func print(asJSON: Bool) {
        if asJSON { Console.write(json.prettyText + "\n", to: 1) }
        for fault in faults { Console.status(fault) }
        Console.status("Error: \(message)")
        for cause in causes { Console.status("Caused by: \(cause)") }
        if let hint { Console.status("Hint: \(hint)") }
    }
}
