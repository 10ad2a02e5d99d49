internal import WorkflowModel

/// When a time zone's clocks change, read from a TZif file of the time zone database (RFC 8536).
public struct ZoneRules: Sendable, Hashable {
    /// Moments from which on an offset holds, ascending.
    private let changes: [Change]
    /// The offset before the first change, in seconds east of UTC.
    private let first: Int
    /// The rule for all time after the last change; nil: the last offset stays.
    private let footer: PosixZone?

    private struct Change: Sendable, Hashable {
        let at: Int
        let offset: Int
    }

    public static let utc = ZoneRules(changes: [], first: 0, footer: nil)

    private init(changes: [Change], first: Int, footer: PosixZone?) {
        (self.changes, self.first, self.footer) = (changes, first, footer)
    }

    /// Nil when the bytes are no TZif file of version 2 or newer.
    public init?(tzif bytes: [UInt8]) {
        guard let (_, end) = Self.block(bytes, at: 0, wide: false), bytes.count > 4, bytes[4] >= UInt8(ascii: "2"),
            let (rules, footerStart) = Self.block(bytes, at: end, wide: true)
        else { return nil }
        // Between two line breaks; an empty one says that nothing is known of later times.
        guard footerStart < bytes.count, bytes[footerStart] == 0x0A,
            let footerEnd = bytes[(footerStart + 1)...].firstIndex(of: 0x0A)
        else { return nil }
        let text = String(decoding: bytes[(footerStart + 1)..<footerEnd], as: UTF8.self)
        var footer: PosixZone?
        if !text.isEmpty {
            guard let zone = PosixZone(text) else { return nil }
            footer = zone
        }
        self.init(changes: rules.changes, first: rules.first, footer: footer)
    }

    private static func block(
        _ bytes: [UInt8], at start: Int, wide: Bool
    ) -> (rules: (changes: [Change], first: Int), end: Int)? {
        guard start + 44 <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
        func integer(_ position: Int, _ width: Int) -> Int {
            var value: UInt64 = 0
            for byte in bytes[position..<position + width] { value = value << 8 | UInt64(byte) }
            return width == 4 ? Int(Int32(truncatingIfNeeded: value)) : Int(Int64(bitPattern: value))
        }
        let counts = (0..<6).map { integer(start + 20 + $0 * 4, 4) }
        guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
        let (utcCount, standardCount, leapCount, timeCount, typeCount, charCount) = (counts[0], counts[1], counts[2], counts[3], counts[4], counts[5])
        let width = wide ? 8 : 4
        let times = start + 44
        let indices = times + timeCount * width
        let types = indices + timeCount
        let end = types + typeCount * 6 + charCount + leapCount * (width + 4) + standardCount + utcCount
        guard end <= bytes.count, typeCount > 0 else { return nil }
        let offsets = (0..<typeCount).map { integer(types + $0 * 6, 4) }
        var changes: [Change] = []
        for position in 0..<timeCount {
            let index = Int(bytes[indices + position])
            guard offsets.indices.contains(index) else { return nil }
            changes.append(Change(at: integer(times + position * width, width), offset: offsets[index]))
        }
        return ((changes, offsets[0]), end)
    }

    /// Seconds east of UTC at a moment.
    public func offset(at time: Instant) -> Int {
        guard let last = changes.last else { return footer?.offset(at: time.seconds) ?? first }
        if time.seconds >= last.at { return footer?.offset(at: time.seconds) ?? last.offset }
        let next = index(after: time)
        return next == 0 ? first : changes[next - 1].offset
    }

    /// Of the first listed change after a moment.
    private func index(after time: Instant) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= time.seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The next moment after `time` at which the clocks change; nil when they never do again.
    public func change(after time: Instant) -> Instant? {
        let next = index(after: time)
        if next < changes.count { return Instant(seconds: changes[next].at) }
        return footer?.change(after: time.seconds).map { Instant(seconds: $0) }
    }
}

/// A POSIX time zone such as `CET-1CEST,M3.5.0,M10.5.0/3`, the footer of TZif files.
struct PosixZone: Sendable, Hashable {
    private let standard: Int
    private let summer: Summer?

    private struct Summer: Sendable, Hashable {
        let offset: Int
        let begins: Rule
        let ends: Rule
    }

    private enum Day: Sendable, Hashable {
        /// Month, week (5 is the last), day of the week from Sunday as 0.
        case weekday(Int, Int, Int)
        /// From 1, February 29 never counted.
        case julian(Int)
        /// From 0, February 29 counted.
        case ordinal(Int)
    }

    private struct Rule: Sendable, Hashable {
        let day: Day
        /// Seconds of the local clock after midnight.
        let time: Int
    }

