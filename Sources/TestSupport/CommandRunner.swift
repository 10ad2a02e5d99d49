internal import Glibc

/// What a finished program said.
package struct CommandResult: Sendable {
    /// The exit code; 128 and the signal for a program that a signal ended.
    package let status: Int32
    package let output: String
    package let errors: String

    /// The output without the line break at its end.
    package var line: String { output.hasSuffix("\n") ? String(output.dropLast()) : output }
}

/// Runs programs that see nothing of the machine's user: the environment is given whole and nothing can be read.
package struct CommandRunner: Sendable {
    package let environment: [String: String]
    /// Where output is kept until it is read.
    private let folder: TemporaryFolder

    package init(_ environment: HermeticEnvironment) {
        self.environment = environment.variables
        folder = environment.folder
    }

    /// Runs a program to its end. Throws when it cannot be started or takes longer than `timeout` seconds.
    package func run(_ arguments: [String], in place: String? = nil, timeout: Double = 60) throws -> CommandResult {
        try start(arguments, in: place).result(timeout: timeout)
    }

    /// Starts a program and does not wait for it.
    ///
    /// - Parameters:
    ///   - place: the folder it runs in; nil: that of the tests.
    ///   - variables: what is added to the environment.
    package func start(
        _ arguments: [String], in place: String? = nil, adding variables: [String: String] = [:]
    ) throws -> RunningCommand {
        // `env` changes the folder: the spawn action for it is not visible from Swift.
        let whole = place.map { ["env", "--chdir=\($0)"] + arguments } ?? arguments
        return try RunningCommand(whole, environment.merging(variables) { $1 }, folder)
    }
}

/// A program that was started. Ended, with all that it started, when the value goes away before it has finished.
package final class RunningCommand {
    private let pid: pid_t
    private let arguments: [String]
    /// Keeps the output's folder as long as it is needed.
    private let folder: TemporaryFolder
    private let outputFile: String
    private let errorFile: String
    private var finished: CommandResult?

    init(_ arguments: [String], _ environment: [String: String], _ folder: TemporaryFolder) throws {
        self.arguments = arguments
        self.folder = folder
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        outputFile = folder(".\(name).out")
        errorFile = folder(".\(name).err")
        pid = try Subprocess.spawn(arguments, environment, output: outputFile, errors: errorFile)
    }

    deinit {
        if finished == nil { kill() }
        unlink(outputFile)
        unlink(errorFile)
    }

    /// Ends the program and all that it started at once, as a crash of the machine would.
    package func kill() {
        guard finished == nil else { return }
        _ = Glibc.kill(-pid, SIGKILL)
        let status = Subprocess.status(of: pid, within: 10) ?? -1
        finished = CommandResult(status: status, output: "", errors: "")
    }

    /// Sends a signal to the program alone.
    package func send(_ signal: Int32) {
        if finished == nil { _ = Glibc.kill(pid, signal) }
    }

    /// Waits for the end. Throws when it does not come within `timeout` seconds.
    package func result(timeout: Double = 60) throws -> CommandResult {
        if let finished { return finished }
        guard let status = Subprocess.status(of: pid, within: timeout) else {
            kill()
            throw TestSupportError("\(arguments.joined(separator: " ")) did not end within \(timeout) seconds")
        }
        let result = CommandResult(status: status, output: try TemporaryFolder.read(outputFile), errors: try TemporaryFolder.read(errorFile))
        finished = result
        return result
    }
}
