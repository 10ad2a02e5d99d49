internal import Glibc

/// The clock of this machine.
public enum WallClock {
    /// Since 1970-01-01T00:00:00Z.
    public static let seconds: @Sendable () -> Int = { time(nil) }
}
