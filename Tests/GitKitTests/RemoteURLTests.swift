import GitKit
import Glibc
import Testing

@Suite struct RemoteURLTests {
    @Test(arguments: [
        ("https://user:s3cret@host:8443/a/b.git?token=s3cret#s3cret", "https://host:8443/a/b.git"),
        ("https://s3cret@host", "https://host"), ("https://a@b:s3cret@host/x", "https://host/x"),
        ("git://host/a@b", "git://host/a@b"), ("/a/path", "/a/path"), ("git@host:a/b", "git@host:a/b"),
    ])
    func hidesCredentials(_ url: String, _ shown: String) {
        #expect(RemoteURL.redacted(url) == shown)
    }

    @Test(arguments: ["/a/b", "./a", "a/b", "a", "file:///a", "FILE:///a", "", "a/b:c"])
    func knowsPaths(_ url: String) {
        #expect(RemoteURL.isLocal(url))
    }

    @Test(arguments: ["git://h/a", "https://h/a", "ssh://h/a", "git@host:a/b", "host:a"])
    func knowsServers(_ url: String) {
        #expect(!RemoteURL.isLocal(url))
    }
}
