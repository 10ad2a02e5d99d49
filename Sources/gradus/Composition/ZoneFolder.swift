import Glibc
import PromotionEngine

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
}
