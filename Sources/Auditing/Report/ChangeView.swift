import PromotionEngine

/// How one change is shown: as a row of a list, and in full.
enum ChangeView {
    static func anchor(_ change: Change) -> String { "c-" + change.id }

    static func link(_ change: Change) -> HTML {
        "<a href=\"#\(anchor(change))\">\(change.service) \(change.version == "?" ? "" : change.version)</a>"
    }

    static func move(_ change: Change) -> HTML {
        let from: HTML = change.previousVersion.map { "<span class=\"soft\">\($0) → </span>" } ?? ""
        return "<b>\(change.service)</b> \(from)\(change.version == "?" ? "" : change.version)"
    }

    static func who(_ change: Change) -> HTML {
        switch change.origin {
        case .external: "\(authorName(change)) <span class=\"soft\">(commit)</span>"
        case .rollback: "\(change.requester) <span class=\"soft\">(rollback)</span>"
        case .promotion: change.isAutomatic ? "\(change.requester) <span class=\"soft\">(automation)</span>" : "\(change.requester)"
        }
    }

    /// Without the mail address, which the full account has.
    private static func authorName(_ change: Change) -> String {
        change.requester.split(separator: "<").first.map { $0.last == " " ? String($0.dropLast()) : String($0) } ?? change.requester
    }

    static func approvers(_ change: Change) -> HTML {
        guard !change.approvals.isEmpty else {
            return change.origin == .rollback ? "<span class=\"soft\">not needed</span>" : "<span class=\"soft\">nobody</span>"
        }
        let names = HTML.joined(change.approvals, ", ") { "\($0.person)" }
        let mark: HTML = switch change.separation {
        case .separated: ""
        case .violated: " <span class=\"tag red\">own</span>"
        default: " <span class=\"soft\">(author unknown)</span>"
        }
        return names + mark
    }

    static func tests(_ change: Change) -> HTML {
        guard !change.evidence.isEmpty else {
            return change.origin == .promotion ? "<span class=\"soft\">none on record</span>" : "<span class=\"soft\">–</span>"
        }
        return HTML.joined(change.evidence, ", ") { evidence in
            let count: HTML = evidence.attempts.count > 1 ? " <span class=\"soft\">(\(evidence.attempts.count) attempts)</span>" : ""
            return "\(evidence.key) \(evidence.value)\(count)"
        }
    }

    static func ending(_ change: Change) -> HTML {
        switch change.outcome {
        case .succeeded: "<span class=\"ok\">succeeded</span>"
        case .failed, .rolledBack: "<span class=\"red\">\(change.outcome.words)</span>"
        default: "<span class=\"soft\">\(change.outcome == .unknown ? "not watched" : change.outcome.words)</span>"
        }
    }

    static func tags(_ change: Change) -> HTML {
        HTML.joined(change.exceptions) { "<span class=\"tag\(HTML(raw: $0.isProcess ? " red" : ""))\">\($0.title)</span>" }
    }

    /// One entry of the list, which opens to the full account.
    static func entry(_ change: Change) -> HTML {
        """
        <details class="change" id="\(anchor(change))"><summary class="row"><span class="mono">\(change.deliveredAt.minute)</span><span>\(move(change))</span><span>\(who(change))</span><span>\(approvers(change))</span><span>\(change.ticket ?? "–")</span><span>\(tests(change))</span><span>\(ending(change)) \(tags(change))</span></summary>
        <div class="more">\(account(change))</div></details>

        """
    }

