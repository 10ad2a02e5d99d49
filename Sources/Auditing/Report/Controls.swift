internal import PromotionEngine

/// What the report shows of the criteria that auditors map change management to. The requirements are told in our words;
/// the standards' own texts decide.
enum Controls {
    private struct Row {
        let control: String
        let asks: String
        let shows: String
        let section: String
        let anchor: String
    }

    static func html(_ page: AuditReportPage) -> HTML {
        let changes = page.changes
        let promotions = changes.filter { $0.origin == .promotion }
        let approved = promotions.count { !$0.approvals.isEmpty }
        let tested = promotions.count { !$0.evidence.isEmpty }
        let separated = promotions.count { $0.separation == .separated || $0.separation == .authorUnknown }
        let emergencies = changes.filter { !$0.brokenGlass.isEmpty }
        let reviewed = emergencies.count { $0.review != nil }
        let outside = changes.count { $0.origin == .external }
        let rollbacks = changes.count { $0.origin == .rollback }
        func of(_ part: Int) -> String { "\(Durations.count(part)) of \(Durations.count(promotions.count)) promotions" }
        let rows = [
            Row(control: "SOC 2 CC8.1", asks: "Changes are authorised before they are made", shows: "\(of(approved)) carry approvals that the rules in force counted; each names who, when and for which plan", section: "4", anchor: "changes"),
            Row(control: "SOC 2 CC8.1", asks: "Changes are tested before they are made", shows: "\(of(tested)) had evidence on record when they were decided; every attempt is kept, also failed ones", section: "4", anchor: "changes"),
            Row(control: "SOC 2 CC8.1", asks: "Changes are documented and tracked", shows: "\(Durations.count(changes.count)) changes, each with requester, reason, ticket where given, values before and after, and commit", section: "4", anchor: "changes"),
            Row(control: "SOC 2 CC8.1", asks: "Emergency changes are authorised and looked at afterwards", shows: "\(emergencies.count) break-glass changes, \(reviewed) reviewed", section: "1", anchor: "exceptions"),
            Row(control: "SOC 2 CC8.1", asks: "Unauthorised changes are prevented or found", shows: "\(outside) changes from outside found by reconciling the branch with the ledger", section: "2", anchor: "completeness"),
            Row(control: "ISO/IEC 27001:2022 A.8.32", asks: "Changes follow a defined procedure: assessment, authorisation, tests, fall-back", shows: "The gates of each decision with value and threshold; \(rollbacks) rollbacks to releases verified before", section: "4", anchor: "changes"),
            Row(control: "ISO/IEC 27001:2022 A.8.32", asks: "The procedure itself is controlled", shows: "\(page.input.ruleChanges.count) commits touched the rules; \(page.input.ruleChanges.count(where: \.loosens)) loosened them", section: "6", anchor: "rules"),
            Row(control: "SOC 2 CC6.1, CC6.3; ISO A.5.3", asks: "Duties are separated, and access is granted by role", shows: "\(of(separated)) approved by another than requester and known authors; who may do what is listed", section: "5, 6", anchor: "people"),
            Row(control: "SOC 2 CC7.2; ISO A.8.15", asks: "Events are logged, and logs are protected", shows: "\(Durations.count(page.input.verification.records)) records in a hash chain, \(page.input.verification.isIntact ? "verified" : "broken")", section: "2, 8", anchor: "completeness"),
        ]
        let table = Page.table(
            Page.th("Control", "Asks, in our words", "What is shown here", "Section"),
            rows.map { row in
                "<tr><td class=\"nowrap\">\(row.control)</td><td>\(row.asks)</td><td>\(row.shows)</td><td><a href=\"#\(row.anchor)\">\(row.section)</a></td></tr>"
            })
        return "<p>The page shows facts; whether a control is met is for the auditor to say.</p>\(table)"
    }
}
