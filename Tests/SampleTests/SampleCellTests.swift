import Manifests
import Testing
import WorkflowModel
import YAMLEdit

/// What the workflow declares and what the files hold fit together, in every cell of the matrix.
@Suite struct SampleCellTests {
    /// The version of each service, the same in all stages: a fresh sample has nothing to promote.
    private static let versions = [
        "inventory": "1.0.0", "recommendations": "2.3.1", "checkout": "1.0.0", "web": "1.12.0",
    ]

    @Test(arguments: SampleCell.services, SampleCell.stages)
    func holdsOneVersionInEveryDeclaredField(_ service: String, _ stage: String) throws {
        let cell = try SampleCell(service, stage)
        #expect(!cell.fields.isEmpty)
        for field in cell.fields {
            let manifest = try ManifestFile(bytes: SampleFiles.bytes(field.file), path: field.file)
            let declared = try manifest.read(field.update("any"))
            #expect(declared.count == 1, "\(field.file)")
            let change = try #require(declared.first)
            let text = try #require(change.old, "\(field.file) has no \(change.path)")
            let version = field.template.solving(["version"], for: text, cell.value)
            #expect(version == Self.versions[service], "\(field.file):\(change.line) \(change.path) is `\(text)`")
        }
    }

    @Test(arguments: SampleCell.services, SampleCell.stages)
    func declaresTheFilesThatTheServiceHas(_ service: String, _ stage: String) throws {
        let cell = try SampleCell(service, stage)
        let hasValues = ["recommendations", "web"].contains(service)
        let expected = [
            "environments/\(stage)/applications/\(service).yaml",
            "environments/\(stage)/\(service)/kustomization.yaml",
        ] + (hasValues ? ["environments/\(stage)/values/\(service).yaml"] : [])
        #expect(cell.files == expected.sorted())
        // Image tag and chart parameter everywhere, the pinned chart late, and the address of web's assets.
        let isPinned = ["staging", "prod"].contains(stage)
        #expect(cell.fields.count == 2 + (isPinned ? 1 : 0) + (hasValues ? 1 : 0) + (service == "web" ? 1 : 0))
    }

    /// The second and third version read as a number and a date when plain, so they are quoted wherever they were not.
    @Test(arguments: SampleCell.services, SampleCell.stages)
    func changesOnlyTheBytesOfTheValues(_ service: String, _ stage: String) throws {
        let cell = try SampleCell(service, stage)
        for version in ["9.8.7", "1.10", "2026-11-20"] {
            for file in cell.files { try Self.promote(cell, file, to: version) }
        }
    }

    private static func promote(_ cell: SampleCell, _ file: String, to version: String) throws {
        let before = try SampleFiles.bytes(file)
        let updates = try cell.updates(of: file, version: version)
        let (after, changes) = try ManifestFile(bytes: before, path: file).applying(updates)
        #expect(changes.count == updates.count)
        let old = lines(before)
        let new = lines(after)
        try #require(old.count == new.count)
        let changed = old.indices.filter { old[$0] != new[$0] }
        #expect(changed.map { $0 + 1 } == changes.map(\.line).sorted(), "\(file)")
        for change in changes {
            let line = change.line - 1
            let pieces = split(old[line], around: try #require(change.old))
            let value = try #require(change.new)
            try #require(pieces.count == 2, "\(file):\(change.line) holds the value more than once")
            // A plain value may gain quotes; what stands around it may not change.
            let texts = [value, "\"\(value)\"", "'\(value)'"].map { pieces[0] + $0 + pieces[1] }
            #expect(texts.contains(new[line]), "\(file):\(change.line) became \(new[line])")
            if value == version, version != "9.8.7" {
                let wasQuoted = pieces[0].last == "\"" || pieces[0].last == "'"
                #expect(wasQuoted == (new[line] == texts[0]), "\(file):\(change.line) became \(new[line])")
            }
        }
        let again = try ManifestFile(bytes: after, path: file).applying(updates)
        #expect(again.bytes == after, "\(file) changes again")
    }

    @Test(arguments: SampleCell.services, SampleCell.stages)
    func goesBackToTheIdenticalBytes(_ service: String, _ stage: String) throws {
        let cell = try SampleCell(service, stage)
        let version = try #require(Self.versions[service])
        for file in cell.files {
            let before = try SampleFiles.bytes(file)
            let present = try cell.updates(of: file, version: version)
            let next = try cell.updates(of: file, version: "9.8.7")
            let same = try ManifestFile(bytes: before, path: file).applying(present)
            #expect(same.bytes == before, "\(file)")
            let forth = try ManifestFile(bytes: before, path: file).applying(next)
            let back = try ManifestFile(bytes: forth.bytes, path: file).applying(present)
            #expect(back.bytes == before, "\(file)")
        }
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func split(_ line: String, around text: String) -> [String] {
        var pieces: [String] = []
        var rest = line[...]
        while let found = rest.firstRange(of: text) {
            pieces.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        return pieces + [String(rest)]
    }
}
