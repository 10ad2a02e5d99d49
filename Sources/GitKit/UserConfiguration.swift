import CLibgit2
import Glibc

/// Git's configuration of the user and the machine, without that of any repository.
///
/// Read where a repository must not have a say: which programs run, which keys sign.
public enum UserConfiguration {
    /// The value of a key; nil if it is set nowhere.
    ///
    /// - Throws: `.invalidName` for a malformed key; `.generic` for an unreadable file.
    public static func string(_ key: String) throws(GitError) -> String? {
        try Library.start()
        let operation = "read the configuration key"
        try Names.requireText(key, operation)
        let whole = try Handle(operation, key, free: git_config_free) { git_config_open_default(&$0) }
        try ConfigurationPlaces.complete(whole.pointer, nil)
        let snapshot = try Handle(operation, key, free: git_config_free) { git_config_snapshot(&$0, whole.pointer) }
        var value: UnsafePointer<CChar>?
        guard try checkFound(operation, key, { git_config_get_string(&value, snapshot.pointer, key) }) else { return nil }
        return value.map { String(cString: $0) }
    }

    /// All keys that a pattern fits, in the order of the files: `^credential\\..*helper$`. A scoped key has its scope as written.
    ///
    /// - Throws: `.generic` for an unreadable file.
    static func values(matching pattern: String) throws(GitError) -> [(key: String, value: String)] {
        try Library.start()
        let operation = "read the configuration keys"
        let whole = try Handle(operation, pattern, free: git_config_free) { git_config_open_default(&$0) }
        try ConfigurationPlaces.complete(whole.pointer, nil)
        var iterator: OpaquePointer?
        try check(operation, pattern) { git_config_iterator_glob_new(&iterator, whole.pointer, pattern) }
        defer { git_config_iterator_free(iterator) }
        var found: [(key: String, value: String)] = []
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0 {
            guard let name = entry?.pointee.name, let value = entry?.pointee.value else { continue }
            found.append((String(cString: name), String(cString: value)))
        }
        return found
    }

    /// A key read as Git reads booleans; nil if it is set nowhere.
    ///
    /// - Throws: as ``string(_:)``, and `.generic` if the value is no boolean.
    public static func bool(_ key: String) throws(GitError) -> Bool? {
        guard let text = try string(key) else { return nil }
        var value: Int32 = 0
        try check("read the configuration key", key) { git_config_parse_bool(&value, text) }
        return value != 0
    }
}

/// Where Git's configuration files are: libgit2 1.5 knows nothing of `GIT_CONFIG_GLOBAL`, `GIT_CONFIG_SYSTEM` and
/// `GIT_CONFIG_NOSYSTEM` (git(1), "Environment Variables").
enum ConfigurationPlaces {
    /// The user's one file, where the environment names it; empty names none.
    static let global = getenv("GIT_CONFIG_GLOBAL").map { String(cString: $0) }
    private static let system: String? = {
        let off = getenv("GIT_CONFIG_NOSYSTEM").map { String(cString: $0) } ?? ""
        if !off.isEmpty, !["0", "false", "no", "off"].contains(off.lowercased()) { return "" }
        return getenv("GIT_CONFIG_SYSTEM").map { String(cString: $0) }
    }()

    /// Whether libgit2 looks where Git does.
    static var isUsual: Bool { global == nil && system == nil }

    /// Keeps libgit2 from the usual places that the environment replaces. Once, before any file is read.
    static func hideReplaced() -> Int32 {
        var status: Int32 = 0
        if let global {
            // A file of the usual name is found by its folder, which also serves libgit2's own look for safe.directory.
            let (folder, name) = split(global)
            status = min(status, gradus_git_set_search_path(Int32(GIT_CONFIG_LEVEL_GLOBAL.rawValue), name == ".gitconfig" ? folder : ""))
            status = min(status, gradus_git_set_search_path(Int32(GIT_CONFIG_LEVEL_XDG.rawValue), ""))
        }
        if system != nil {
            status = min(status, gradus_git_set_search_path(Int32(GIT_CONFIG_LEVEL_SYSTEM.rawValue), ""))
        }
        return status
    }

    /// Adds the files that the environment names to a configuration.
    static func complete(_ configuration: OpaquePointer, _ repository: OpaquePointer?) throws(GitError) {
        for (file, level) in [(system, GIT_CONFIG_LEVEL_SYSTEM), (global, GIT_CONFIG_LEVEL_GLOBAL)] {
            guard let file, !file.isEmpty, access(file, R_OK) == 0 else { continue }
            if level == GIT_CONFIG_LEVEL_GLOBAL, split(file).name == ".gitconfig" { continue }
            try check("read the configuration file", file) {
                git_config_add_file_ondisk(configuration, file, level, repository, 1)
            }
        }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }
}
