import GitKit
import PromotionEngine

/// The text before the pack of a Git bundle, version 2 (gitformat-bundle): a line with the version, a line for each
/// reference, an empty line. Git itself reads the file: `git clone FILE` works without gradus.
struct BundleHeader {
    static let signature = "# v2 git bundle"
    /// More than this before the pack is no header.
    static let largest = 1 << 20

    var references: [(name: String, target: ObjectID)]

    var text: String {
        Self.signature + "\n" + references.map { "\($0.target.hex) \($0.name)\n" }.joined() + "\n"
    }

    init(_ references: [(name: String, target: ObjectID)]) { self.references = references }

    /// Throws `RecordFault` when the text is no such header.
    init(parsing text: String) throws(RecordFault) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Self.signature[...] else { throw RecordFault("it does not begin with '\(Self.signature)'") }
        references = []
        for line in lines where !line.isEmpty {
            // A line with a minus names commits that the reader must have already.
            guard !line.hasPrefix("-") else { throw RecordFault("it is not whole: it builds on objects that it does not hold") }
            guard let space = line.firstIndex(of: " "), let id = ObjectID(hex: String(line[..<space])) else {
                throw RecordFault("'\(line.prefix(60))' names no reference")
            }
            references.append((String(line[line.index(after: space)...]), id))
        }
    }
}
