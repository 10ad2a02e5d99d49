internal import PromotionEngine

/// The report of a period: exceptions first, then completeness, figures over time, every change, rules and access, and how
/// it all bears on the controls. One HTML page that prints.
public struct AuditReportPage {
    let input: ReportInput

    public init(_ input: ReportInput) { self.input = input }

    var population: Population { input.population }
    var changes: [Change] { population.changes }

    public var text: String {
        var body = heading
        body += summary + contents
        body += section(1, "exceptions", "Exceptions", exceptions)
        body += section(2, "completeness", "Completeness of the population", completeness)
        body += section(3, "time", "Over time", overTime)
        body += section(4, "changes", "All changes", allChanges)
        body += section(5, "people", "Approvals and separation of duties", people)
        body += section(6, "rules", "Rules, access and restrictions", rulesAndAccess)
        body += section(7, "controls", "Bearing on the controls", Controls.html(self))
        body += section(8, "check", "Check it yourself, and definitions", checking)
        body += footer
        return Page.document(title: "\(title), \(population.scope.period)", body, script: Self.script)
    }

    var title: String {
        let stages = population.scope.stages.sorted().joined(separator: ", ")
        return stages.isEmpty ? "Changes of all stages" : "Changes of \(stages)"
    }

    static let sections = [
        "Exceptions", "Completeness of the population", "Over time", "All changes", "Approvals and separation of duties",
        "Rules, access and restrictions", "Bearing on the controls", "Check it yourself, and definitions",
    ]
    private static let anchors = ["exceptions", "completeness", "time", "changes", "people", "rules", "controls", "check"]

    private func section(_ number: Int, _ anchor: String, _ title: String, _ body: HTML) -> HTML {
        "<section id=\"\(anchor)\"><h2><span class=\"no\">\(number)</span>\(title)</h2>\n\(body)</section>\n"
    }

    private var contents: HTML {
        let links = HTML.joined(zip(Self.sections, Self.anchors).enumerated()) { item in
            "<a href=\"#\(item.element.1)\"><span class=\"no\">\(item.offset + 1)</span>\(item.element.0)</a>"
        }
        return "<nav class=\"toc\">\(links)</nav>\n"
    }

    private var heading: HTML {
        let head = input.verification.head
        let service: HTML = population.scope.service.map { "<dt>Service</dt><dd>\($0)</dd>" } ?? ""
        return """
            <p class="over">Audit report</p>
            <h1>\(title)</h1>
            <p class="lead">\(population.scope.period) (UTC)</p>
            <dl class="meta"><dt>Repository</dt><dd>\(input.repository), branch \(input.branch)</dd><dt>Made</dt><dd>\(input.createdAt.description) by gradus \(input.version)</dd><dt>Ledger</dt><dd>\(Durations.count(input.verification.records)) records, \(input.verification.isIntact ? "verified" : "BROKEN")</dd>\(service)<dt style="grid-column:1">Chain head</dt><dd class="mono wide">\(head.map { "record \($0.seq), \($0.hash)" } ?? "none")</dd></dl>

            """
    }

    private var summary: HTML {
        let exceptional = changes.filter { $0.exceptions.contains(where: \.isProcess) }
        let outside = changes.filter { $0.origin == .external }
        let approved = changes.filter { $0.origin == .promotion && $0.separation != .none }
        let promotions = changes.filter { $0.origin == .promotion }
        let bad = changes.filter { $0.outcome == .failed || $0.outcome == .rolledBack }
        func card(_ number: String, _ words: String, _ look: String) -> HTML {
            "<div class=\"card \(HTML(raw: look))\"><b>\(number)</b><span>\(words)</span></div>"
        }
        let total = input.metrics.total
        let share = promotions.isEmpty ? nil : Double(approved.count) / Double(promotions.count)
        var html: HTML = "<div class=\"cards\">"
        html += card(Durations.count(changes.count), "changes in the period", "good")
        html += card(Durations.count(exceptional.count), "of them outside the normal process", exceptional.isEmpty ? "good" : "bad")
        html += card(Durations.percent(share), "of promotions approved", share.map { $0 < 1 } ?? false ? "note" : "good")
        html += card(Durations.count(outside.count), "changes made outside", outside.isEmpty ? "good" : "bad")
        html += card(Durations.count(bad.count), "failed or rolled back", bad.isEmpty ? "good" : "note")
        html += card(Durations.percent(total.successRate), "deployment success rate", total.isSuccessMet ?? true ? "good" : "note")
        html += card(Durations.text(total.leadMedian), "median lead time", "good")
        html += card(Durations.text(total.meanRecovery), "mean time to recovery", total.isRecoveryMet ?? true ? "good" : "note")
        html += "</div>\n"
        if let fault = input.verification.fault {
            html += "<p class=\"verdict bad\"><b>The ledger does not hold together:</b> \(fault). What follows is what can be read, and must not be relied on.</p>\n"
        } else if exceptional.isEmpty, changes.isEmpty {
            html += "<p class=\"verdict\">No change of the period is known. The ledger was verified from its first record to its last.</p>\n"
        } else if exceptional.isEmpty {
            html += "<p class=\"verdict\">Every one of the \(changes.count) changes of the period went through the process. The ledger was verified from its first record to its last.</p>\n"
        } else {
            html += "<p class=\"verdict\">\(Durations.count(changes.count - exceptional.count)) of \(Durations.count(changes.count)) changes went through the process without exception; the other \(Durations.count(exceptional.count)) are listed first. The ledger was verified from its first record to its last.</p>\n"
        }
        let baselines = input.verification.baselines.count
        if baselines > 0 {
            html += "<p class=\"verdict bad\">Beside them \(baselines) \(baselines == 1 ? "change was" : "changes were") made where nothing had been delivered yet: what stands there is a baseline, which nobody decided (section 2).</p>\n"
        }
        return html
    }

