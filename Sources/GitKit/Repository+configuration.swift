import CLibgit2

extension Repository {
    /// The value of a configuration key, the most specific of the repository's, the user's and the system's files.
    ///
    /// - Returns: nil if the key is set nowhere.
    /// - Throws: `.invalidName` for a malformed key; `.generic` for an unreadable file.
    public func configString(_ key: String) throws(GitError) -> String? {
        let operation = "read the configuration key"
        try Names.requireText(key, operation)
        let config = try configuration()
        // "The string will be valid until the config object is freed" and needs a snapshot (git2/config.h).
        var value: UnsafePointer<CChar>?
        guard try checkFound(operation, key, { git_config_get_string(&value, config.pointer, key) }) else { return nil }
        return value.map { String(cString: $0) }
    }

    /// A configuration key read as Git reads booleans (`yes`, `on`, `1`, a key without value, ...).
    ///
    /// - Returns: nil if the key is set nowhere.
    /// - Throws: `.generic` if the value is no boolean.
    public func configBool(_ key: String) throws(GitError) -> Bool? {
        let operation = "read the configuration key"
        try Names.requireText(key, operation)
        let config = try configuration()
        var value: Int32 = 0
        guard try checkFound(operation, key, { git_config_get_bool(&value, config.pointer, key) }) else { return nil }
        return value != 0
    }

    /// The URL of a configured remote, after `url.<base>.insteadOf`.
    ///
    /// May hold credentials: never print it as it is, see ``RemoteURL/redacted(_:)``.
    ///
    /// - Returns: nil if there is no such remote, or it has no URL.
    public func remoteURL(_ name: String) throws(GitError) -> String? {
        let operation = "look up the remote"
        try Names.requireText(name, operation)
        let found = try Handle.ifFound(operation, name, free: git_remote_free) { git_remote_lookup(&$0, pointer, name) }
        guard let remote = found else { return nil }
        return git_remote_url(remote.pointer).map { String(cString: $0) }
    }

    /// Adds the files that the environment names, for all later reads through this repository.
    func completeConfiguration() throws(GitError) {
        if ConfigurationPlaces.isUsual { return }
        // "Subsequent calls will return the same object": what is added here stays with the repository.
        let config = try Handle("read the configuration of", gitDirectory, free: git_config_free) {
            git_repository_config(&$0, pointer)
        }
        try ConfigurationPlaces.complete(config.pointer, pointer)
    }

    private func configuration() throws(GitError) -> Handle {
        try Handle("read the configuration of", gitDirectory, free: git_config_free) {
            git_repository_config_snapshot(&$0, pointer)
        }
    }
}