    /// Everything that the ledger says of the change.
    static func account(_ change: Change) -> HTML {
        var left: HTML = "<h4>Why</h4><div>\(change.reason ?? "No reason was given.")</div>"
        left += "<h4>When</h4><table>"
        left += time("Release registered", change.registeredAt, change.registeredBy)
        left += time("Requested", change.requestedAt, change.origin == .external ? nil : change.requester)
        for approval in change.approvals {
            let words: HTML = approval.isAuthenticated ? "authenticated" : "claimed"
            let reason: HTML = approval.reason.map { ": \($0)" } ?? ""
            left += "<tr><td>Approved</td><td class=\"nowrap mono\">\(approval.at.minute)</td><td>\(approval.displayName), \(words)\(reason)</td></tr>"
        }
        left += time("Admitted", change.admittedAt, nil)
        left += time(change.isLate ? "Delivered, late" : "Delivered", change.deliveredAt, nil)
        if let ended = change.endedAt { left += time(change.outcome.words.capitalizedFirst, ended, nil, change.outcomeReason) }
        if let review = change.review { left += time("Reviewed", review.at, review.by, review.reason) }
        left += "</table>"
        var right: HTML = change.origin == .external ? "<h4>Author of the commit</h4><div>\(change.requester)</div>" : ""
        if !change.authors.isEmpty { right += "<h4>Authors</h4><div>\(change.authors.joined(separator: ", "))</div>" }
        right += "<h4>Artifacts</h4><div class=\"mono\">\(artifacts(change))</div>"
        right += "<h4>Commit</h4><div class=\"mono\">\(change.commit)</div>"
        if !change.records.isEmpty {
            right += "<h4>Records</h4><div class=\"mono\">\(change.records.map { String($0) }.joined(separator: ", ")) · \(change.id)</div>"
        }
        if !change.brokenGlass.isEmpty { right += "<h4>Gates skipped by break-glass</h4><div>\(change.brokenGlass.joined(separator: ", "))</div>" }
        var wide: HTML = ""
        if !change.evidence.isEmpty { wide += "<h4>Evidence, all attempts</h4>" + attempts(change) }
        if !change.gates.isEmpty { wide += "<h4>Gates at the decision</h4>" + gates(change) }
        if !change.edits.isEmpty { wide += "<h4>Values</h4>" + values(change) }
        return "<div>\(left)</div><div>\(right)</div><div class=\"wide\">\(wide)</div>"
    }

    private static func time(_ what: String, _ at: Instant?, _ who: String?, _ words: String? = nil) -> HTML {
        guard let at else { return "" }
        let text = [who, words].compactMap(\.self).joined(separator: ": ")
        return "<tr><td>\(what)</td><td class=\"nowrap mono\">\(at.minute)</td><td>\(text)</td></tr>"
    }

    private static func artifacts(_ change: Change) -> HTML {
        let images = change.images.map { image in
            image.name + (image.tag.map { ":\($0)" } ?? "") + (image.digest.map { "@\($0)" } ?? "")
        }
        let parts = images + (change.sourceCommit.map { ["source \($0)"] } ?? []) + (change.ciURL.map { ["built by \($0)"] } ?? [])
        return parts.isEmpty ? "<span class=\"soft\">none on record</span>" : HTML.joined(parts, "<br>") { "\($0)" }
    }

    private static func attempts(_ change: Change) -> HTML {
        let rows = change.evidence.flatMap { evidence in
            evidence.attempts.enumerated().map { item -> HTML in
                let isLast = item.offset == evidence.attempts.count - 1
                let file: HTML = item.element.sha256.map { "sha256 \(String($0.prefix(16)))…" } ?? ""
                return "<tr><td>\(evidence.key)\(evidence.stage.map { " in \($0)" } ?? "")</td><td>\(item.element.value)\(HTML(raw: isLast ? " <span class=\"tag ok\">decided</span>" : ""))</td><td class=\"nowrap mono\">\(item.element.at.minute)</td><td>\(item.element.by)</td><td class=\"mono\">\(file) \(item.element.url ?? "")</td></tr>"
            }
        }
        return Page.table(Page.th("Key", "Value", "Posted", "By", "File and run"), rows)
    }

    private static func gates(_ change: Change) -> HTML {
        Page.table(
            Page.th("Gate", "Verdict", "Value", "Asked for", "Source"),
            change.gates.map { gate in
                let verdict: HTML = gate.verdict == .passed ? "<span class=\"ok\">passed</span>" : "<span class=\"red\">\(gate.verdict.rawValue)</span>"
                return "<tr><td>\(gate.id)</td><td>\(verdict)</td><td>\(gate.value ?? "")</td><td>\(gate.threshold ?? "")</td><td>\(gate.source ?? "")</td></tr>"
            })
    }

    private static func values(_ change: Change) -> HTML {
        Page.table(
            Page.th("File", "Field", "Before", "After"),
            change.edits.map { edit in
                "<tr><td class=\"mono\">\(edit.file)</td><td class=\"mono\">\(edit.field)</td><td class=\"mono\">\(edit.old ?? "–")</td><td class=\"mono\">\(edit.new ?? "–")</td></tr>"
            })
    }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
