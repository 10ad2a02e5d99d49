import Testing
import Web

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("http://example.org", "http://example.org/", "example.org:80"),
        ("https://Example.ORG:8443/a?b=c#d", "https://example.org:8443/a?b=c", "example.org:8443"),
        ("HTTPS://example.org/", "https://example.org/", "example.org:443"),
        ("http://[2001:db8::1]:90/x", "http://[2001:db8::1]:90/x", "[2001:db8::1]:90"),
        ("http://example.org?q=1", "http://example.org/?q=1", "example.org:80"),
    ])
    func readsAnAddress(text: String, whole: String, origin: String) throws {
        let address = try WebAddress(text)
        #expect(address.description == whole)
        #expect(address.origin == origin)
    }

    @Test(arguments: [
        "example.org", "ftp://example.org", "http+unix://%2Frun%2Fdocker.sock/x", "http://user:word@example.org/", "http://",
        "http://example.org:0/", "http://example.org:99999/", "http://example.org:8x/", "http://exa mple.org/", "http://[::1/",
        "http://[zz]/", "http://a\\@b/", "http://example.org/\u{e9}", "http://a%2eb/", "http://:80/",
    ])
    func refusesWhatAnotherReaderMightReadOtherwise(text: String) {
        #expect(throws: WebError.self) { try WebAddress(text) }
    }

    @Test func appendsSegmentsAndQueryEncoded() throws {
        let base = try WebAddress("https://example.org/api/v4/?x=1")
        #expect(
            base.appending("projects", "a/b c", query: [("q", "ü&=")]).description
                == "https://example.org/api/v4/projects/a%2Fb%20c?q=%C3%BC%26%3D")
        #expect(base.shown == "https://example.org/api/v4/")
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.7.7", true),
        ("169.254.169.254", true), ("100.64.0.1", true), ("0.0.0.0", true), ("224.0.0.1", true), ("255.255.255.255", true),
        ("198.18.0.1", true), ("192.0.2.1", true), ("93.184.216.34", false), ("8.8.8.8", false), ("::1", true), ("::", true),
        ("fe80::1", true), ("fd00::1", true), ("ff02::1", true), ("::ffff:127.0.0.1", true), ("::ffff:8.8.8.8", false),
        ("64:ff9b::a00:1", true), ("64:ff9b::808:808", false), ("2002:7f00:1::", true), ("2001:db8::1", true), ("2001::1", true),
        ("2606:4700:4700::1111", false),
    ])
    func tellsPrivateAddressesFromPublicOnes(text: String, isPrivate: Bool) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isPrivate == isPrivate)
    }

    @Test(arguments: ["1.2.3", "256.1.1.1", "localhost", "127.0.0.01x", ""])
    func takesNothingElseForANumericAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: [
        ("http://example.org/", "web.example:3128"), ("https://example.org/", "safe.example:8080"),
        ("https://inside.example/", nil), ("https://api.inside.example/", nil), ("https://notinside.example/", "safe.example:8080"),
        ("http://10.0.0.1/", nil), ("http://special.example:81/", nil), ("http://special.example/", "web.example:3128"),
    ])
    func choosesTheProxyThatTheEnvironmentNames(text: String, proxy: String?) throws {
        let rules = try ProxyRules(environment: [
            "HTTP_PROXY": "http://web.example:3128", "https_proxy": "safe.example:8080",
            "NO_PROXY": "inside.example, 10.0.0.1,special.example:81",
        ])
        let chosen = rules.proxy(for: try WebAddress(text))
        #expect(chosen.map { "\($0.host):\($0.port)" } == proxy)
    }
}
