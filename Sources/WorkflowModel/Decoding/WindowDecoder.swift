import YAMLEdit

/// Decodes windows, of the calendar and as a criterion.
struct WindowDecoder {
    let faults: FaultCollector

    /// A name, a window written out, or a list of both.
    func criterion(_ node: YAMLNode) -> Criterion.Kind? {
        let value = node.resolved
        guard value.kind == .sequence else { return reference(value).map { .window([$0]) } }
        if value.items.isEmpty { faults.error("`window` names no window", at: value) }
        let references = value.items.compactMap { reference($0.resolved) }
        return references.isEmpty || references.count < value.items.count ? nil : .window(references)
    }

    private func reference(_ node: YAMLNode) -> WindowReference? {
        if node.kind == .mapping { return window(node, named: nil).map { .inline($0) } }
        return faults.text(node, "`window`").map { .named($0.text) }
    }

    /// Nil after a fault, which is reported.
    func window(_ node: YAMLNode, named name: String?) -> CalendarWindow? {
        let what = name.map { "window `\($0)`" } ?? "`window`"
        guard var reader = MappingReader(node, PeopleSchema.window, faults, as: what) else { return nil }
        let kind = reader.required("kind").flatMap { faults.choice($0, "`kind`", of: CalendarWindow.Kind.self) }
        let schedule = reader.required("schedule")
        let duration = reader.required("duration").flatMap { faults.span($0, "`duration`") }
        let timezone = reader.text("timezone")
        reader.finish()
        if let duration, duration.seconds == 0, let node = reader.value("duration") {
            faults.error("a window that is open for 0s is never open", at: node)
        }
        if let schedule, let fault = CronSchedule.fault(in: schedule.text) {
            faults.error(
                "`schedule` must have cron's five fields, such as \"0 9 * * 1-5\", not `\(schedule.text)`: \(fault)", at: schedule.node)
            return nil
        }
        if let timezone, !Self.isZoneName(timezone.text) {
            faults.error("`\(timezone.text)` is no name of a time zone, such as Europe/Berlin", at: timezone.node)
            return nil
        }
        if let timezone, let zones = faults.zones, !zones.isZone(timezone.text) {
            faults.unknown("time zone", timezone.text, among: zones.zoneNames(), at: timezone.node)
        }
        guard let kind, let schedule, let duration else { return nil }
        return CalendarWindow(kind: kind, schedule: schedule.text, duration: duration, timezone: timezone?.text ?? "UTC")
    }

    /// Only the shape: which zones there are is known to the machine.
    private static func isZoneName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                part.first?.isLetter == true && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
            }
    }
}
