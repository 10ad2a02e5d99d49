import CLibgit2
import Glibc

/// Other programs that are needed for one answer: signers, verifiers, credential helpers.
///
/// Nothing secret may be among the arguments: every user of the machine can read them. It goes in by the standard input.
enum Program {
    struct Result {
        /// The exit code; 128 and the signal for a program that a signal ended.
        let status: Int32
        let output: [UInt8]
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Runs a program to its end, looked for on the path, with this process's environment.
    ///
    /// - Parameter variables: added to the environment.
    /// - Throws: `.notFound` if there is no such program; `.generic` if it takes longer than the time given, and then it
    ///   has been ended.
    static func run(
        _ arguments: [String], input: [UInt8] = [], adding variables: [String: String] = [:], timeoutMilliseconds: Int,
        _ operation: String
    ) throws(GitError) -> Result {
        let name = arguments.first ?? ""
        for argument in arguments { try Names.requireText(argument, operation) }
        let stdin = try Pipe(operation, name)
        let stdout = try Pipe(operation, name)
        let stderr = try Pipe(operation, name)
        let pid = try spawn(arguments, variables, stdin: stdin.read, stdout: stdout.write, stderr: stderr.write, operation)
        for end in [stdin.read, stdout.write, stderr.write] { close(end) }
        var exchange = Exchange(input: input, stdin: stdin.write, stdout: stdout.read, stderr: stderr.read)
        let finished = try withoutBrokenPipe { () throws(GitError) in
            exchange.run(until: monotonicMilliseconds() + timeoutMilliseconds)
        }
        exchange.closeAll()
        if !finished { kill(pid, SIGKILL) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
        guard finished else {
            throw .refused(operation, name, "it did not end within \(timeoutMilliseconds / 1_000) seconds", code: .generic)
        }
        return Result(
            status: status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F), output: exchange.output,
            errors: String(decoding: exchange.errors, as: UTF8.self))
    }

    private struct Pipe {
        let read: Int32
        let write: Int32

        init(_ operation: String, _ subject: String) throws(GitError) {
            var ends: [Int32] = [-1, -1]
            try checkSystem(operation, subject) { gradus_pipe(&ends) }
            (read, write) = (ends[0], ends[1])
        }
    }

    private static func spawn(
        _ arguments: [String], _ variables: [String: String], stdin: Int32, stdout: Int32, stderr: Int32, _ operation: String
    ) throws(GitError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (own, number) in [(stdin, Int32(0)), (stdout, 1), (stderr, 2)] {
            posix_spawn_file_actions_adddup2(&actions, own, number)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this process blocks or ignores would be inherited.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var ordinary = sigset_t()
        sigemptyset(&ordinary)
        for signal in [SIGPIPE, SIGINT, SIGTERM] { sigaddset(&ordinary, signal) }
        posix_spawnattr_setsigdefault(&attributes, &ordinary)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var envp = environment(adding: variables)
        defer { for pointer in argv + envp { free(pointer) } }
        var pid: pid_t = 0
        let reason = posix_spawnp(&pid, arguments.first ?? "", &actions, &attributes, &argv, &envp)
        guard reason == 0 else { throw .system(reason, operation, arguments.first ?? "") }
        return pid
    }

    private static func environment(adding variables: [String: String]) -> [UnsafeMutablePointer<CChar>?] {
        var lines: [UnsafeMutablePointer<CChar>?] = []
        var next = gradus_environment()
        while let line = next?.pointee {
            let text = String(cString: line)
            if variables[String(text.prefix { $0 != "=" })] == nil { lines.append(strdup(line)) }
            next = next?.advanced(by: 1)
        }
        return lines + variables.map { strdup("\($0)=\($1)") } + [nil]
    }
}

/// Feeds a program and reads what it says, both at once: neither side waits for a full pipe.
private struct Exchange {
    private var input: ArraySlice<UInt8>
    private var stdin: Int32
    private var stdout: Int32
    private var stderr: Int32
    private(set) var output: [UInt8] = []
    private(set) var errors: [UInt8] = []
    /// More than this of an answer is thrown away.
    private static let largest = 1 << 20

    init(input: [UInt8], stdin: Int32, stdout: Int32, stderr: Int32) {
        self.input = input[...]
        (self.stdin, self.stdout, self.stderr) = (stdin, stdout, stderr)
        _ = fcntl(stdin, F_SETFL, O_NONBLOCK)
    }

    /// False when the time was over before the program had closed its outputs.
    mutating func run(until deadline: Int) -> Bool {
        while stdout >= 0 || stderr >= 0 {
            if input.isEmpty { Self.close(&stdin) }
            var requests = [
                pollfd(fd: stdin, events: Int16(POLLOUT), revents: 0), pollfd(fd: stdout, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stderr, events: Int16(POLLIN), revents: 0),
            ]
            let left = deadline - monotonicMilliseconds()
            guard left > 0 else { return false }
            if poll(&requests, 3, Int32(clamping: left)) < 0 {
                if errno == EINTR { continue }
                return false
            }
            if requests[0].revents != 0 { feed() }
            if requests[1].revents != 0 { Self.read(&stdout, into: &output) }
            if requests[2].revents != 0 { Self.read(&stderr, into: &errors) }
        }
        return true
    }

    mutating func closeAll() {
        Self.close(&stdin)
        Self.close(&stdout)
        Self.close(&stderr)
    }

    private mutating func feed() {
        let count = input.withUnsafeBytes { write(stdin, $0.baseAddress, $0.count) }
        if count > 0 {
            input = input.dropFirst(count)
        } else if errno != EINTR, errno != EAGAIN {
            // It has heard enough.
            input = []
        }
    }

    private static func read(_ descriptor: inout Int32, into bytes: inout [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        if count > 0 {
            if bytes.count < largest { bytes += buffer[..<count] }
        } else if count == 0 || errno != EINTR {
            close(&descriptor)
        }
    }

    private static func close(_ descriptor: inout Int32) {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}
