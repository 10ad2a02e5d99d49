import Mustache
import PromotionEngine
import WorkflowModel

/// The trailers by which a deploy commit is told and found again (`design.md` section 4b).
enum DeployTrailers {
    static let promotion = "Gradus-Promotion"

    static func lines(for delivery: Delivery) -> [String] {
        let promotion = delivery.promotion
        let stage = delivery.intent.stage.name
        var lines = [
            "\(Self.promotion): \(promotion.id)",
            "Gradus-Release: \(promotion.service) \(promotion.version)",
            "Gradus-Stage: \(delivery.intent.from.isEmpty ? "" : "\(delivery.intent.from) -> ")\(stage)",
            "Promoted-By: \(promotion.requester)",
        ]
        lines += promotion.admission?.approvedBy.map { "Approved-By: \($0)" } ?? []
        lines.append("Gradus-Plan: \(delivery.planDigest)")
        if let step = delivery.step { lines.append("Gradus-Step: \(step)") }
        if let ticket = promotion.ticket { lines.append("Change-Ticket: \(ticket)") }
        return lines.map(DeployMessage.oneLine)
    }

    /// The ids of the promotions that a commit says it carries: only its last paragraph speaks.
    static func promotions(in message: String) -> [String] { values(of: promotion, in: message) }

    /// The digest of the plan that a commit says it carries out.
    static func plan(in message: String) -> String? { values(of: "Gradus-Plan", in: message).first }

    private static func values(of name: String, in message: String) -> [String] {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        let paragraph = lines.suffix(from: lines.lastIndex { $0.isEmpty }.map { $0 + 1 } ?? 0)
        return paragraph.filter { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
}

/// The message of a deploy commit: the repository's template, then the trailers.
struct DeployMessage {
    static let templatePath = "templates/commit.mustache"
    /// Used where the repository has no template.
    static let standard = """
        {{#rollback}}Roll back {{service}} to {{version}} in {{stage}}{{/rollback}}{{^rollback}}Promote {{service}} {{version}} to {{stage}}{{/rollback}}{{#step}}, step {{step}}{{/step}}

        {{#edits}}
        {{file}}: {{field}}
          {{old}} -> {{new}}
        {{/edits}}
        {{#reason}}

        Reason: {{reason}}
        {{/reason}}

        """

    private let template: MustacheTemplate

    /// Throws a usage error when the text is no template.
    init(template text: String) throws {
        do {
            // Commit messages are text: nothing is escaped for HTML.
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
        } catch let error as MustacheTemplate.ParserError {
            let place = "\(Self.templatePath):\(error.context.lineNumber): error: \(error.error)"
            throw PromotionError(
                .usage, "\(Self.templatePath) is no mustache template",
                hint: "see docs/templates.md, or delete the file to use the standard message",
                faults: ["\(place)\n\(error.context.line)"])
        }
    }

    func text(for delivery: Delivery) -> String {
        let promotion = delivery.promotion
        let context: [String: Any?] = [
            "service": promotion.service, "version": promotion.version, "stage": promotion.stage,
            "from": delivery.intent.from.isEmpty ? nil : delivery.intent.from, "workflow": delivery.intent.workflow,
            "promotion": promotion.id, "rollback": promotion.trigger == .rollback, "requester": promotion.requester, "reason": promotion.reason,
            "ticket": promotion.ticket, "step": delivery.step?.description,
            "approvers": promotion.admission?.approvedBy.map { ["name": $0] } ?? [],
            "edits": delivery.plan.edits.filter(\.changes).map { edit in
                ["file": edit.file, "field": edit.isObject ? "as a whole" : edit.field, "old": edit.old ?? "(none)", "new": edit.new ?? "(none)"]
            },
        ]
        let body = Self.printable(template.render(context.compactMapValues { $0 }))
        let subject = body.isEmpty ? "Promote \(promotion.service) \(promotion.version) to \(promotion.stage)" : body
        return subject + "\n\n" + DeployTrailers.lines(for: delivery).joined(separator: "\n") + "\n"
    }

    /// Without control characters, spaces at line ends and empty lines at either end.
    private static func printable(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var kept = line.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
            while kept.last == " " { kept.removeLast() }
            return String(String.UnicodeScalarView(kept))
        }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// A trailer is one line whatever its text.
    static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
