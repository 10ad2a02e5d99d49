import Glibc
import YAMLEdit

/// How the time of one edit grows with the file: `make bench-edit`. Prints a table; the ratios count, not the times.
@main
struct EditBenchmark {
    static func main() throws {
        print("file                          bytes    parse ms   set ms   20 sets ms   insert ms")
        for lines in [6_250, 12_500, 25_000, 50_000] { try measure("\(lines) lines", file(lines: lines)) }
        for kilobytes in [250, 500, 1_000, 2_000] { try measure("one line, \(kilobytes) kB", oneLine(kilobytes: kilobytes)) }
        for kilobytes in [250, 500, 1_000] { try measure("text in a text, \(kilobytes) kB", embedded(kilobytes: kilobytes)) }
    }

    /// A list of maps with comments, as a large values file.
    private static func file(lines: Int) -> (String, [String]) {
        let count = lines / 5
        let items = (0..<count).map { index in
            "- name: item\(index) # é\n  image:\n    repository: registry.example/app\n    tag: v1.\(index)\n  replicas: 3\n"
        }
        let places = (0..<20).map { "[name=item\($0 * count / 20)].image.tag" }
        return (items.joined(), places)
    }

    private static func oneLine(kilobytes: Int) -> (String, [String]) {
        let count = kilobytes * 1_000 / 24
        let fields = (0..<count).map { "\"key\($0)\": \"value\($0)\"" }
        return ("{" + fields.joined(separator: ", ") + "}\n", (0..<20).map { "key\($0 * count / 20)" })
    }

    private static func embedded(kilobytes: Int) -> (String, [String]) {
        let count = kilobytes * 1_000 / 28
        let lines = (0..<count).map { "    key\($0): value\($0) # c\n" }
        return ("helm:\n  values: |\n" + lines.joined(), (0..<20).map { "helm.values|key\($0 * count / 20)" })
    }

    private static func measure(_ name: String, _ input: (text: String, places: [String])) throws {
        let bytes = Array(input.text.utf8)
        let paths = try input.places.map { try YAMLPath(parsing: $0) }
        let parsed = try YAMLFile(bytes: bytes, path: "big.yaml")
        let parse = try best { _ = try YAMLFile(bytes: bytes, path: "big.yaml") }
        let one = try best { _ = try parsed.applying([.set(paths[10], to: "v2", typing: .string)]) }
        let twenty = try best { _ = try parsed.applying(paths.map { .set($0, to: "v2", typing: .string) }) }
        let parent = YAMLPath(steps: paths[10].steps.dropLast() + [.key("added")])
        let insert = try best { _ = try parsed.applying([.create(parent, to: "x", typing: .string)]) }
        let columns = [parse, one, twenty, insert].map { pad("\(Double(Int($0 * 10)) / 10)", 11) }
        print(name + String(repeating: " ", count: 24 - name.count) + pad("\(bytes.count)", 11) + columns.joined())
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// The fastest of five runs in milliseconds: what disturbs a run only makes it slower.
    private static func best(_ body: () throws -> Void) rethrows -> Double {
        var fastest = Double.infinity
        for _ in 0..<5 {
            let start = now()
            try body()
            fastest = min(fastest, now() - start)
        }
        return fastest
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }
}
