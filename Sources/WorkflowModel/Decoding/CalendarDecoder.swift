import YAMLEdit

/// Decodes `calendar.yaml` (`design.md` section 5).
struct CalendarDecoder {
    let faults: FaultCollector

    func calendar(_ root: YAMLNode) -> ReleaseCalendar {
        var calendar = ReleaseCalendar(path: faults.file.path)
        guard var reader = MappingReader(root, PeopleSchema.calendar, faults) else { return calendar }
        if let node = reader.value("windows") {
            if node.kind == .mapping {
                for entry in node.entriesResolvingMerges() {
                    guard let name = faults.text(entry.key, "a window's name") else { continue }
                    calendar.windows[name.text] = window(entry.value, named: name.text)
                }
            } else {
                faults.error("`windows` must be a map, not \(node.typeInWords)", at: node)
            }
        }
        calendar.holidays = (reader.items("holidays") ?? []).compactMap(holiday)
        reader.finish()
        return calendar
    }

    private func window(_ node: YAMLNode, named name: String) -> CalendarWindow? {
        guard var reader = MappingReader(node, PeopleSchema.window, faults, as: "window `\(name)`") else { return nil }
        let kind = reader.required("kind").flatMap { faults.choice($0, "`kind`", of: CalendarWindow.Kind.self) }
        let schedule = reader.required("schedule")
        let duration = reader.required("duration").flatMap { faults.span($0, "`duration`") }
        let timezone = reader.text("timezone")
        reader.finish()
        if let duration, duration.seconds == 0, let node = reader.value("duration") {
            faults.error("a window that is open for 0s is never open", at: node)
        }
        guard let kind, let schedule, let duration, isSchedule(schedule) else { return nil }
        return CalendarWindow(kind: kind, schedule: schedule.text, duration: duration, timezone: timezone?.text ?? "UTC")
    }

    /// Only the shape: which times the fields mean is decided where windows are asked.
    private func isSchedule(_ text: LocatedText) -> Bool {
        let fields = text.text.split { $0 == " " || $0 == "\t" }
        let isFine = fields.count == 5 && fields.allSatisfy { field in
            field.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "*/,-?".contains($0)) }
        }
        if !isFine {
            faults.error(
                "`schedule` must have cron's five fields, such as \"0 9 * * 1-5\", not `\(text.text)`", at: text.node)
        }
        return isFine
    }

    private func holiday(_ node: YAMLNode) -> ReleaseCalendar.Holiday? {
        let value = node.resolved
        guard value.kind == .mapping else {
            return faults.text(value, "a holiday").flatMap(date).map { ReleaseCalendar.Holiday(date: $0) }
        }
        guard var reader = MappingReader(value, PeopleSchema.holiday, faults) else { return nil }
        let text = reader.required("date")
        let name = reader.text("name")
        reader.finish()
        return text.flatMap(date).map { ReleaseCalendar.Holiday(date: $0, name: name?.text) }
    }

    private func date(_ text: LocatedText) -> String? {
        let parts = text.text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        let isDate = parts.map(\.utf8.count) == [4, 2, 2] && numbers.count == 3 && (1...12).contains(numbers[1])
            && (1...Self.days(in: numbers[1], of: numbers[0])).contains(numbers[2])
        if !isDate { faults.error("`\(text.text)` is no date; write YYYY-MM-DD", at: text.node) }
        return isDate ? text.text : nil
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
