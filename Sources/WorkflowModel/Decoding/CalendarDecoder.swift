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
                    calendar.windows[name.text] = WindowDecoder(faults: faults).window(entry.value, named: name.text)
                }
            } else {
                faults.error("`windows` must be a map, not \(node.typeInWords)", at: node)
            }
        }
        calendar.holidays = (reader.items("holidays") ?? []).compactMap(holiday)
        reader.finish()
        return calendar
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
