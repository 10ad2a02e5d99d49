import Mustache
import PromotionEngine
import WorkflowModel

/// The text of a pull request: the repository's template in Markdown, else the standard one.
struct PullRequestText {
    static let templatePath = "templates/pull_request.mustache"
    /// Used where the repository has no template.
    static let standard = """
        Brings `{{service}}` `{{version}}` to `{{stage}}`{{#from}} from `{{from}}`{{/from}}, asked for by `{{requester}}`.
        {{#reason}}

        Reason: `{{reason}}`
        {{/reason}}
        {{#ticket}}

        Ticket: `{{ticket}}`
        {{/ticket}}

        | File | Field | Old | New |
        |---|---|---|---|
        {{#edits}}
        | `{{file}}` | `{{field}}` | `{{old}}` | `{{new}}` |
        {{/edits}}

        | Gate | Needs | Verdict |
        |---|---|---|
        {{#gates}}
        | `{{id}}` | `{{needs}}` | {{verdict}} |
        {{/gates}}
        {{#open}}

        To do:

        {{/open}}
        {{#steps}}
        - [ ] `{{id}}`: `{{command}}`
        {{/steps}}
        {{#approved}}

        Approved by:

        {{/approved}}
        {{#approvers}}
        - `{{name}}`
        {{/approvers}}
        {{#proven}}

        Evidence:

        {{/proven}}
        {{#evidence}}
        - {{link}}
        {{/evidence}}

        Gradus merges this when all gates hold; the status `gradus/{{stage}}` says so. Merged earlier, it is on record as such.
        To stop it: `gradus abort {{promotion}}`, or close it.

        Plan `{{plan}}`
        """

    private let template: MustacheTemplate

    /// Throws a usage error when the text is no template.
    init(template text: String?) throws {
        do {
            template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + (text ?? Self.standard))
        } catch let error as MustacheTemplate.ParserError {
            throw PromotionError(
                .usage, "\(Self.templatePath) is no mustache template",
                hint: "see docs/templates.md, or delete the file to use the standard text",
                faults: ["\(Self.templatePath):\(error.context.lineNumber): error: \(error.error)\n\(error.context.line)"])
        }
    }

    func body(of story: ProposalStory) -> String {
        let promotion = story.delivery.promotion
        let from = story.delivery.intent.from
        let edits = story.delivery.plan.edits.filter(\.changes).map { edit in
            [
                "file": Self.cell(edit.file), "field": edit.isObject ? "as a whole" : Self.cell(edit.field),
                "old": Self.cell(edit.old ?? "(none)"), "new": Self.cell(edit.new ?? "(none)"),
            ]
        }
        let gates = story.gates.map { gate in
            ["id": Self.cell(gate.id), "needs": Self.cell(gate.threshold ?? "-"), "verdict": gate.isSkipped ? "skipped" : gate.verdict.rawValue]
        }
        let steps = story.gates.filter { $0.verdict != .passed && !$0.isSkipped }.compactMap { gate in
            gate.clearWith.map { ["id": Self.cell(gate.id), "command": Self.cell($0)] }
        }
        let context: [String: Any?] = [
            "service": Self.cell(promotion.service), "version": Self.cell(promotion.version), "stage": Self.cell(promotion.stage),
            "from": from.isEmpty ? nil : Self.cell(from), "workflow": Self.cell(story.delivery.intent.workflow),
            "promotion": promotion.id, "requester": Self.cell(promotion.requester), "reason": promotion.reason.map(Self.cell),
            "ticket": promotion.ticket.map(Self.cell), "plan": story.delivery.planDigest, "edits": edits, "gates": gates, "steps": steps,
            "open": !steps.isEmpty, "approved": !story.approvers.isEmpty, "approvers": story.approvers.map { ["name": Self.cell($0)] },
            "proven": !Self.links(story).isEmpty, "evidence": Self.links(story).map { ["link": $0] },
        ]
        return template.render(context.compactMapValues { $0 }) + "\n"
    }

    /// Only web addresses, so that no text of evidence becomes Markdown of ours.
    private static func links(_ story: ProposalStory) -> [String] {
        story.evidence.map(cell).filter { $0.hasPrefix("https://") || $0.hasPrefix("http://") }.map { "<\($0.filter { !"<> ".contains($0) })>" }
    }

    /// One line that stays inside of a code span and of a table's cell, whatever it says.
    private static func cell(_ text: String) -> String {
        var line = ""
        for character in DeployMessage.oneLine(text) {
            switch character {
            case "`": line += "'"
            case "|": line += "\\|"
            default: line.append(character)
            }
        }
        return line
    }
}
