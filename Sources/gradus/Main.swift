import ArgumentParser
import Glibc

@main
enum Main {
    static func main() {
        // A reader that goes away (`gradus history | head`) ends the output, not the process with a signal.
        signal(SIGPIPE, SIG_IGN)
        let arguments = GlobalArguments.moved(Array(CommandLine.arguments.dropFirst()))
        Interruption.watch(asJSON: GlobalArguments.wantsJSON(arguments))
        if let topic = HelpTopic.text(for: arguments) {
            print(topic)
            return
        }
        do {
            try GlobalArguments.checkCommand(arguments)
            try GlobalArguments.checkTexts(arguments)
            var command = try Gradus.parseAsRoot(arguments)
            do { try command.run() } catch let finished as Finished {
                try Console.checkOutput()
                throw finished
            }
            try Console.checkOutput()
        } catch let finished as Finished {
            exit(finished.code)
        } catch {
            exit(report(error, arguments))
        }
    }

    /// The lines that say how the command is called; the error itself was told already.
    private static func usage(in message: String) -> String {
        message.split(separator: "\n").drop { !$0.hasPrefix("Usage:") }.joined(separator: "\n")
    }

    /// Prints what went wrong and returns the exit code.
    private static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
        let parserCode = Gradus.exitCode(for: error)
        if parserCode == .success {
            // Help and version are no errors, but come as one.
            print(Gradus.fullMessage(for: error))
            return 0
        }
        let isUsage = parserCode == .validationFailure
        let report = isUsage ? ErrorReport(usage: Gradus.message(for: error)) : ErrorReport(error)
        report.print(asJSON: GlobalArguments.wantsJSON(arguments))
        if isUsage { Console.status(usage(in: Gradus.fullMessage(for: error))) }
        return report.exitCode
    }
}

/// Ends the process with an exit code after everything was printed.
struct Finished: Error {
    let code: Int32
}
