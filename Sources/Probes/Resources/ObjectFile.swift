internal import Expressions
internal import Glibc
public import PromotionEngine
internal import YAMLEdit

/// Objects in a document of `kubectl get -o json` or `-o yaml`, and their health.
public enum ObjectFile {
    /// One object's verdict.
    public struct Entry: Sendable, Hashable {
        public let kind: String
        public let namespace: String
        public let name: String
        /// Nil: its kind has no health.
        public let health: ResourceHealth?
    }

    /// Larger documents are refused.
    private static let sizeLimit = 64 << 20

    /// The health of every object of a text, in its order; lists are opened. Throws with the place of a fault.
    public static func health(_ bytes: [UInt8], path: String) throws -> [Entry] {
        try objects(bytes, path: path).map { object in
            Entry(kind: object.kind, namespace: object.namespace, name: object.name, health: HealthRules.assess(object))
        }
    }

    /// The health of all of them as one: the worst counts, objects without health do not.
    public static func overall(_ entries: [Entry]) -> HealthStatus {
        let order: [HealthStatus] = [.healthy, .suspended, .progressing, .missing, .degraded, .unknown]
        let worst = entries.compactMap { $0.health.flatMap { order.firstIndex(of: $0.status) } }.max()
        return worst.map { order[$0] } ?? .healthy
    }

    static func objects(at path: String) throws -> [ResourceObject] {
        guard let file = fopen(path, "re") else { throw ProbeFault("cannot read \(path): \(String(cString: strerror(errno)))") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
            bytes += chunk[..<count]
            guard bytes.count <= sizeLimit else { throw ProbeFault("\(path) is larger than \(sizeLimit) bytes") }
        }
        return try objects(bytes, path: path)
    }

    private static func objects(_ bytes: [UInt8], path: String) throws -> [ResourceObject] {
        let first = bytes.first { $0 > 0x20 }
        let documents: [Value]
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            do { documents = [try JSONReading.value(bytes)] } catch { throw ProbeFault("\(path): \(error)") }
        } else {
            documents = try YAMLFile(bytes: bytes, path: path).documents.map(\.documentValue)
        }
        let opened = documents.flatMap { document in
            document["items"].map(\.items) ?? (document.items.isEmpty ? [document] : document.items)
        }
        guard !opened.isEmpty || !documents.isEmpty, opened.allSatisfy({ $0["kind"]?.text != nil && $0["apiVersion"]?.text != nil }) else {
            throw ProbeFault("\(path) holds something without `kind` and `apiVersion`")
        }
        return opened.map(ResourceObject.init)
    }
}

extension YAMLNode {
    /// The node as a value, by the types of YAML 1.2's core schema.
    fileprivate var documentValue: Value {
        let node = resolved
        switch node.kind {
        case .mapping:
            return .map(
                Dictionary(
                    node.entriesResolvingMerges().map { ($0.key.resolved.scalarText ?? "", $0.value.documentValue) }, uniquingKeysWith: { $1 }))
        case .sequence: return .array(node.items.map(\.documentValue))
        default:
            return switch node.scalarType {
            case .null: .null
            case .bool(let flag): .bool(flag)
            case .int(let number): .int(number)
            case .float(let number): .float(number)
            case .string: .string(node.scalarText ?? "")
            }
        }
    }
}
