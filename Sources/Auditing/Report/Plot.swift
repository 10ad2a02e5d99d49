import PromotionEngine
internal import WorkflowModel

/// Plots as SVG that needs nothing around it but the colours of `PageStyle`; every figure also stands in words.
enum Plot {
    private static let (width, height) = (960, 220)
    private static let (left, right, top, bottom) = (44, 10, 12, 28)
    /// A single week is no wall.
    private static let widestBar = 40.0

    /// Stacked bars, one for each week.
    static func bars(_ weeks: [(start: Instant, parts: [Int])], classes: [String], title: String) -> HTML {
        let most = scaleTop(weeks.map { $0.parts.reduce(0, +) }.max() ?? 0)
        var body = axis(most)
        let step = Double(width - left - right) / Double(max(1, weeks.count))
        for (position, week) in weeks.enumerated() {
            var base = 0
            let bar = min(step * 0.76, widestBar)
            let x = Double(left) + Double(position) * step + (step - bar) / 2
            for (part, count) in week.parts.enumerated() where count > 0 {
                let (low, high) = (y(base, most), y(base + count, most))
                body += "<rect class=\"\(classes[part])\" x=\"\(number(x))\" y=\"\(number(high))\" width=\"\(number(bar))\" height=\"\(number(low - high))\"><title>\(week.start.day): \(count)</title></rect>"
                base += count
            }
        }
        body += months(weeks.map(\.start), step)
        return frame(body, title)
    }

    /// Lines over months or weeks; nil leaves a gap.
    static func lines(_ points: [(start: Instant, values: [Double?])], classes: [String], title: String, unit: String) -> HTML {
        let highest = points.flatMap(\.values).compactMap(\.self).max() ?? 0
        let most = scaleTop(Int(highest.rounded(.up)))
        var body = axis(most, unit)
        let step = Double(width - left - right) / Double(max(1, points.count))
        for (line, name) in classes.enumerated() {
            var path = ""
            var pen = "M"
            for (position, point) in points.enumerated() {
                guard let value = point.values[line] else {
                    pen = "M"
                    continue
                }
                let (x, py) = (Double(left) + (Double(position) + 0.5) * step, y(value, most))
                path += "\(pen)\(number(x)) \(number(py))"
                pen = "L"
                body += "<circle class=\"\(name)\" cx=\"\(number(x))\" cy=\"\(number(py))\" r=\"2.6\"><title>\(point.start.day): \(number(value)) \(unit)</title></circle>"
            }
            body += "<path class=\"line \(name)\" d=\"\(path)\"/>"
        }
        body += months(points.map(\.start), step)
        return frame(body, title)
    }

    private static func frame(_ body: HTML, _ title: String) -> HTML {
        "<svg class=\"plot\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" xmlns=\"http://www.w3.org/2000/svg\"><title>\(title)</title>\(body)</svg>"
    }

    private static func axis(_ most: Int, _ unit: String = "") -> HTML {
        let parts = most % 4 == 0 ? 4 : most % 5 == 0 ? 5 : most % 3 == 0 ? 3 : most % 2 == 0 ? 2 : 1
        return HTML.joined(0...parts) { part in
            let value = most * part / parts
            let line = number(y(value, most))
            return "<line class=\"rule\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(line)\" y2=\"\(line)\"/><text class=\"tick\" x=\"\(left - 6)\" y=\"\(number(y(value, most) + 3.5))\" text-anchor=\"end\">\(value)\(part == parts && !unit.isEmpty ? " \(unit)" : "")</text>"
        }
    }

    /// A label where a month begins; of long periods only every second, third or sixth.
    private static func months(_ starts: [Instant], _ step: Double) -> HTML {
        var firsts: [(position: Int, month: String)] = []
        for (position, start) in starts.enumerated() where firsts.last?.month != start.month { firsts.append((position, start.month)) }
        let every = firsts.count <= 13 ? 1 : firsts.count <= 30 ? 3 : 6
        return HTML.joined(firsts.enumerated().filter { $0.offset % every == 0 }) { item in
            let x = Double(left) + Double(item.element.position) * step
            return "<text class=\"tick\" x=\"\(number(x + 2))\" y=\"\(height - 9)\">\(item.element.month)</text>"
        }
    }

    private static func y(_ value: Int, _ most: Int) -> Double { y(Double(value), most) }

    private static func y(_ value: Double, _ most: Int) -> Double {
        Double(height - bottom) - value / Double(max(1, most)) * Double(height - top - bottom)
    }

    /// A round number that is no smaller.
    static func scaleTop(_ value: Int) -> Int {
        guard value > 4 else { return 4 }
        var unit = 1
        while unit * 10 < value { unit *= 10 }
        return [1, 2, 3, 4, 5, 6, 8, 10].map { $0 * unit }.first { $0 >= value } ?? unit * 10
    }

    /// One decimal at most; a locale plays no part.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
