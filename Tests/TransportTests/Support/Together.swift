import Glibc
import TestSupport
import Testing

/// Many processes at once.
enum Together {
    static func promote(_ services: [String], _ yard: Yard, watching canary: Canary? = nil) throws -> [GradusResult] {
        let running = try services.map { try yard.start("promote \($0) --to dev --timeout 5m") }
        // While they run: their command lines, and those of all that they start.
        for _ in 0..<20 {
            try canary?.look()
            usleep(20_000)
        }
        return try running.map { try $0.result(timeout: 300) }
    }
}

/// A secret that must turn up nowhere.
final class Canary {
    private let secret: String
    private let forms: [String]

    init(_ yard: Yard, _ secret: String) throws {
        self.secret = secret
        let header = try yard.tool(["sh", "-c", "printf %s '\(WebServer.user):\(secret)' | base64"])
        forms = [secret, header]
    }

    /// No process on this machine shows it in its command line, but the test's own tools that were given it.
    func look() throws {
        guard let folder = opendir("/proc") else { throw TestSupportError("cannot read /proc") }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard Int(name) != nil, access("/proc/\(name)/cmdline", R_OK) == 0 else { continue }
            // It may have ended since it was listed.
            guard let line = try? TemporaryFolder.read("/proc/\(name)/cmdline") else { continue }
            for form in forms where line.contains(form) { Issue.record("process \(name): \(line)") }
        }
    }

    /// Not in what was said, not in any object or file of origin and mirror.
    func expectSilence(in results: [GradusResult], _ yard: Yard) throws {
        for result in results {
            for form in forms { #expect(!(result.output + result.errors).contains(form)) }
        }
        let objects = try yard.git.git("cat-file", "--batch-all-objects", "--batch", in: yard.authority)
        for form in forms {
            #expect(!objects.contains(form))
            for place in [yard.environment.folder("cache"), yard.authority] {
                #expect(try yard.tool(["sh", "-c", "grep -rl -- '\(form)' '\(place)' || true"]).isEmpty)
            }
        }
    }
}
