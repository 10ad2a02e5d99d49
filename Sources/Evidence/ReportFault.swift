public import PromotionEngine

/// What is wrong with a report file, with its place.
public struct ReportFault: Error, Sendable, Hashable {
    public let reason: String
    /// One-based; nil when the fault is about the file as a whole.
    public let line: Int?
    public let column: Int?

    init(_ reason: String, line: Int? = nil, column: Int? = nil) {
        self.reason = reason
        self.line = line
        self.column = column
    }

    /// The fault as the user sees it, with `path:line:column` in front.
    public func error(in path: String, _ format: EvidenceFile.Format) -> PromotionError {
        let place = [path, line.map(String.init), line == nil ? nil : column.map(String.init)].compactMap(\.self)
        return PromotionError(
            .usage, "\(path) is no usable \(format.title) report",
            hint: "nothing was recorded; mend what writes the file and report again",
            faults: ["\(place.joined(separator: ":")): error: \(reason)"])
    }
}

extension EvidenceFile.Format {
    /// What people call it.
    public var title: String {
        switch self {
        case .junit: "JUnit XML"
        case .cobertura: "Cobertura"
        case .lcov: "LCOV"
        case .sarif: "SARIF"
        }
    }
}
