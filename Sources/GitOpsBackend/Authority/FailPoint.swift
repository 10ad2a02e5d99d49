#if DEBUG
    import Glibc
    import Synchronization
#endif

/// A place before or after an effect at which a debug build can be told to die, as power loss would make it:
/// `GRADUS_FAILPOINT=move.after@2` kills the process right after it has moved a reference for the second time.
enum FailPoint {
    #if DEBUG
        private static let passed = Mutex<[String: Int]>([:])

        static func pass(_ name: String) {
            guard let order = getenv("GRADUS_FAILPOINT").map({ String(cString: $0) }) else { return }
            let count = passed.withLock { passed in
                passed[name, default: 0] += 1
                return passed[name] ?? 0
            }
            if order == "\(name)@\(count)" { kill(getpid(), SIGKILL) }
        }
    #else
        static func pass(_ name: String) {}
    #endif
}
