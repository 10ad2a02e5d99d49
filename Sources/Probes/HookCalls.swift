internal import Crypto
public import PromotionEngine
internal import Web
internal import WorkflowModel

/// Calls hooks: signed requests, and programs where the operator allows commands (`design.md` section 8).
///
/// 1. A request is `POST` with a JSON document. `X-Gradus-Signature` is `sha256=` and the HMAC-SHA256 of the body's bytes in
///    hexadecimal; `Idempotency-Key` is the same for every repetition.
/// 2. 2xx takes the call. 403, 409, 412, 422 and 423 say no. Everything else could not be found out.
/// 3. Of a program 0 takes the call, 1 says no.
public final class HookCalls: HookPort {
    private let web: WebClient
    private let allowance: ProbeAllowance

    public init(_ allowance: ProbeAllowance) {
        self.allowance = allowance
        web = WebClient(allowance.web)
    }

    public func call(_ call: HookCall) -> HookAnswer {
        do {
            let answer =
                switch call.hook.call {
                case .http(let url, let secret): try post(call, url, secret)
                case .command(let arguments): try run(call, arguments)
                }
            return HookAnswer(answer.result, Self.clean(answer.message))
        } catch {
            return HookAnswer(.errored, Self.clean("\(error)"))
        }
    }

    /// What others say goes into the ledger for good: without secrets, and not longer than a sentence or two.
    private static func clean(_ text: String) -> String { String(Redactor.shared.redact(text).prefix(500)) }

    private static let refusals: Set<Int> = [403, 409, 412, 422, 423]

    private func post(_ call: HookCall, _ url: String, _ secretName: String) throws -> HookAnswer {
        let secret = try Secret.environment(secretName, in: allowance.environment)
        let body = Array(call.document.canonicalText.utf8)
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Array(secret.exposed.utf8)))
        let digits = Array("0123456789abcdef")
        let signature = code.reduce(into: "") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        let response = try web.send(
            WebRequest(
                .post, try WebAddress(filled(url, call)),
                headers: [
                    ("Content-Type", "application/json"), ("Idempotency-Key", call.key),
                    ("X-Gradus-Event", call.hook.event.rawValue), ("X-Gradus-Signature", "sha256=\(signature)"),
                ],
                // The key tells a repetition, so that one is allowed.
                body: body, timeout: Double(call.hook.timeout.seconds), sizeLimit: 65_536, retries: 1, isIdempotent: true))
        let line = response.text.split(whereSeparator: \.isNewline).first.map { ": \($0.prefix(200))" } ?? ""
        if response.isSuccess { return HookAnswer(.passed, "answered \(response.status)") }
        return HookAnswer(Self.refusals.contains(response.status) ? .failed : .errored, "answered \(response.status)\(line)")
    }

    private func run(_ call: HookCall, _ arguments: [String]) throws -> HookAnswer {
        guard allowance.commands else {
            throw ProbeFault("commands are not allowed here; the operator may allow them with GRADUS_ALLOW_COMMANDS=1")
        }
        var environment = ["PATH": allowance.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]
        if let home = allowance.environment["HOME"] { environment["HOME"] = home }
        let subject = call.subject
        environment.merge([
            "GRADUS_EVENT": call.hook.event.rawValue, "GRADUS_KEY": call.key, "GRADUS_PROMOTION": subject.promotion,
            "GRADUS_SERVICE": subject.service, "GRADUS_VERSION": subject.version, "GRADUS_STAGE": subject.stage,
            "GRADUS_DOCUMENT": call.document.canonicalText,
        ]) { $1 }
        let run = try ProgramRun(arguments.map { filled($0, call) }, environment, timeout: Double(call.hook.timeout.seconds))
        let message = "exit code \(run.status)" + (run.lastLine.isEmpty ? "" : ": \(run.lastLine)")
        return HookAnswer(run.status == 0 ? .passed : run.status == 1 ? .failed : .errored, message)
    }

    private func filled(_ text: String, _ call: HookCall) -> String {
        let subject = call.subject
        let values = [
            "service": subject.service, "stage": subject.stage, "version": subject.version, "event": call.hook.event.rawValue,
            "promotion": subject.promotion,
        ]
        return PlaceholderTemplate(text).filling { values[$0] }
    }
}