    init?(_ text: String) {
        var rest = text[...]
        guard Self.name(&rest), let standard = Self.time(&rest) else { return nil }
        self.standard = -standard
        guard !rest.isEmpty else {
            summer = nil
            return
        }
        guard Self.name(&rest) else { return nil }
        var offset = self.standard + 3_600
        if let first = rest.first, first != "," {
            guard let given = Self.time(&rest) else { return nil }
            offset = -given
        }
        guard let begins = Self.rule(&rest), let ends = Self.rule(&rest), rest.isEmpty else { return nil }
        summer = Summer(offset: offset, begins: begins, ends: ends)
    }

    private static func name(_ text: inout Substring) -> Bool {
        let name: Substring
        if text.first == "<" {
            guard let end = text.firstIndex(of: ">") else { return false }
            name = text[...end]
        } else {
            name = text.prefix { $0.isASCII && $0.isLetter }
        }
        text = text.dropFirst(name.count)
        return name.count >= 3
    }

    private static func number(_ text: inout Substring) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        text = text.dropFirst(digits.count)
        return digits.count <= 4 ? Int(digits) : nil
    }

    /// `[+-]hh[:mm[:ss]]` in seconds.
    private static func time(_ text: inout Substring) -> Int? {
        let isNegative = text.first == "-"
        if isNegative || text.first == "+" { text = text.dropFirst() }
        guard let hours = number(&text) else { return nil }
        var seconds = hours * 3_600
        for unit in [60, 1] where text.first == ":" {
            text = text.dropFirst()
            guard let part = number(&text) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    private static func rule(_ text: inout Substring) -> Rule? {
        guard text.first == "," else { return nil }
        text = text.dropFirst()
        let day: Day
        if text.first == "M" {
            text = text.dropFirst()
            guard let month = number(&text), text.first == "." else { return nil }
            text = text.dropFirst()
            guard let week = number(&text), text.first == "." else { return nil }
            text = text.dropFirst()
            guard let weekday = number(&text), (1...12).contains(month), (1...5).contains(week), weekday < 7 else { return nil }
            day = .weekday(month, week, weekday)
        } else if text.first == "J" {
            text = text.dropFirst()
            guard let number = number(&text), (1...365).contains(number) else { return nil }
            day = .julian(number)
        } else {
            guard let number = number(&text), number <= 365 else { return nil }
            day = .ordinal(number)
        }
        guard text.first == "/" else { return Rule(day: day, time: 7_200) }
        text = text.dropFirst()
        return time(&text).map { Rule(day: day, time: $0) }
    }

    func offset(at time: Int) -> Int {
        guard let summer else { return standard }
        let year = CivilDate(day: Int((Double(time + standard) / 86_400).rounded(.down))).year
        let (begins, ends) = moments(summer, year)
        let isSummer = begins < ends ? time >= begins && time < ends : !(time >= ends && time < begins)
        return isSummer ? summer.offset : standard
    }

    func change(after time: Int) -> Int? {
        guard let summer else { return nil }
        let year = CivilDate(day: Int((Double(time) / 86_400).rounded(.down))).year
        return (year - 1...year + 1).flatMap { year -> [Int] in
            let (begins, ends) = moments(summer, year)
            return [begins, ends]
        }.filter { $0 > time }.min()
    }

    private func moments(_ summer: Summer, _ year: Int) -> (begins: Int, ends: Int) {
        (
            Self.day(summer.begins.day, year) * 86_400 + summer.begins.time - standard,
            Self.day(summer.ends.day, year) * 86_400 + summer.ends.time - summer.offset
        )
    }

    private static func day(_ day: Day, _ year: Int) -> Int {
        let start = CivilDate.number(year: year, month: 1, day: 1)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        switch day {
        case .ordinal(let number): return start + number
        case .julian(let number): return start + number - 1 + (isLeap && number >= 60 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate.number(year: year, month: month, day: 1)
            let next = month == 12 ? CivilDate.number(year: year + 1, month: 1, day: 1) : CivilDate.number(year: year, month: month + 1, day: 1)
            var found = first + (weekday - (((first % 7) + 11) % 7) + 7) % 7 + (week - 1) * 7
            while found >= next { found -= 7 }
            return found
        }
    }
}

/// The time zone database, wherever it is kept.
public protocol ZonePort: Sendable {
    /// The rules of a zone; nil when there is no such zone or its file is damaged.
    func zone(named name: String) -> ZoneRules?
}

/// Knows UTC alone.
public struct UTCOnly: ZonePort {
    public init() {}

    public func zone(named name: String) -> ZoneRules? { name == "UTC" ? .utc : nil }
}
