import ArgumentParser
import Probes
import PromotionEngine
import YAMLEdit

struct HealthCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "health",
        abstract: "Tell the health of Kubernetes objects in files, by the rules that Argo CD has",
        discussion: """
            Example:
              kubectl get deployment,pod -o json > now.json && gradus health now.json

            Reads what `kubectl get -o json` or `-o yaml` prints; needs no repository and asks nobody. Exit 5 when something is
            Degraded, 8 when it is neither Healthy nor Degraded.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Documents with objects; - is standard input")
    var files: [String]

    func run() throws {
        let console = Console(try Settings(global))
        var entries: [ObjectFile.Entry] = []
        for file in files { entries += try objects(of: file) }
        let overall = ObjectFile.overall(entries)
        console.show(
            [
                "apiVersion": "gradus/v1", "kind": "Health", "status": .string(overall.rawValue),
                "objects": .array(
                    entries.map { entry in
                        [
                            "kind": .string(entry.kind), "namespace": .string(entry.namespace), "name": .string(entry.name),
                            "status": .optional(entry.health?.status.rawValue), "message": .optional(entry.health?.message),
                        ]
                    }),
            ]
        ) { text(entries, console.style) }
        switch overall {
        case .healthy: return
        case .degraded: throw Finished(code: 5)
        default: throw Finished(code: 8)
        }
    }

    private func objects(of file: String) throws -> [ObjectFile.Entry] {
        do {
            return try ObjectFile.health(try LocalFile.read(file == "-" ? "/dev/stdin" : file), path: file)
        } catch let error as YAMLError {
            throw PromotionError(.usage, "\(file) is invalid", faults: error.diagnostics.map(\.description))
        } catch let error as PromotionError {
            throw error
        } catch {
            throw PromotionError(.usage, "\(error)", hint: "write it with `kubectl get … -o json`")
        }
    }

    private func text(_ entries: [ObjectFile.Entry], _ style: Style) -> String {
        guard !entries.isEmpty else { return "There is no object." }
        var table = Table([style.dim("STATUS"), style.dim("OBJECT"), style.dim("WHY")])
        for entry in entries {
            let name = "\(entry.kind.lowercased())/\(entry.name)"
            table.add([entry.health?.status.rawValue ?? "-", entry.namespace.isEmpty ? name : "\(entry.namespace)/\(name)", entry.health?.message ?? "its kind has no health"])
        }
        return table.text
    }
}
