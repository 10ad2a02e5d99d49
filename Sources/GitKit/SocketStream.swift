import CLibgit2
import Glibc
import Synchronization

/// Plain connections that give up on a silent peer.
///
/// libgit2 1.5 has no time-outs of its own: a server that accepts and then says nothing would block the process for
/// good. libgit2 lets the socket under all its network transports be replaced
/// (https://libgit2.org/libgit2/#HEAD/group/stream/git_stream_register), TLS included, which runs on top of it.
enum SocketStream {
    /// How long the peer may be silent, in milliseconds.
    static let patience = Atomic<Int>(60_000)

    /// Watches of connections through which no call of ours has gone, by the address of the stream: those of ssh, of which
    /// libssh2 has the descriptor, and every other one until its first call.
    private static let watches = Mutex<[UInt: SilenceWatch]>([:])
    /// What a watch found since this was last asked.
    private static let silence = Mutex<String?>(nil)

    /// What ended a connection by being silent, once.
    static func takeSilence() -> String? {
        silence.withLock { silence in
            defer { silence = nil }
            return silence
        }
    }

    static func register() -> Int32 {
        var registration = git_stream_registration()
        registration.version = GIT_STREAM_VERSION
        registration.`init` = { out, host, port in SocketStream.create(out, host, port) }
        return git_stream_register(GIT_STREAM_STANDARD, &registration)
    }

