/// Cron's five fields as robfig/cron v3 reads them (`semantics.md` 0.3): minute, hour, day of month, month, day of week.
public struct CronSchedule: Sendable, Hashable {
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    /// A field that is `*` or `?`, but not `*/n` with n above 1, restricts nothing.
    private let daysAreFree: Bool
    private let weekdaysAreFree: Bool

    private static let monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    /// Nil for anything but five fields in their bounds; see `fault(in:)` for why.
    public init?(_ text: String) {
        let fields = text.split { $0 == " " || $0 == "\t" }
        guard fields.count == 5, let minutes = Self.bits(fields[0], 0...59), let hours = Self.bits(fields[1], 0...23),
            let days = Self.bits(fields[2], 1...31), let months = Self.bits(fields[3], 1...12, names: Self.monthNames, from: 1),
            let weekdays = Self.bits(fields[4], 0...6, names: Self.dayNames, from: 0)
        else { return nil }
        (self.minutes, self.hours, self.days, self.months) = (minutes.bits, hours.bits, days.bits, months.bits)
        self.weekdays = weekdays.bits
        (daysAreFree, weekdaysAreFree) = (days.isFree, weekdays.isFree)
    }

    /// What is wrong with a text that is no schedule.
    public static func fault(in text: String) -> String? {
        let fields = text.split { $0 == " " || $0 == "\t" }
        guard fields.count == 5 else { return "it has \(fields.count) fields, not 5" }
        let names = ["minute", "hour", "day of month", "month", "day of week"]
        let bounds = [0...59, 0...23, 1...31, 1...12, 0...6]
        for (position, field) in fields.enumerated() {
            let words = position == 3 ? monthNames : position == 4 ? dayNames : []
            if bits(field, bounds[position], names: words, from: position == 3 ? 1 : 0) == nil {
                return "`\(field)` is no \(names[position]) from \(bounds[position].lowerBound) to \(bounds[position].upperBound)"
            }
        }
        return nil
    }

    /// The first time of the schedule after a local time, both in seconds since 1970-01-01T00:00:00 of the same clock; nil
    /// when there is none within five years.
    public func next(after local: Int) -> Int? {
        var time = (Self.floored(local, 60) + 1) * 60
        let last = local + 5 * 366 * 86_400
        while time <= last {
            let day = Self.floored(time, 86_400)
            guard fits(day: day) else {
                time = (day + 1) * 86_400
                continue
            }
            let minute = (time - day * 86_400) / 60
            guard Self.has(hours, minute / 60) else {
                time = day * 86_400 + (minute / 60 + 1) * 3_600
                continue
            }
            if Self.has(minutes, minute % 60) { return time }
            time += 60
        }
        return nil
    }

    /// If either day field is free both must fit, else one of them is enough.
    private func fits(day: Int) -> Bool {
        let date = CivilDate(day: day)
        guard Self.has(months, date.month) else { return false }
        let (fitsDay, fitsWeekday) = (Self.has(days, date.day), Self.has(weekdays, ((day % 7) + 11) % 7))
        return daysAreFree || weekdaysAreFree ? fitsDay && fitsWeekday : fitsDay || fitsWeekday
    }

    private static func has(_ bits: UInt64, _ number: Int) -> Bool { bits & (1 << UInt64(number)) != 0 }

    static func floored(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }

    private static func bits(
        _ field: Substring, _ bounds: ClosedRange<Int>, names: [String] = [], from first: Int = 0
    ) -> (bits: UInt64, isFree: Bool)? {
        var (bits, isFree): (UInt64, Bool) = (0, false)
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard (1...2).contains(halves.count) else { return nil }
            let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
            func number(_ text: Substring) -> Int? {
                if let position = names.firstIndex(of: text.lowercased()) { return position + first }
                guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(text) else { return nil }
                return bounds.contains(number) ? number : nil
            }
            var (low, high, isStar) = (bounds.lowerBound, bounds.upperBound, false)
            if halves[0] == "*" || halves[0] == "?" {
                isStar = true
            } else {
                guard (1...2).contains(ends.count), let start = number(ends[0]) else { return nil }
                low = start
                if ends.count == 2 {
                    guard let end = number(ends[1]) else { return nil }
                    high = end
                } else if halves.count == 1 {
                    high = start
                }
            }
            var step = 1
            if halves.count == 2 {
                guard !halves[1].isEmpty, halves[1].utf8.allSatisfy({ (48...57).contains($0) }), let given = Int(halves[1]), given > 0
                else { return nil }
                step = given
                if step > 1 { isStar = false }
            }
            guard low <= high else { return nil }
            for number in stride(from: low, through: high, by: step) { bits |= 1 << UInt64(number) }
            isFree = isFree || isStar
        }
        return (bits, isFree)
    }
}

/// A date of the Gregorian calendar, from days since 1970-01-01.
public struct CivilDate: Sendable, Hashable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int

    public init(day number: Int) {
        // Years that begin in March, so that a leap day comes last.
        let shifted = number + 719_468
        let era = CronSchedule.floored(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2027-01-31`.
    public var description: String {
        func pad(_ number: Int, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
    }

    /// Days since 1970-01-01.
    public static func number(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = CronSchedule.floored(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
