internal import Expressions
internal import PromotionEngine
internal import Web

/// Failures in words that people can act on.
extension ForgeClient {
    /// An answer that cannot be understood.
    func fault(_ task: String, _ why: String) -> PromotionError {
        PromotionError(.error, "cannot \(task)", causes: ["\(name): \(why)"])
    }

    /// An answer that says no.
    func refusal(_ answer: ForgeAnswer, _ task: String) -> PromotionError {
        let cause = "\(name) answered \(answer.status)" + (answer.words.map { ": \($0)" } ?? "")
        switch answer.status {
        case 401:
            return PromotionError(
                .notPermitted, "cannot \(task)", causes: [cause], hint: "the token was not accepted; \(kind.tokenHint)")
        case 403:
            return PromotionError(.notPermitted, "cannot \(task)", causes: [cause], hint: "the token may not do that; \(kind.tokenHint)")
        case 404:
            return PromotionError(
                .error, "cannot \(task)", causes: [cause],
                hint: "check the name of the repository; \(kind.title) also answers so to a token that may not see it")
        case 300..<400:
            let place = answer.header("Location").map { " to \(String($0.prefix { $0 != "?" }))" } ?? ""
            return PromotionError(
                .error, "cannot \(task)", causes: [Redactor.shared.redact(cause + ": it points\(place)")],
                hint: "redirects are not followed with a token; if the repository has moved, set the remote's new URL with git remote set-url")
        default: return PromotionError(.error, "cannot \(task)", causes: [cause])
        }
    }

    func hint(_ error: WebError) -> String? {
        switch error.code {
        case .refusedAddress: "set GRADUS_FORGE_URL in your environment to allow this address"
        case .tls: "name the server's authority with SSL_CERT_FILE"
        case .unresolved, .unreachable, .timedOut: "run the command again when the server can be reached"
        default: nil
        }
    }

    /// A text that the answer must hold. Throws when it does not.
    func text(_ value: Value, _ keys: [String], _ task: String) throws -> String {
        guard let text = value.at(keys)?.text else { throw fault(task, "the answer has no `\(keys.joined(separator: "."))`") }
        return text
    }

    /// A whole number that the answer must hold. Throws when it does not.
    func whole(_ value: Value, _ keys: [String], _ task: String) throws -> Int {
        guard let number = value.at(keys)?.whole else { throw fault(task, "the answer has no `\(keys.joined(separator: "."))`") }
        return number
    }
}

extension ForgeKind {
    /// Headers that each request carries.
    ///
    /// GitHub: docs.github.com, "API Versions".
    var headers: [(name: String, value: String)] {
        switch self {
        case .github: [(name: "Accept", value: "application/vnd.github+json"), (name: "X-GitHub-Api-Version", value: "2022-11-28")]
        default: [(name: "Accept", value: "application/json")]
        }
    }

    /// Which token is needed, and how it is given.
    var tokenHint: String {
        let what =
            switch self {
            case .github: "a token with write permission for contents, pull requests, commit statuses and, if wanted, deployments"
            case .gitlab: "a personal, group or project access token with the scope api (CI_JOB_TOKEN may not handle merge requests)"
            case .gitea: "a token with the scopes write:repository and write:issue"
            case .bitbucket:
                "a repository access token with the scopes pullrequest:write and repository:write, or an API token with GRADUS_TOKEN_USER"
            }
        return "set GRADUS_TOKEN, or GRADUS_TOKEN_FILE to a file, to \(what)"
    }
}

extension Value {
    /// As the subscript, with the keys in a list.
    func at(_ keys: [String]) -> Value? {
        keys.reduce(Optional(self)) { $0?[$1] }
    }
}
