import PromotionEngine

/// A release for people and programs.
enum ReleaseText {
    static func json(_ state: ReleaseState) -> JSONValue {
        guard case .object(var members) = state.releaseJSON else { return .null }
        members["registered_at"] = .string(state.registeredAt.description)
        members["registered_by"] = .string(state.registeredBy)
        members["digest"] = .optional(state.release.digest)
        members["yanked"] = state.yanked?.json ?? .null
        members["outcomes"] = .object(state.outcomes.mapValues { .string($0.rawValue) })
        members["evidence"] = .array(
            state.evidence.map { evidence in
                [
                    "key": .string(evidence.key), "value": .string(evidence.value), "stage": .optional(evidence.stage),
                    "at": .string(evidence.at.description), "posted_by": .string(evidence.postedBy),
                    "seq": .int(evidence.seq), "ci_url": .optional(evidence.ciURL),
                    "file": evidence.file.map { ["name": .string($0.name), "sha256": .string($0.sha256), "summary": .string($0.summary)] } ?? .null,
                    "part": .optional(evidence.part?.description),
                ]
            })
        members["approvals"] = .array(
            state.approvals.map { approval in
                [
                    "person": .string(approval.person), "stage": .string(approval.stage),
                    "at": .string(approval.at.description), "plan_digest": .string(approval.planDigest),
                    "reason": .optional(approval.reason),
                ]
            })
        return .object(members)
    }

    static func reference(_ image: Release.Image) -> String {
        image.name + (image.tag.map { ":\($0)" } ?? "") + (image.digest.map { "@\($0)" } ?? "")
    }

    static func text(_ state: ReleaseState, _ style: Style) -> String {
        let release = state.release
        var lines = [
            style.bold("\(release.service) \(release.version)"),
            "registered \(state.registeredAt) by \(state.registeredBy), record \(state.registeredSeq)",
        ]
        for image in release.images { lines.append("image      \(reference(image))") }
        for (name, version) in release.charts.sorted(by: { $0.key < $1.key }) { lines.append("chart      \(name) \(version)") }
        if let commit = release.commit { lines.append("commit     \(commit)") }
        if !release.authors.isEmpty { lines.append("authors    \(release.authors.joined(separator: ", "))") }
        if let url = release.ciURL { lines.append("CI run     \(url)") }
        if let reason = release.irreversible { lines.append("irreversible: \(reason)") }
        if let yank = state.yanked { lines.append(style.red("yanked \(yank.at) by \(yank.by): \(yank.reason)")) }
        for (stage, outcome) in state.outcomes.sorted(by: { $0.key < $1.key }) { lines.append("\(outcome.rawValue) in \(stage)") }
        if !state.evidence.isEmpty {
            var table = Table(["EVIDENCE", "VALUE", "STAGE", "BY", "AT"])
            for item in state.evidence {
                table.add([item.key, item.value, item.stage ?? "-", item.postedBy, item.at.description])
            }
            lines += ["", table.text]
        }
        return lines.joined(separator: "\n")
    }
}

/// A command that only wrote its record.
enum RecordText {
    static func show(_ report: RecordReport, _ console: Console, done: String, same: String) {
        console.show(report.json) {
            let values = valueLines(report)
            if report.isPlanned { return (["Would record: \(done)"] + values).joined(separator: "\n") }
            guard let record = report.record else { return ([same] + values).joined(separator: "\n") }
            return (["\(done) (record \(record.seq))"] + values).joined(separator: "\n")
        }
        if !report.next.isEmpty { console.status("Next: \(report.next).") }
    }

    /// What was read from files; of a dry run every value.
    private static func valueLines(_ report: RecordReport) -> [String] {
        (report.evidence ?? []).filter { $0.file != nil || report.isPlanned }.map { posted in
            "  \(posted.key)=\(posted.value)" + (posted.file.map { " (\($0.name): \($0.summary))" } ?? "")
        }
    }
}
