internal import Glibc
package import PromotionEngine

/// What a finished `gradus` said.
package struct GradusResult: Sendable {
    package let code: Int32
    package let output: String
    package let errors: String

    /// The one document on stdout; nil when stdout is anything else.
    package var json: JSONValue? {
        do { return try JSONValue(parsing: output) } catch { return nil }
    }

    /// One document per line; nil when a line is none.
    package var lines: [JSONValue]? {
        do { return try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) } } catch { return nil }
    }
}

/// Runs the built binary.
package struct GradusProcess: Sendable {
    private let runner: CommandRunner

    package init(_ environment: HermeticEnvironment) { runner = CommandRunner(environment) }

    /// Runs to the end, within a minute.
    package func run(
        _ arguments: [String], adding variables: [String: String] = [:], in place: String? = nil, clock: String? = nil
    ) throws -> GradusResult {
        try start(arguments, adding: variables, in: place, clock: clock).result()
    }

    /// Starts and does not wait.
    ///
    /// - Parameter clock: an offset such as `+25h`, by which faketime moves the time that the process sees.
    package func start(
        _ arguments: [String], adding variables: [String: String] = [:], in place: String? = nil, clock: String? = nil
    ) throws -> RunningGradus {
        let shifted = clock.map { ["faketime", "-f", $0] } ?? []
        return RunningGradus(
            try runner.start(shifted + [try Self.binary()] + arguments, in: place, adding: variables))
    }

    /// The binary under test: `GRADUS_BIN`, else the one built beside the tests.
    package static func binary() throws -> String {
        if let named = getenv("GRADUS_BIN") { return String(cString: named) }
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        guard count > 0 else { throw TestSupportError("the tests do not know where they are") }
        let own = String(decoding: buffer[..<count], as: UTF8.self)
        let binary = own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/gradus"
        guard access(String(binary), X_OK) == 0 else { throw TestSupportError("\(binary) is not built") }
        return String(binary)
    }

    /// Whether the clock can be moved on this machine.
    package static let canMoveClock: Bool =
        ["/usr/bin/faketime", "/usr/local/bin/faketime"].contains { (path: String) in access(path, X_OK) == 0 }
}

/// A `gradus` that was started.
package struct RunningGradus {
    private let command: RunningCommand

    init(_ command: RunningCommand) { self.command = command }

    package func kill() { command.kill() }

    package func send(_ signal: Int32) { command.send(signal) }

    package func result(timeout: Double = 60) throws -> GradusResult {
        let result = try command.result(timeout: timeout)
        return GradusResult(code: result.status, output: result.output, errors: result.errors)
    }
}
