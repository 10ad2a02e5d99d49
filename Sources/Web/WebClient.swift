internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
internal import Synchronization

/// The one way out to HTTP: guarded, bounded, and blocking, for programs whose other calls block too.
///
/// 1. A name is resolved once, all its addresses are checked, and the connection goes to one of those: a second look-up could
///    answer otherwise. Through a proxy the name is checked as far as it resolves here.
/// 2. No redirect is followed with credentials; without, at most as many as the request says, each checked like the first.
/// 3. Time and size are bounded; network faults and 429, 502, 503, 504 are retried with jitter, 401 and 403 never.
/// 4. Messages name the address without its query and pass the redactor.
///
/// Must not be called on a thread of an event loop, which it would block for good.
public final class WebClient: Sendable {
    private let configuration: WebConfiguration
    /// One client per pinned address: the pin is a setting of the client. Shut down when this goes away.
    private let clients = Mutex<[Route: HTTPClient]>([:])

    /// What one of the library's clients is made for.
    private struct Route: Hashable {
        let host: String
        /// Nil through a proxy, which resolves names itself.
        let pinned: String?
        let proxy: ProxyRules.Proxy?
    }

    public init(_ configuration: WebConfiguration = WebConfiguration()) { self.configuration = configuration }

    var allowsPrivateAddresses: Bool { configuration.allowsPrivateAddresses }
    var certificateFile: String? { configuration.certificateFile }

    deinit {
        for client in clients.withLock({ Array($0.values) }) {
            // Idle connections that do not close in time are closed by the process's end: nothing is lost with them.
            do { try client.syncShutdown() } catch { continue }
        }
    }

    /// Sends the request and gives the answer, whatever its status. Throws `WebError` when there is none.
    public func send(_ request: WebRequest) throws(WebError) -> WebResponse {
        var current = request
        var redirects = 0
        while true {
            let response = try attempts(current)
            guard (301...308).contains(response.status), let place = response.header("Location"), request.credentials == nil,
                request.method == .get || request.method == .head, redirects < request.redirects
            else { return response }
            redirects += 1
            current.address = place.hasPrefix("/") ? try WebAddress(origin(of: current.address) + place) : try WebAddress(place)
        }
    }

    private func origin(of address: WebAddress) -> String { (address.isSecure ? "https://" : "http://") + address.origin }

    private func attempts(_ request: WebRequest) throws(WebError) -> WebResponse {
        var attempt = 1
        while true {
            let isLast = attempt > request.retries
            do throws(WebError) {
                let response = try once(request, attempt)
                guard Backoff.isTransient(response.status), request.isIdempotent || response.status == 429, !isLast,
                    request.waitsWhenLimited || response.status != 429,
                    let delay = Backoff.delay(attempt, retryAfter: response.header("Retry-After"), jitter: configuration.jitter())
                else { return response }
                configuration.pause(delay)
            } catch {
                guard !isLast, Backoff.mayRepeat(error, isIdempotent: request.isIdempotent),
                    let delay = Backoff.delay(attempt, retryAfter: nil, jitter: configuration.jitter())
                else {
                    var last = error
                    last.attempts = attempt
                    throw last
                }
                configuration.pause(delay)
            }
            attempt += 1
        }
    }

    private func once(_ request: WebRequest, _ attempt: Int) throws(WebError) -> WebResponse {
        let deadline = NIODeadline.now() + .nanoseconds(Int64(max(0, request.timeout) * 1e9))
        let client = try client(for: request)
        let prepared: HTTPClient.Request
        do {
            prepared = try HTTPClient.Request(
                url: request.address.description, method: HTTPMethod(rawValue: request.method.rawValue),
                headers: headers(of: request), body: request.body.map { .bytes($0) })
        } catch {
            throw WebError(.invalidAddress, request.method.rawValue, request.address.shown, "\(error)")
        }
        do {
            let accumulator = ResponseAccumulator(request: prepared, maxBodySize: request.sizeLimit)
            let response = try client.execute(request: prepared, delegate: accumulator, deadline: deadline).wait()
            return WebResponse(
                status: Int(response.status.code), headers: response.headers.map { ($0.name, $0.value) },
                body: response.body.map { Array($0.readableBytesView) } ?? [], attempts: attempt)
        } catch {
            throw FaultReading.webError(error, request)
        }
    }

    private func headers(of request: WebRequest) -> HTTPHeaders {
        var headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
        if !headers.contains(name: "User-Agent") { headers.add(name: "User-Agent", value: "gradus") }
        if let credentials = request.credentials?.header { headers.replaceOrAdd(name: credentials.name, value: credentials.value) }
        return headers
    }

    private func client(for request: WebRequest) throws(WebError) -> HTTPClient {
        let address = request.address
        let proxy = configuration.proxies.proxy(for: address)
        var pinned: String?
        do throws(WebError) {
            let found = try NameLookup.permitted(
                address, operation: request.method.rawValue, allowsPrivate: configuration.allowsPrivateAddresses)
            // IPv4 first: a machine without IPv6 may still be given such addresses.
            if proxy == nil { pinned = (found.first { !$0.isVersion6 } ?? found.first)?.description }
        } catch where error.code == .unresolved && proxy != nil {
            pinned = nil
        }
        let route = Route(host: address.host, pinned: pinned, proxy: proxy)
        let settings = try settings(route)
        return clients.withLock { clients in
            if let client = clients[route] { return client }
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
            clients[route] = client
            return client
        }
    }

    private func settings(_ route: Route) throws(WebError) -> HTTPClient.Configuration {
        var settings = HTTPClient.Configuration(
            tlsConfiguration: try Trust.configuration(certificateFile: configuration.certificateFile),
            redirectConfiguration: .disallow,
            timeout: .init(connect: .nanoseconds(Int64(configuration.connectTimeout * 1e9))))
        settings.httpVersion = .http1Only
        if let pinned = route.pinned, pinned != route.host { settings.dnsOverride = [route.host: pinned] }
        if let proxy = route.proxy {
            let authorization = proxy.user.map { HTTPClient.Authorization.basic(username: $0, password: proxy.password?.exposed ?? "") }
            settings.proxy =
                authorization.map { .server(host: proxy.host, port: proxy.port, authorization: $0) }
                ?? .server(host: proxy.host, port: proxy.port)
        }
        return settings
    }
}
