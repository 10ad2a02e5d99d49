public import ArgumentParser
import Evidence
public import PromotionEngine

/// The report files of `gradus report`.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("JUnit XML, as test_pass_rate unless a key is named (can be repeated)", valueName: "[key=]file"))
    var junit: [String] = []

    @Option(help: ArgumentHelp("Cobertura XML, as code_coverage unless a key is named", valueName: "[key=]file"))
    var cobertura: [String] = []

    @Option(help: ArgumentHelp("LCOV tracefile, as code_coverage unless a key is named", valueName: "[key=]file"))
    var lcov: [String] = []

    @Option(help: ArgumentHelp("SARIF, as security_scan unless a key is named", valueName: "[key=]file"))
    var sarif: [String] = []

    @Option(help: ArgumentHelp("The files are one part of a sharded run, which counts when all parts are there", valueName: "i/n"))
    var part: EvidencePart?

    @Option(help: "The id that all parts of one run share; default: the CI's")
    var run: String?

    var isEmpty: Bool { junit.isEmpty && cobertura.isEmpty && lcov.isEmpty && sarif.isEmpty }

    /// Reads all files. Throws before anything is recorded when one cannot be used, or when a key comes twice.
    func files(beside values: [String: String]) throws -> [EvidenceFile] {
        var files: [EvidenceFile] = []
        let named: [(EvidenceFile.Format, [String])] = [
            (.junit, junit), (.cobertura, cobertura), (.lcov, lcov), (.sarif, sarif),
        ]
        for (format, texts) in named {
            for text in texts { files.append(try file(text, format)) }
        }
        if part != nil {
            guard values.isEmpty, !files.isEmpty else {
                throw PromotionError(.usage, "--part goes with report files only", hint: "post KEY=VALUE once, by itself")
            }
            // Lines that several shards run would be counted several times.
            if let file = files.first(where: { $0.format == .cobertura || $0.format == .lcov }) {
                throw PromotionError(
                    .usage, "coverage cannot be put together from parts: \(file.name)",
                    hint: "merge the shards' coverage with the tool that wrote it and post it once")
            }
        }
        for (position, file) in files.enumerated() {
            if values[file.key] != nil || files[..<position].contains(where: { $0.key == file.key }) {
                throw PromotionError(
                    .usage, "'\(file.key)' is given twice",
                    hint: "name another key: --\(file.format.rawValue) KEY=\(file.name), or post shards with --part")
            }
        }
        return files
    }

    private func file(_ text: String, _ format: EvidenceFile.Format) throws -> EvidenceFile {
        var (key, path): (String?, String) = (nil, text)
        if let equals = text.firstIndex(of: "="), Assignments.isKey(String(text[..<equals])) {
            (key, path) = (String(text[..<equals]), String(text[text.index(after: equals)...]))
        }
        let bytes = try LocalFile.read(path)
        do throws(ReportFault) {
            return try EvidenceReader.read(bytes, format, name: Self.shown(path), key: key)
        } catch {
            throw error.error(in: path, format)
        }
    }

    /// The file's name without its folder, which says nothing to others.
    private static func shown(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}

extension EvidencePart: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
