internal import Expressions
internal import WorkflowModel

extension Evaluator {
    /// `window`: named ones of the calendar and those written out, combined.
    func windowGate(_ draft: GateDraft, _ references: [WindowReference]) -> Gate {
        var windows: [(CalendarWindow, CronSchedule, ZoneRules)] = []
        for reference in references {
            let window: CalendarWindow
            switch reference {
            case .inline(let given): window = given
            case .named(let name):
                guard let found = restrictions.calendar.windows[name] else {
                    return draft.gate(.errored, reason: "workflows/calendar.yaml has no window '\(name)'")
                }
                window = found
            }
            guard let schedule = CronSchedule(window.schedule) else {
                return draft.gate(.errored, reason: "'\(window.schedule)' is no schedule: \(CronSchedule.fault(in: window.schedule) ?? "")")
            }
            guard let zone = restrictions.zones.zone(named: window.timezone) else {
                return draft.gate(.errored, reason: "there is no time zone '\(window.timezone)'", clearWith: "gradus validate")
            }
            windows.append((window, schedule, zone))
        }
        let state = WindowState(windows: windows, holidays: Set(restrictions.calendar.holidays.map(\.date)))
        if state.isOpen(at: now) {
            let closes = state.closing(after: now).map { ", until \($0)" } ?? ""
            return draft.gate(.passed, value: "open", reason: "the window is open\(closes)")
        }
        let next = state.opening(after: now)
        return draft.gate(
            .waiting, value: "closed",
            reason: next == nil ? "the window is closed and does not open again" : "the window is closed", nextCheck: next,
            clearWith: next.map { "gradus promote \(service.name) --to \(stage.name) --version \(release.version)  (from \($0) on)" }
                ?? breakGlass(draft))
    }

    /// What skips a gate on record where nothing that could be posted clears it.
    private func breakGlass(_ draft: GateDraft) -> String {
        "gradus promote \(service.name) --to \(stage.name) --version \(release.version) --break-glass \(draft.id) --reason WHY"
    }

    /// `freeze`: closed while any freeze that covers the edge is on.
    func freezeGate() -> Gate {
        let draft = GateDraft(id: "freeze", criterion: "freeze", threshold: nil)
        let covering = restrictions.freezes.filter { $0.scope.covers(workflow: workflow.name, stage: stage.name, service: service.name) }
        let active = covering.filter { $0.isActive(at: now) }
        guard let first = active.first else {
            let next = covering.map(\.start).filter { $0 > now }.min()
            return draft.gate(.passed, reason: next.map { "no freeze before \($0)" } ?? "no freeze")
        }
        let reasons = active.map { freeze in
            "\(freeze.id) by \(freeze.owner)\(freeze.until.map { " until \($0)" } ?? ""): \(freeze.reason)"
        }
        return draft.gate(
            .waiting, value: active.map(\.id).joined(separator: ", "), reason: "frozen: " + reasons.joined(separator: "; "),
            source: "freezes in the ledger", since: first.start, nextCheck: FreezeCalendar(covering).opening(after: now),
            clearWith: "gradus freeze remove \(first.id) --reason WHY")
    }

    /// `hold`: closed while anybody's hold of the cell stands.
    func holdGate() -> Gate {
        let draft = GateDraft(id: "hold", criterion: "hold", threshold: nil)
        let active = state.holds.filter { $0.stage == stage.name && $0.isActive(at: now) }
        guard let first = active.first else { return draft.gate(.passed, reason: "no hold") }
        let reasons = active.map { hold in
            "\(hold.id) by \(hold.owner)\(hold.until.map { " until \($0)" } ?? ""): \(hold.reason)"
        }
        let ends = active.compactMap(\.until)
        return draft.gate(
            .waiting, value: active.map(\.id).joined(separator: ", "), reason: "held: " + reasons.joined(separator: "; "),
            source: "holds in the ledger", since: first.since, nextCheck: ends.count == active.count ? ends.max() : nil,
            clearWith: active.contains { $0.rollback != nil }
                ? "gradus resume \(service.name) --stage \(stage.name)" : "gradus hold remove \(first.id)")
    }

    /// `condition`: an expression over release, stage, evidence and now.
    func conditionGate(_ draft: GateDraft, _ expression: Expression, of stages: Set<String>) -> Gate {
        let wanted = expression.fields(of: "evidence")
        let (evidence, missing) = evidenceFacts(wanted, of: stages)
        func absent(_ reason: String) -> Gate {
            draft.gate(
                .waiting, reason: reason,
                clearWith: "gradus report \(service.name) \(release.version) \(missing.sorted().map { "\($0)=VALUE" }.joined(separator: " "))")
        }
        do throws(ExpressionError) {
            let holds = try expression.holds(facts(evidence: evidence))
            if holds { return draft.gate(.passed, value: "true", reason: "the condition holds") }
            if !missing.isEmpty { return absent("no evidence posted: \(missing.sorted().joined(separator: ", "))") }
            return draft.gate(.failed, value: "false", reason: "the condition does not hold", clearWith: breakGlass(draft))
        } catch {
            // What was not posted yet is no error of the expression.
            if !missing.isEmpty { return absent("no evidence posted: \(missing.sorted().joined(separator: ", "))") }
            return draft.gate(.errored, reason: "the condition could not be evaluated: \(error)")
        }
    }

    private func facts(evidence: [String: Value]) -> [String: Value] {
        let content = release.release
        return [
            "now": .time(now.seconds),
            "evidence": .map(evidence),
            "stage": .map([
                "name": .string(stage.name), "class": .string(stage.stageClass.rawValue),
                "from": .array(upstream.map { .string($0.name) }),
                "version": state.cells[stage.name].map { .string($0.version) } ?? .null,
            ]),
            "release": .map([
                "service": .string(service.name), "version": .string(release.version),
                "digest": content.digest.map(Value.string) ?? .null, "commit": content.commit.map(Value.string) ?? .null,
                "authors": .array(content.authors.map(Value.string)), "charts": .map(content.charts.mapValues(Value.string)),
                "registered_at": .time(release.registeredAt.seconds), "registered_by": .string(release.registeredBy),
                "requester": .string(requester), "ticket": ticket.map(Value.string) ?? .null,
                "age": .duration(Double((now - release.registeredAt).seconds)),
            ]),
        ]
    }

    /// The evidence that counts, numbers as numbers, and which of the wanted keys have none.
    private func evidenceFacts(_ wanted: Set<String>, of stages: Set<String>) -> ([String: Value], missing: Set<String>) {
        var values: [String: Value] = [:]
        for key in Set(release.evidence.map(\.key)).union(wanted) {
            guard case .value(let text) = standing(key, of: stages).value else { continue }
            if let number = Int(text) {
                values[key] = .int(number)
            } else if let number = DecimalText.number(text) {
                values[key] = .float(number)
            } else {
                values[key] = ["true", "false"].contains(text) ? .bool(text == "true") : .string(text)
            }
        }
        return (values, wanted.filter { values[$0] == nil })
    }
}
