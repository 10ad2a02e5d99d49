import Glibc
import Synchronization

/// Ends a connection that nothing passes through any more.
///
/// For transports that wait on the descriptor without asking us: libssh2 polls it for ever, and a peer whose kernel still
/// answers is never given up on by keep-alive probes. A thread of the watch's own asks the kernel when the last bytes were
/// sent and received, and shuts the socket down, which wakes whoever waits on it.
final class SilenceWatch: Sendable {
    private let bell: Int32

    /// Watches the socket until ``end()``. `expired` is called on the watch's thread right before the socket is shut down.
    ///
    /// Nil when the system gives no descriptor or no thread.
    init?(_ socket: Int32, milliseconds: Int, expired: @escaping @Sendable () -> Void) {
        // Descriptors of its own, so that a number which the transport has closed is never taken for another's.
        let own = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        var ends: [Int32] = [-1, -1]
        let paired = socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0
        let round = Round(socket: own, bell: ends[1], patience: milliseconds, expired: expired)
        var thread: pthread_t = 0
        let context = Unmanaged.passRetained(round)
        guard own >= 0, paired, pthread_create(&thread, nil, watchSilence, context.toOpaque()) == 0 else {
            context.release()
            for descriptor in [own] + ends where descriptor >= 0 { close(descriptor) }
            return nil
        }
        pthread_detach(thread)
        bell = ends[0]
    }

    deinit { close(bell) }

    /// The thread ends soon after; the socket is not touched any more once it has heard.
    func end() { shutdown(bell, Int32(SHUT_RDWR)) }
}

private final class Round: Sendable {
    private let socket: Int32
    private let bell: Int32
    private let patience: Int
    private let expired: @Sendable () -> Void

    init(socket: Int32, bell: Int32, patience: Int, expired: @escaping @Sendable () -> Void) {
        (self.socket, self.bell, self.patience, self.expired) = (socket, bell, patience, expired)
    }

    func run() {
        defer {
            close(socket)
            close(bell)
        }
        var rest = patience
        while true {
            var request = pollfd(fd: bell, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, Int32(clamping: rest))
            if ready > 0 { return }
            if ready < 0, errno == EINTR { continue }
            guard let silence = silence() else { return }
            if silence >= patience {
                expired()
                shutdown(socket, Int32(SHUT_RDWR))
                return
            }
            rest = patience - silence
        }
    }

    /// Milliseconds since bytes last passed in either direction. Nil when the connection is no more.
    private func silence() -> Int? {
        var info = tcp_info()
        var length = socklen_t(MemoryLayout<tcp_info>.size)
        guard getsockopt(socket, Int32(IPPROTO_TCP), TCP_INFO, &info, &length) == 0 else { return nil }
        return Int(min(info.tcpi_last_data_recv, info.tcpi_last_data_sent))
    }
}

private func watchSilence(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { Unmanaged<Round>.fromOpaque(context).takeRetainedValue().run() }
    return nil
}
