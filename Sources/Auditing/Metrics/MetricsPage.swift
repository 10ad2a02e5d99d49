public import PromotionEngine

/// The metrics as a page for print and screen, or their plot alone.
public struct MetricsPage {
    private let metrics: DeliveryMetrics
    private let repository: String
    private let head: ChainHead?

    public init(_ metrics: DeliveryMetrics, repository: String, head: ChainHead?) {
        (self.metrics, self.repository, self.head) = (metrics, repository, head)
    }

    public var text: String {
        let total = metrics.total
        let stages = metrics.scope.stages.sorted().joined(separator: ", ")
        func card(_ number: String, _ words: String, _ isMet: Bool? = nil) -> HTML {
            "<div class=\"card \(HTML(raw: isMet.map { $0 ? "good" : "bad" } ?? "good"))\"><b>\(number)</b><span>\(words)</span></div>"
        }
        let header: [HTML] = ["<th></th>"] + ["Deployments", "A week", "Lead time p50", "Lead time p90", "Change failure rate", "Success rate", "MTTR", "Longest"].map { "<th class=\"num\">\($0)</th>" }
        let body: HTML = """
            <p class="over">Delivery metrics</p><h1>\(stages.isEmpty ? "All stages" : stages)</h1>
            <p class="lead">\(metrics.scope.period) (UTC), \(metrics.weeksText) weeks, \(repository)</p>
            <div class="cards">\(card(total.perWeekText, "deployments a week"))\(card(total.leadMedianText, "median lead time"))\(card(total.failureText, "change failure rate"))\(card(total.recoveryText, "mean time to recovery, target below 15 min", total.isRecoveryMet))\(card(total.successText, "deployment success rate, target above 99 %", total.isSuccessMet))\(card(Durations.count(total.deployments), "deployments"))\(card(total.leadNinetiethText, "90th percentile of lead time"))\(card(total.longestText, "longest recovery"))</div>
            <figure>\(Self.plot(metrics))<figcaption>Deployments by week: <i class="key a"></i>went well or are open <i class="key c"></i>failed or were rolled back</figcaption></figure>
            <h2>By service</h2>
            \(Page.table(header, ([total] + metrics.services).map(row)))
            <h2>By class of stage</h2>
            \(Page.table(header, metrics.classes.map(row)))
            <h2>Definitions</h2>
            \(Page.table(Page.th("Word", "Meaning"), DeliveryMetrics.definitions.map { "<tr><td class=\"nowrap\">\($0.name)</td><td>\($0.meaning)</td></tr>" }))
            <footer>From the ledger; chain head \(head.map { "record \($0.seq), \($0.hash)" } ?? "none").</footer>
            """
        return Page.document(title: "Delivery metrics, \(metrics.scope.period)", body)
    }

    private func row(_ row: DeliveryMetrics.Row) -> HTML {
        func mark(_ text: String, _ isMet: Bool?) -> HTML {
            isMet.map { $0 ? "<span class=\"ok\">✓ \(text)</span>" : "<span class=\"red\">✗ \(text)</span>" } ?? "\(text)"
        }
        let cells: [HTML] = [
            "\(Durations.count(row.deployments))", "\(row.perWeekText)", "\(row.leadMedianText)", "\(row.leadNinetiethText)", "\(row.failureText)",
            mark(row.successText, row.isSuccessMet), mark(row.recoveryText, row.isRecoveryMet), "\(row.longestText)",
        ]
        return "<tr><td>\(row.name)</td>\(HTML.joined(cells) { "<td class=\"num\">\($0)</td>" })</tr>"
    }

    static func plot(_ metrics: DeliveryMetrics) -> HTML {
        Plot.bars(
            metrics.trend.map { ($0.start, [$0.deployments - $0.failures, $0.failures]) }, classes: ["a", "c"],
            title: "Deployments by week")
    }

    /// The plot as a file of its own, with its colours.
    public static func svg(_ metrics: DeliveryMetrics) -> String {
        let style = "<style>.rule{stroke:#dde3e8}.tick{fill:#566472;font:11px sans-serif}.a{fill:#7fb7bd}.c{fill:#b3372f}</style>"
        let text = plot(metrics).text
        guard let end = text.firstIndex(of: ">") else { return text }
        return text[...end] + style + text[text.index(after: end)...] + "\n"
    }
}
