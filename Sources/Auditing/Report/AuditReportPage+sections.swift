internal import PromotionEngine

extension AuditReportPage {
    var overTime: HTML {
        let weeks = weekly
        let bars = Plot.bars(weeks, classes: ["a", "b", "c"], title: "Changes by week")
        let months = monthly
        let lines = Plot.lines(months, classes: ["p", "q"], title: "Lead time by month in hours", unit: "h")
        return """
            <figure>\(bars)<figcaption>Changes by week: <i class="key a"></i>orderly <i class="key b"></i>orderly, but failed, rolled back, late or passed after failing <i class="key c"></i>outside the normal process</figcaption></figure>
            <figure>\(lines)<figcaption>Lead time by month, in hours, from registration of a release to its success: <i class="key p"></i>median <i class="key q"></i>90th percentile</figcaption></figure>
            <h3>Exceptions by month</h3>
            \(heat)
            """
    }

    private var weekly: [(start: Instant, parts: [Int])] {
        var weeks = input.metrics.trend.map { (start: $0.start, parts: [0, 0, 0]) }
        guard let first = weeks.first?.start else { return [] }
        for change in changes {
            let position = min(weeks.count - 1, max(0, (change.deliveredAt.seconds - first.seconds) / 604_800))
            let part = change.exceptions.contains(where: \.isProcess) ? 2 : change.exceptions.isEmpty ? 0 : 1
            weeks[position].parts[part] += 1
        }
        return weeks
    }

    private var monthly: [(start: Instant, values: [Double?])] {
        let groups = Dictionary(grouping: changes.filter { $0.origin == .promotion }) { $0.deliveredAt.month }
        return groups.sorted { $0.key < $1.key }.compactMap { month, changes in
            guard let start = Instant(parsing: month + "-01T00:00:00Z") else { return nil }
            let leads = changes.compactMap(\.leadSeconds).sorted()
            return (start, [50, 90].map { DeliveryMetrics.percentile(leads, $0).map { Double($0) / 3_600 } })
        }
    }

    private var heat: HTML {
        let kinds = ChangeException.allCases.filter { !population.changes(with: $0).isEmpty }
        let months = Set(changes.map(\.deliveredAt.month)).sorted()
        guard !kinds.isEmpty else { return "<p class=\"soft\">None.</p>" }
        var counts: [ChangeException: [String: Int]] = [:]
        for change in changes { for kind in change.exceptions { counts[kind, default: [:]][change.deliveredAt.month, default: 0] += 1 } }
        let rows = kinds.map { kind -> HTML in
            let cells = HTML.joined(months) { month -> HTML in
                let count = counts[kind]?[month] ?? 0
                let shade = count == 0 ? "" : count < 3 ? "h1" : count < 6 ? "h2" : count < 12 ? "h3" : "h4"
                return "<td class=\"\(shade)\">\(count == 0 ? "" : String(count))</td>"
            }
            return "<tr><td>\(kind.title)</td>\(cells)</tr>"
        }
        let header = ["<th></th>"] + months.map { "<th>\(String($0.dropFirst(months.first?.prefix(4) == months.last?.prefix(4) ? 5 : 2)))</th>" as HTML }
        return "<table class=\"heat\"><thead><tr>\(HTML.joined(header))</tr></thead><tbody>\(HTML.joined(rows))</tbody></table>"
    }

    var people: HTML {
        let promotions = changes.filter { $0.origin == .promotion }
        let counts = Dictionary(grouping: promotions, by: \.separation).mapValues(\.count)
        let separations: [(Separation, String)] = [
            (.separated, "Approved by at least one person who neither requested the change nor wrote it"),
            (.authorUnknown, "Approved by another than the requester; the release names no author"),
            (.violated, "Everyone who approved requested or wrote it"),
            (.none, "Nobody approved; the rules in force asked for nobody, or named gates were skipped"),
        ]
        let duties = Page.table(
            ["<th>Separation of duties</th>", "<th class=\"num\">Promotions</th>"],
            separations.map { "<tr><td>\($0.1)</td><td class=\"num\">\(counts[$0.0] ?? 0)</td></tr>" })
        let approvals = promotions.flatMap(\.approvals)
        let authenticated = approvals.count(where: \.isAuthenticated)
        var tally: [String: (approved: Int, requested: Int)] = [:]
        for approval in approvals { tally[approval.displayName, default: (0, 0)].approved += 1 }
        for change in promotions { tally[change.requester, default: (0, 0)].requested += 1 }
        let persons = tally.sorted { ($1.value.approved + $1.value.requested, $0.key) < ($0.value.approved + $0.value.requested, $1.key) }
        return """
            \(duties)
            <p>\(Durations.count(approvals.count)) approvals counted; \(Durations.count(authenticated)) of them are authenticated by a signature or a forge, the others are names that a command line claimed, made by somebody with write access to the repository.</p>
            \(Page.table(
                ["<th>Person</th>", "<th class=\"num\">Requested</th>", "<th class=\"num\">Approved</th>"],
                persons.prefix(60).map { "<tr><td>\($0.key)</td><td class=\"num\">\($0.value.requested)</td><td class=\"num\">\($0.value.approved)</td></tr>" }))
            """
    }