    private var exceptions: HTML {
        let kinds = ChangeException.allCases.filter { !population.changes(with: $0).isEmpty }
        guard !kinds.isEmpty else { return "<p>None: no change of the period is an exception of any kind that is looked for.</p>" }
        let overview = Page.table(
            ["<th>Kind</th>", "<th class=\"num\">Changes</th>", "<th>What it means</th>"],
            kinds.map { kind in
                "<tr><td class=\"nowrap\"><a href=\"#x-\(kind.rawValue)\"><span class=\"tag\(HTML(raw: kind.isProcess ? " red" : ""))\">\(kind.title)</span></a></td><td class=\"num\">\(population.changes(with: kind).count)</td><td>\(kind.meaning)</td></tr>"
            })
        let lists = HTML.joined(kinds) { kind -> HTML in
            let found = population.changes(with: kind)
            return "<h3 id=\"x-\(kind.rawValue)\">\(kind.title) <span class=\"soft\">(\(found.count))</span></h3>\n\(list(kind, found))"
        }
        return overview + lists
    }

    private func list(_ kind: ChangeException, _ found: [Change]) -> HTML {
        Page.table(
            Page.th("When", "Change", kind == .external || kind == .unrecordedExternal ? "Author of the commit" : "Requested by", "Approved by", "What is to be seen"),
            found.map { change in
                "<tr><td class=\"nowrap mono\">\(change.deliveredAt.minute)</td><td>\(ChangeView.link(change))</td><td>\(ChangeView.who(change))</td><td>\(ChangeView.approvers(change))</td><td>\(detail(kind, change))</td></tr>"
            }, look: "list")
    }

    private func detail(_ kind: ChangeException, _ change: Change) -> HTML {
        switch kind {
        case .external, .unrecordedExternal:
            let edit: HTML = change.edits.first.map { "\($0.file): \($0.old ?? "nothing") → \($0.new ?? "nothing")" } ?? ""
            return "\(edit) <span class=\"mono soft\">\(String(change.commit.prefix(10)))</span>"
        case .selfApproval:
            let authors = change.authors.isEmpty ? "" : "; authors \(change.authors.joined(separator: ", "))"
            return "approved by \(change.approvers.joined(separator: ", ")), requested by \(change.requester)\(authors)"
        case .breakGlass, .breakGlassOpen:
            let review = change.review.map { "; reviewed by \($0.by)\($0.reason.map { ": \($0)" } ?? "")" } ?? "; no review"
            return "skipped \(change.brokenGlass.joined(separator: ", ")): \(change.reason ?? "no reason")\(review)"
        case .failed, .rolledBack: return "\(change.outcomeReason ?? "")"
        case .passAfterFail:
            return HTML.joined(ExceptionRules.passedAfterFailing(change), "; ") { evidence in
                "\(evidence.key): \(evidence.attempts.map(\.value).joined(separator: ", then "))"
            }
        case .downgrade: return "from \(change.downgradeFrom ?? "?")"
        case .noApproval, .noEvidence: return "\(change.gates.isEmpty ? "no gate stood in the rules" : "gates: \(change.gates.map(\.id).joined(separator: ", "))")"
        case .late, .ungated:
            let past = change.closedGates.isEmpty ? "" : " past \(change.closedGates.joined(separator: ", "))"
            return "landed in \(String(change.commit.prefix(10)))\(past)"
        }
    }

