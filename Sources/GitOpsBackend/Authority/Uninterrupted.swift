internal import Synchronization

/// Short steps that whoever ends the process on purpose lets finish, because what they leave half done would be in the
/// way of the next run.
public enum Uninterrupted {
    private static let running = Mutex(())

    static func run<Answer: Sendable, Fault: Error>(_ body: () throws(Fault) -> Answer) throws(Fault) -> Answer {
        try running.withLock { (_) throws(Fault) -> Answer in try body() }
    }

    /// Calls `end`, which ends the process, while no such step runs.
    public static func end(_ end: () -> Never) -> Never {
        running.withLock { _ in end() }
    }
}