    var rulesAndAccess: HTML {
        let rules = Page.table(
            Page.th("When", "By", "What changed in the rules", "Commit"),
            input.ruleChanges.map { change in
                let items: HTML = change.items.isEmpty
                    ? "<span class=\"soft\">\(change.fault ?? "nothing that decides (\(change.files.joined(separator: ", ")))")</span>"
                    : HTML.joined(change.items, "<br>") { item in
                        "<span class=\"tag\(HTML(raw: item.direction == .loosened ? " red" : item.direction == .tightened ? " ok" : " plain"))\">\(item.direction.rawValue)</span>\(item.text)"
                    }
                return "<tr><td class=\"nowrap mono\">\(change.at.minute)</td><td>\(change.author)</td><td>\(items)</td><td class=\"mono\">\(String(change.commit.prefix(10)))</td></tr>"
            }, empty: "<p class=\"soft\">No commit of the period touched the rules.</p>")
        let access = Page.table(
            Page.th("Workflow", "Stage", "May", "Granted to", "People"),
            input.access.map { row in
                "<tr><td>\(row.workflow)\(row.service.map { " · \($0)" } ?? "")</td><td>\(row.stage)</td><td>\(row.action)</td><td>\(Self.granted(row))</td><td>\(Self.people(row))</td></tr>"
            }, empty: "<p class=\"soft\">Nothing is granted.</p>")
        let kinds: [AuditEvent.Kind] = [.denied, .rejected, .freeze, .hold, .yank, .review, .pseudonym]
        let events = HTML.joined(kinds) { kind -> HTML in
            let found = population.events.filter { $0.kind == kind }
            guard !found.isEmpty else { return "" }
            return "<h3>\(kind.title) <span class=\"soft\">(\(found.count))</span></h3>" + Page.table(
                Page.th("When", "Record", "What"),
                found.map { "<tr><td class=\"nowrap mono\">\($0.at.minute)</td><td class=\"num\">\($0.seq)</td><td>\($0.sentence)</td></tr>" })
        }
        return "<h3>Rule changes</h3>\(rules)<h3>Who may do what, at the end of the period</h3>\(access)\(events)"
    }

    var checking: HTML {
        let head = input.verification.head
        let definitions = Page.table(
            Page.th("Word", "Meaning"),
            (DeliveryMetrics.definitions.map { ($0.name, $0.meaning) } + ChangeException.allCases.map { ($0.title, $0.meaning) })
                .map { "<tr><td class=\"nowrap\">\($0.0)</td><td>\($0.1)</td></tr>" })
        return """
            <p>Everything on this page is a function of the repository. Nobody needs to trust it, or gradus: the records are commits, and their hashes can be recomputed from the output of <code>git log</code> by a short script in any language (docs/ledger.md has one).</p>
            <table><tbody>
            <tr><td class="nowrap">The ledger is intact</td><td><code>gradus audit verify</code></td></tr>
            <tr><td class="nowrap">Its end was not cut off</td><td><code>gradus audit verify --since-checkpoint FILE</code>, with a file that was kept elsewhere</td></tr>
            <tr><td class="nowrap">This page is of this ledger</td><td>record \(head?.seq ?? 0) has the hash <span class="mono">\(head?.hash ?? "none")</span></td></tr>
            <tr><td class="nowrap">One change, in Git's words</td><td><code>git show COMMIT</code>, with the trailers <code>Promoted-By</code>, <code>Approved-By</code>, <code>Change-Ticket</code></td></tr>
            <tr><td class="nowrap">A sample</td><td><code>gradus audit sample --count 25 --seed WORD</code>: the same for everyone who asks</td></tr>
            </tbody></table>
            <h3>Definitions</h3>
            \(definitions)
            """
    }

    private static func granted(_ row: AccessRow) -> HTML {
        if row.granted.isEmpty { return "<span class=\"soft\">nobody</span>" }
        return row.granted == ["*"] ? "everyone" : "\(row.granted.joined(separator: ", "))"
    }

    private static func people(_ row: AccessRow) -> HTML {
        if row.people.isEmpty { return "<span class=\"soft\">–</span>" }
        return row.people == ["*"] ? "everyone with write access" : "\(row.people.joined(separator: ", "))"
    }
}
