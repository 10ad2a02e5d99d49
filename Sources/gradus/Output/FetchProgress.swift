import GitKit
import Synchronization

/// Says how far a fetch is that takes longer than a second.
final class FetchProgress: Sendable {
    private let isQuiet: Bool
    /// Of the fetch that goes on; each is timed by itself.
    private let line = Mutex<Progress?>(nil)

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    @Sendable func show(_ transfer: RemoteAccess.Transfer?) {
        line.withLock { line in
            guard let transfer else {
                line?.end()
                line = nil
                return
            }
            if line == nil { line = Progress("Fetching", isQuiet: isQuiet) }
            let size = transfer.bytes < 1_000_000 ? "\(transfer.bytes / 1_000) kB" : "\(transfer.bytes / 1_000_000) MB"
            line?.show("\(transfer.received) of \(Counted.of(transfer.total, "object")), \(size)")
        }
    }
}
