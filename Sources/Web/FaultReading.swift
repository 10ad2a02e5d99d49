internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The library's errors in our words.
enum FaultReading {
    static func webError(_ error: any Error, _ request: WebRequest) -> WebError {
        let (code, message) = reading(error, request)
        return WebError(code, request.method.rawValue, request.address.shown, message)
    }

    private static func reading(_ error: any Error, _ request: WebRequest) -> (WebError.Code, String) {
        switch error {
        case let error as HTTPClientError: return reading(error, request)
        case is ResponseAccumulator.ResponseTooBigError:
            return (.tooLarge, "the answer is longer than \(request.sizeLimit) bytes")
        case let error as NIOConnectionError:
            let reason = error.connectionErrors.first.map { "\($0.error)" } ?? "no address answered"
            return (.unreachable, "no connection to \(request.address.origin): \(reason)")
        case let error as NIOSSLError: return (.tls, "no trusted connection: \(error)")
        case let error as NIOSSLExtraError: return (.tls, "no trusted connection: \(error)")
        case let error as IOError:
            let isRefusal = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
            return (.unreachable, (isRefusal ? "no connection to \(request.address.origin): " : "the connection broke: ") + "\(error)")
        case is ChannelError: return (.unreachable, "the connection broke: \(error)")
        default: return (.protocolFault, "the answer cannot be read: \(error)")
        }
    }

    private static func reading(_ error: HTTPClientError, _ request: WebRequest) -> (WebError.Code, String) {
        switch error {
        case .deadlineExceeded, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
            (.timedOut, "no whole answer within \(seconds(request.timeout))")
        case .connectTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            (.timedOut, "no connection to \(request.address.origin) in time")
        case .tlsHandshakeTimeout: (.tls, "no encrypted connection in time")
        case .remoteConnectionClosed, .uncleanShutdown: (.unreachable, "the server closed the connection before it answered")
        case .invalidProxyResponse, .proxyAuthenticationRequired: (.unreachable, "the proxy refused the connection: \(error)")
        default: (.protocolFault, "\(error)")
        }
    }

    private static func seconds(_ number: Double) -> String {
        number == number.rounded() && number < 1e9 ? "\(Int(number))s" : "\(number)s"
    }
}
