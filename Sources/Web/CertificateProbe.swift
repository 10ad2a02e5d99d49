internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import NIOTLS

extension WebClient {
    /// Connects, checks the server's certificate like any request, and tells when it ends, in seconds since 1970.
    ///
    /// Throws `WebError`: `tls` for a certificate that is not trusted, ended ones too, `invalidAddress` for a plain address.
    public func certificateEnd(of address: WebAddress, timeout: Double = 10) throws(WebError) -> Int {
        guard address.isSecure else {
            throw WebError(.invalidAddress, "read the certificate of", address.shown, "only https servers have one")
        }
        let found = try NameLookup.permitted(address, operation: "read the certificate of", allowsPrivate: allowsPrivateAddresses)
        let settings = try Trust.configuration(certificateFile: certificateFile)
        guard let place = found.first(where: { !$0.isVersion6 }) ?? found.first else {
            throw WebError(.unresolved, "look up", address.host, "the name has no address")
        }
        let name = IPAddress(address.host) == nil ? address.host : nil
        let result = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Int.self)
        do {
            let context = try NIOSSLContext(configuration: settings)
            let channel = try ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.nanoseconds(Int64(timeout * 1e9)))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers([
                            NIOSSLClientHandler(context: context, serverHostname: name), HandshakeHandler(result),
                        ])
                    }
                }
                .connect(host: place.description, port: address.port).wait()
            let expiry = channel.eventLoop.scheduleTask(in: .nanoseconds(Int64(timeout * 1e9))) {
                result.fail(ChannelError.connectTimeout(.nanoseconds(0)))
            }
            defer {
                expiry.cancel()
                channel.close(promise: nil)
            }
            return try result.futureResult.wait()
        } catch {
            // A promise must be fulfilled; a second time does nothing.
            result.fail(error)
            throw FaultReading.webError(error, WebRequest(.get, address, timeout: timeout))
        }
    }
}

/// Waits for the end of the handshake and reads the certificate that it checked.
private final class HandshakeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let result: EventLoopPromise<Int>

    init(_ result: EventLoopPromise<Int>) { self.result = result }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted? = event as? TLSUserEvent else { return context.fireUserInboundEventTriggered(event) }
        do {
            let handler = try context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
            guard let certificate = handler.peerCertificate else { throw ChannelError.inappropriateOperationForState }
            result.succeed(Int(certificate.notValidAfter))
        } catch {
            result.fail(error)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        result.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        result.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}
