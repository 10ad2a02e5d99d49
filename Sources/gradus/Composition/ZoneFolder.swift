import Glibc
import PromotionEngine
import WorkflowModel

/// The machine's time zone database, a folder of TZif files.
struct ZoneFolder: ZonePort {
    /// `TZDIR` names another folder, as for the C library.
    private let folder = Settings.variable("TZDIR") ?? "/usr/share/zoneinfo"

    func zone(named name: String) -> ZoneRules? {
        if name == "UTC" { return .utc }
        // The name comes from a repository: it must stay inside the folder.
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }), name.utf8.count <= 64 else { return nil }
        let path = folder + "/" + name
        guard LocalFile.exists(path) else { return nil }
        do { return ZoneRules(tzif: try LocalFile.read(path)) } catch { return nil }
    }

    /// For checking files; nil on a machine without the database, which knows no name.
    var names: (any ZoneNames)? { LocalFile.exists(folder) ? self : nil }
}

extension ZoneFolder: ZoneNames {
    func isZone(_ name: String) -> Bool { zone(named: name) != nil }

    /// As the database lists them for people; a database without that list suggests nothing.
    func zoneNames() -> [String] {
        let list = folder + "/zone.tab"
        guard LocalFile.exists(list) else { return [] }
        do {
            let lines = String(decoding: try LocalFile.read(list), as: UTF8.self).split(separator: "\n")
            return ["UTC"] + lines.compactMap { line in
                let columns = line.split(separator: "\t")
                return line.hasPrefix("#") || columns.count < 3 ? nil : String(columns[2])
            }
        } catch {
            return []
        }
    }
}
