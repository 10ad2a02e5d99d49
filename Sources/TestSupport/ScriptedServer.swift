internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// A request that a `ScriptedServer` was sent.
package struct ScriptedRequest: Sendable {
    package let method: String
    /// Path and query, as sent.
    package let target: String
    package let headers: [(name: String, value: String)]
    package let body: String

    package var path: String { String(target.prefix { $0 != "?" }) }
    package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

    /// The values of a header, whatever its case.
    package func header(_ name: String) -> [String] {
        headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }
}

/// What a `ScriptedServer` says.
package struct ScriptedAnswer: Sendable {
    package var status: Int
    package var headers: [(String, String)]
    package var body: String
    /// Milliseconds before it is sent.
    package var delay: Int
    /// Closes the connection instead of answering.
    package var hangsUp: Bool

    package init(
        _ status: Int = 200, _ body: String = "", headers: [(String, String)] = [], delay: Int = 0, hangsUp: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.delay = delay
        self.hangsUp = hangsUp
    }

    package static let hangUp = ScriptedAnswer(hangsUp: true)
}

/// A real HTTP server on the loopback interface whose answers a test writes; stopped when the value goes away.
package final class ScriptedServer: Sendable {
    /// `http://127.0.0.1:PORT`, or `https://localhost:PORT` with a certificate.
    package let url: String
    package let port: Int
    private let channel: any Channel
    private let log: RequestLog

    /// - Parameters:
    ///   - certificate: PEM files of a certificate and its key; nil: plain HTTP.
    ///   - answer: called for each request, on a thread of the server.
    package init(
        certificate: (certificate: String, key: String)? = nil, _ answer: @escaping @Sendable (ScriptedRequest) -> ScriptedAnswer
    ) throws {
        let log = RequestLog()
        self.log = log
        let context = try certificate.map { files in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: NIOSSLCertificate.fromPEMFile(files.certificate).map { .certificate($0) },
                    privateKey: .privateKey(NIOSSLPrivateKey(file: files.key, format: .pem))))
        }
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(log, answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        port = channel.localAddress?.port ?? 0
        url = context == nil ? "http://127.0.0.1:\(port)" : "https://localhost:\(port)"
    }

    deinit { channel.close(promise: nil) }

    /// Stops listening; afterwards connections are refused.
    package func stop() throws { try channel.close().wait() }

    /// All requests so far, in the order of their arrival.
    package var requests: [ScriptedRequest] { log.all }
}

private final class RequestLog: Sendable {
    private let list = Mutex<[ScriptedRequest]>([])

    var all: [ScriptedRequest] { list.withLock { $0 } }

    func add(_ request: ScriptedRequest) { list.withLock { $0.append(request) } }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: RequestLog
    private let answer: @Sendable (ScriptedRequest) -> ScriptedAnswer
    private var head: HTTPRequestHead?
    private var body = ""

    init(_ log: RequestLog, _ answer: @escaping @Sendable (ScriptedRequest) -> ScriptedAnswer) {
        self.log = log
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = ""
        case .body(let bytes): body += String(decoding: bytes.readableBytesView, as: UTF8.self)
        case .end: finish(context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let request = ScriptedRequest(method: head.method.rawValue, target: head.uri, headers: head.headers.map { ($0.name, $0.value) }, body: body)
        log.add(request)
        let answer = answer(request)
        if answer.hangsUp { return context.close(promise: nil) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(answer.delay))) {
            let (handler, context) = bound.value
            handler.send(answer, to: request, context)
        }
    }

    private func send(_ answer: ScriptedAnswer, to request: ScriptedRequest, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        let bytes = ByteBuffer(string: answer.body)
        var headers = HTTPHeaders(answer.headers)
        headers.replaceOrAdd(name: "Content-Length", value: "\(bytes.readableBytes)")
        let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != "HEAD" { context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
