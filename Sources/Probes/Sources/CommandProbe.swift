internal import Glibc
internal import PromotionEngine
internal import WorkflowModel

/// A `command` source: a program whose exit code tells. Runs only where the operator allows commands.
struct CommandProbe {
    let allowance: ProbeAllowance

    /// Exit code 0 is healthy. Another one is a slow start until the release was once healthy here, and illness afterwards.
    func finding(_ source: CommandSource, _ watch: HealthWatch) throws -> HealthFinding {
        guard allowance.commands else {
            throw ProbeFault("commands are not allowed here; the operator may allow them with GRADUS_ALLOW_COMMANDS=1")
        }
        var environment = ["PATH": allowance.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"]
        if let home = allowance.environment["HOME"] { environment["HOME"] = home }
        environment["GRADUS_SERVICE"] = watch.subject.service
        environment["GRADUS_VERSION"] = watch.subject.version
        environment["GRADUS_STAGE"] = watch.subject.stage
        environment["GRADUS_COMMIT"] = watch.commit
        let run = try ProgramRun(
            source.arguments.map { watch.filled($0) }, environment, timeout: Double(source.timeout.seconds))
        if run.status == 0 { return .seen(.healthy, run.lastLine) }
        return .seen(watch.wasHealthy ? .degraded : .progressing, "exit code \(run.status)" + (run.lastLine.isEmpty ? "" : ": \(run.lastLine)"))
    }
}

/// A program that was run to its end, without a shell, with nothing to read and an environment of its own.
struct ProgramRun {
    /// The exit code; 128 and the signal for one that a signal ended.
    let status: Int32
    /// The last line of its output that is not empty, cut to a sensible length.
    let lastLine: String

    /// More output is read and forgotten.
    private static let outputLimit = 65_536

    /// Throws when it cannot be started, or runs longer than `timeout` seconds, and is then ended with all that it started.
    init(_ arguments: [String], _ environment: [String: String], timeout: Double) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw ProbeFault("cannot make a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | Int32(POSIX_SPAWN_SETSIGMASK)))
        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let code = posix_spawnp(&pid, arguments.first ?? "", &actions, &attributes, &argv, &envp)
        close(ends[1])
        defer { close(ends[0]) }
        guard code == 0 else { throw ProbeFault("cannot run \(arguments.first ?? ""): \(String(cString: strerror(code)))") }
        let output = Self.read(ends[0], until: Self.now() + timeout)
        guard let output, let status = Self.status(of: pid, until: Self.now() + 5) else {
            _ = kill(-pid, SIGKILL)
            _ = Self.status(of: pid, until: Self.now() + 5)
            throw ProbeFault("\(arguments.first ?? "") did not end within \(Int(timeout))s")
        }
        self.status = status
        lastLine = String(output.split(whereSeparator: \.isNewline).last?.prefix(200) ?? "")
    }

    /// The output; nil when it does not end in time.
    private static func read(_ descriptor: Int32, until deadline: Double) -> String? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let rest = deadline - now()
            guard rest > 0 else { return nil }
            var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, Int32(min(rest, 1) * 1_000)) > 0 else { continue }
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            if bytes.count < outputLimit { bytes += chunk[..<count] }
        }
    }

    private static func status(of pid: pid_t, until deadline: Double) -> Int32? {
        while true {
            var status: Int32 = 0
            let waited = waitpid(pid, &status, WNOHANG)
            if waited == pid { return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F) }
            guard waited == 0 || errno == EINTR, now() < deadline else { return nil }
            usleep(2_000)
        }
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