    private static func create(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_stream>?>?, _ host: UnsafePointer<CChar>?,
        _ port: UnsafePointer<CChar>?
    ) -> Int32 {
        guard let out, let host, let port, let memory = calloc(1, MemoryLayout<gradus_stream>.size) else { return -1 }
        let stream = memory.bindMemory(to: gradus_stream.self, capacity: 1)
        stream.pointee.descriptor = -1
        stream.pointee.host = strdup(host)
        stream.pointee.port = strdup(port)
        stream.pointee.parent.version = GIT_STREAM_VERSION
        stream.pointee.parent.connect = { SocketStream.connect(SocketStream.own($0)) }
        stream.pointee.parent.read = { SocketStream.read(SocketStream.own($0), $1, $2) }
        stream.pointee.parent.write = { stream, data, length, _ in SocketStream.write(SocketStream.own(stream), data, length) }
        stream.pointee.parent.close = { SocketStream.close(SocketStream.own($0)) }
        stream.pointee.parent.free = { stream in
            let mine = SocketStream.own(stream)
            _ = SocketStream.close(mine)
            Glibc.free(mine?.pointee.host)
            Glibc.free(mine?.pointee.port)
            Glibc.free(mine)
        }
        out.pointee = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: git_stream.self)
        return 0
    }

    private typealias Own = UnsafeMutablePointer<gradus_stream>

    /// The parent is the first member, so both have one address.
    private static func own(_ stream: UnsafeMutablePointer<git_stream>?) -> Own? {
        stream.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: gradus_stream.self) }
    }

    private static func fail(_ message: String) -> Int32 {
        git_error_set_str(Int32(GIT_ERROR_NET.rawValue), message)
        return -1
    }

    private static func connect(_ stream: Own?) -> Int32 {
        guard let stream, let host = stream.pointee.host, let port = stream.pointee.port else { return -1 }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family = AF_UNSPEC
        var addresses: UnsafeMutablePointer<addrinfo>?
        let found = getaddrinfo(host, port, &hints, &addresses)
        guard found == 0 else { return fail("cannot find \(String(cString: host)): \(String(cString: gai_strerror(found)))") }
        defer { freeaddrinfo(addresses) }
        var reason = "there is no address"
        var next = addresses
        while let address = next {
            if let descriptor = open(address.pointee, &reason) {
                stream.pointee.descriptor = descriptor
                return watch(stream) ? 0 : fail("no thread to watch the connection with")
            }
            next = address.pointee.ai_next
        }
        return fail("cannot connect to \(String(cString: host)) port \(String(cString: port)): \(reason)")
    }

    private static func watch(_ stream: Own) -> Bool {
        let host = String(cString: stream.pointee.host)
        let watch = SilenceWatch(stream.pointee.descriptor, milliseconds: patience.load(ordering: .relaxed)) {
            silence.withLock { $0 = "\(host) said nothing for \(seconds) seconds" }
        }
        guard let watch else { return false }
        watches.withLock { $0[UInt(bitPattern: stream)] = watch }
        return true
    }

    private static func endWatch(_ stream: Own) {
        watches.withLock { $0.removeValue(forKey: UInt(bitPattern: stream)) }?.end()
    }

    private static func open(_ address: addrinfo, _ reason: inout String) -> Int32? {
        let type = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.ai_family, type, address.ai_protocol)
        guard descriptor >= 0 else {
            reason = String(cString: strerror(errno))
            return nil
        }
        watchPeer(descriptor)
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return descriptor }
        var code = errno
        if code == EINPROGRESS {
            guard wait(descriptor, POLLOUT) else {
                reason = "no answer within \(seconds) seconds"
                Glibc.close(descriptor)
                return nil
            }
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
        }
        if code == 0 { return descriptor }
        reason = String(cString: strerror(code))
        Glibc.close(descriptor)
        return nil
    }

    /// Has the kernel give up on a machine that is gone, also where nobody reads or writes.
    private static func watchPeer(_ descriptor: Int32) {
        let milliseconds = patience.load(ordering: .relaxed)
        let options: [(level: Int32, name: Int32, value: Int32)] = [
            (SOL_SOCKET, SO_KEEPALIVE, 1), (Int32(IPPROTO_TCP), TCP_KEEPIDLE, Int32(clamping: max(1, milliseconds / 2_000))),
            (Int32(IPPROTO_TCP), TCP_KEEPINTVL, Int32(clamping: max(1, milliseconds / 6_000))),
            (Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, Int32(clamping: milliseconds)),
        ]
        for (level, name, value) in options {
            // A kernel without one of them has the others; none is needed to be right.
            _ = withUnsafePointer(to: value) { setsockopt(descriptor, level, name, $0, socklen_t(MemoryLayout<Int32>.size)) }
        }
    }

    private static func read(_ stream: Own?, _ data: UnsafeMutableRawPointer?, _ length: Int) -> Int {
        transfer(stream, POLLIN, "said") { recv($0, data, length, 0) }
    }

    private static func write(_ stream: Own?, _ data: UnsafePointer<CChar>?, _ length: Int) -> Int {
        transfer(stream, POLLOUT, "took") { send($0, data, length, Int32(MSG_NOSIGNAL)) }
    }

    private static func transfer(_ stream: Own?, _ event: Int32, _ verb: String, _ call: (Int32) -> Int) -> Int {
        guard let stream else { return -1 }
        // From here on the time is kept call by call.
        endWatch(stream)
        while true {
            let count = call(stream.pointee.descriptor)
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK:
                if wait(stream.pointee.descriptor, event) { continue }
                // Noted too, because TLS puts an error of its own in the place of ours.
                let fault = "\(String(cString: stream.pointee.host)) \(verb) nothing for \(seconds) seconds"
                silence.withLock { $0 = fault }
                return Int(fail(fault))
            default: return Int(fail(String(cString: strerror(errno))))
            }
        }
    }

    private static func close(_ stream: Own?) -> Int32 {
        guard let stream, stream.pointee.descriptor >= 0 else { return 0 }
        endWatch(stream)
        let descriptor = stream.pointee.descriptor
        stream.pointee.descriptor = -1
        return Glibc.close(descriptor)
    }

    /// False when nothing happened within the patience.
    private static func wait(_ descriptor: Int32, _ event: Int32) -> Bool {
        let deadline = monotonicMilliseconds() + patience.load(ordering: .relaxed)
        while true {
            var request = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            let left = deadline - monotonicMilliseconds()
            let ready = poll(&request, 1, Int32(clamping: max(0, left)))
            if ready > 0 { return true }
            if ready == 0 || errno != EINTR { return false }
        }
    }

    private static var seconds: Int { patience.load(ordering: .relaxed) / 1_000 }
}
