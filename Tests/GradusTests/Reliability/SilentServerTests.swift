import Glibc
import TestSupport
import Testing

/// Servers that take the connection and then say nothing, or nothing more.
@Suite struct SilentServerTests {
    @Test(arguments: [
        ("git", ""), ("http", ""), ("https", ""), ("ssh", ""), ("ssh", "SSH-2.0-OpenSSH_9.2\r\n"),
        ("git", "0032"), ("http", "HTTP/1.1 200 OK\r\n"),
    ])
    func isGivenUpOnWithAnErrorThatSaysSo(_ scheme: String, _ greeting: String) throws {
        let server = try SilentServer(greeting: greeting)
        let gradus = GradusProcess(try HermeticEnvironment())
        let user = scheme == "ssh" ? "git@" : ""
        let url = "\(scheme)://\(user)127.0.0.1:\(server.port)/origin.git"
        let result = try gradus.start(
            ["promote", "checkout", "--to", "dev", "--repo", url],
            adding: ["GRADUS_ACTOR": "rita", "GRADUS_NETWORK_TIMEOUT": "1s"]
        ).result()
        #expect(result.code == 1, "\(result)")
        #expect(result.errors.contains("127.0.0.1 said nothing for 1 seconds"), "\(result.errors)")
        #expect(result.errors.contains("Hint: "), "\(result.errors)")
    }
}

/// Takes every connection, says its greeting, and is silent from then on; after 20 seconds it hangs up, so that whoever
/// waits for ever fails instead.
private final class SilentServer: Sendable {
    let port: UInt16
    private let listener: Int32

    init(greeting: String) throws {
        (listener, port) = try Loopback.listen()
        let listener = listener
        try Work {
            while case let client = accept(listener, nil, nil), client >= 0 {
                _ = greeting.withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
                do {
                    try Work {
                        sleep(20)
                        close(client)
                    }.start()
                } catch {
                    close(client)
                }
            }
        }.start()
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }
}
