import GitKit
import PromotionEngine

/// Who acts: what was given, else the CI's user, else Git's (`design.md` section 7).
enum ActorResolution {
    /// The variables in which CI systems name the user who started the run.
    private static let variables = [
        "GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILDKITE_BUILD_CREATOR_EMAIL", "BUILD_USER_ID",
    ]

    /// Throws a usage error when nobody is named and somebody must be: who only reads may stay unnamed.
    static func identity(given: String?, repository: Repository?, mustBeNamed: Bool) throws -> Identity {
        if let given { return try parse(given) }
        for name in variables {
            if let user = Settings.variable(name) { return try parse(user) }
        }
        if let mail = try repository?.configString("user.email") {
            return Identity(id: mail, name: try repository?.configString("user.name"), email: mail)
        }
        guard mustBeNamed else { return Identity(id: "") }
        throw PromotionError(
            .usage, "nobody is named as the one who acts",
            hint: "name yourself with --actor ID, GRADUS_ACTOR, or `git config user.email`")
    }

    /// Reads `ID` or `NAME <MAIL>`.
    static func parse(_ text: String) throws -> Identity {
        let control = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
        guard text.contains(where: { !$0.isWhitespace }), text.utf8.count <= 200, !control else {
            throw PromotionError(.usage, "the actor's name is empty, too long or holds control characters")
        }
        guard text.last == ">", let open = text.lastIndex(of: "<") else { return Identity(id: text) }
        let mail = String(text[text.index(after: open)...].dropLast())
        var name = text[..<open]
        while name.last == " " { name = name.dropLast() }
        guard mail.contains(where: { !$0.isWhitespace }) else { throw PromotionError(.usage, "'\(text)' names no mail address") }
        return Identity(id: mail, name: name.isEmpty ? nil : String(name), email: mail)
    }
}
