internal import Glibc

/// What the kernel offers for starting programs and waiting for them.
enum Subprocess {
    /// Starts a program in a process group of its own, with nothing to read and its output in two files.
    static func spawn(_ arguments: [String], _ environment: [String: String], output: String, errors: String) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of a Swift program have most signals blocked, which the program would inherit.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A shell that starts the tests in the background has them ignore the keyboard.
        var heard = sigset_t()
        sigemptyset(&heard)
        sigaddset(&heard, SIGINT)
        sigaddset(&heard, SIGTERM)
        posix_spawnattr_setsigdefault(&attributes, &heard)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))

        let name = try program(arguments.first ?? "", path: environment["PATH"] ?? "")
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, name, &actions, &attributes, &argv, &envp)
        guard code == 0 else { throw TestSupportError("cannot start \(name): \(String(cString: strerror(code)))") }
        return pid
    }

    /// The file of a program, looked for as a shell does but in the given path only.
    static func program(_ name: String, path: String) throws -> String {
        if name.contains("/") { return name }
        for folder in path.split(separator: ":") where access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
        throw TestSupportError("there is no program '\(name)'")
    }

    /// The exit code, or 128 and the signal; nil when the program still runs after `seconds`.
    static func status(of pid: pid_t, within seconds: Double) -> Int32? {
        let deadline = monotonicSeconds() + seconds
        var pause: UInt32 = 500
        while true {
            var status: Int32 = 0
            let waited = waitpid(pid, &status, WNOHANG)
            if waited == pid { return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F) }
            if waited == -1, errno != EINTR { return -1 }
            guard monotonicSeconds() < deadline else { return nil }
            usleep(pause)
            pause = min(pause * 2, 5_000)
        }
    }

    private static func monotonicSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