    private var completeness: HTML {
        let verification = input.verification
        let outside = changes.filter { $0.origin == .external }
        let rows: [(String, String)] = [
            ("Changes in the period", Durations.count(changes.count)),
            ("… by promotion", Durations.count(changes.count { $0.origin == .promotion })),
            ("… by rollback", Durations.count(changes.count { $0.origin == .rollback })),
            ("… from outside, on record", Durations.count(outside.count(where: \.isRecorded))),
            ("… from outside, found on the branch only", Durations.count(outside.count { !$0.isRecorded })),
            ("Deploy commits whose content was compared with their records (whole ledger)", Durations.count(verification.deployCommits)),
            ("Commits of branches that were looked at (since the first promotion)", Durations.count(verification.branchCommits)),
            ("… of them touching declared values", Durations.count(verification.touchingCommits)),
            ("Changes of the period where nothing had been delivered yet (baseline)", Durations.count(verification.baselines.count)),
        ]
        let table = Page.table(
            ["<th>Counted</th>", "<th class=\"num\">Number</th>"],
            rows.map { "<tr><td>\($0.0)</td><td class=\"num\">\($0.1)</td></tr>" })
        let warnings: HTML = verification.warnings.isEmpty
            ? "" : "<h3>Warnings of the verification</h3><ul>\(HTML.joined(verification.warnings) { "<li>\($0)</li>" })</ul>"
        let baselines: HTML = verification.baselines.isEmpty
            ? "" : "<h3>Changes where nothing had been delivered yet</h3>" + Page.table(
                Page.th("When", "What"), verification.baselines.map { "<tr><td class=\"nowrap mono\">\($0.at.minute)</td><td>\($0.sentence)</td></tr>" })
        return """
            <p>The list in section 4 is the whole population: it was not drawn from a search, but folded from every record of the ledger, and then reconciled with the branch itself. Each commit since the first promotion that changes a declared value was matched to a promotion, or is listed as a change from outside, whether or not anybody had noticed it.</p>
            \(table)\(baselines)\(warnings)
            <p class="soft">What this does not show: changes in the running system that never were in the repository; versions that stood in a stage before its first promotion, which are its baseline; and records that were cut off the end of the ledger, unless a chain head that was kept elsewhere is compared (section 8).</p>
            """
    }

    private var allChanges: HTML {
        var html: HTML = """
            <p class="screen">Each line opens to the full account: times, gates, all attempts of the evidence, values. Write a date, a name, a service or a ticket to find.</p>
            <input class="find" id="find" type="search" placeholder="2026-10-15, olga, checkout, CHG-…" autocomplete="off">
            <p class="soft screen" id="found"></p>

            """
        let header: HTML = "<div class=\"row head\"><span>Delivered (UTC)</span><span>Change</span><span>Requested by</span><span>Approved by</span><span>Ticket</span><span>Tests and scans</span><span>Outcome</span></div>\n"
        var month = ""
        for change in changes {
            if change.deliveredAt.month != month {
                if !month.isEmpty { html += "</div>\n" }
                month = change.deliveredAt.month
                html += "<div class=\"month\"><h3>\(month)</h3>\n" + header
            }
            html += ChangeView.entry(change)
        }
        if !month.isEmpty { html += "</div>\n" }
        return changes.isEmpty ? "<p>No change reached the stage in the period.</p>" : html
    }

    private var footer: HTML {
        let head = input.verification.head
        return "<footer>Made \(input.createdAt.description) from \(Durations.count(input.verification.records)) records of \(input.repository); chain head \(head?.hash ?? "none"). Times are UTC.</footer>\n"
    }

    /// Filters the list as one types; without it the page is whole.
    private static let script = """
        (function(){var f=document.getElementById('find');if(!f)return;var c=[].slice.call(document.querySelectorAll('details.change')),m=[].slice.call(document.querySelectorAll('.month')),n=document.getElementById('found'),t=c.map(function(e){return e.textContent.toLowerCase()});f.addEventListener('input',function(){var q=f.value.toLowerCase().trim().split(/\\s+/),k=0;c.forEach(function(e,i){var s=q.every(function(w){return t[i].indexOf(w)>=0});e.hidden=!s;if(s)k++});m.forEach(function(e){e.hidden=!e.querySelector('details:not([hidden])')});n.textContent=f.value?k+' of '+c.length+' changes':''});function o(){var e=document.getElementById(decodeURIComponent(location.hash.slice(1)));if(e&&e.tagName==='DETAILS')e.open=true}addEventListener('hashchange',o);o()})();
        """
}
