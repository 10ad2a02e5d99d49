import Glibc
import TestSupport

/// `git http-backend` behind Apache on the loopback interface, with TLS by a throw-away CA and basic authentication.
///
/// Below `/git/` are the repositories of the yard's folder; `/down/` answers 502, `/hanging/` nothing at all, `/flaky/` 502
/// once and then as `/git/`. Ends with the value.
final class WebServer {
    static let user = "ci"
    static let token = "canary-7f3a91c2e5"
    static let isThere = access("/usr/sbin/apache2", X_OK) == 0

    let port: UInt16
    /// Serves the same with a certificate that has expired.
    let expiredPort: UInt16
    let certificate: String
    private let command: RunningCommand
    private let folder: TemporaryFolder

    init(_ yard: Yard) throws {
        folder = try TemporaryFolder()
        (port, expiredPort) = (try Ports.free(), try Ports.free())
        certificate = folder("ca.pem")
        try Self.makeCertificates(yard, folder)
        let digest = try yard.tool(["openssl", "passwd", "-apr1", Self.token])
        try folder.write("htpasswd", "\(Self.user):\(digest)\n")
        try folder.write("hang", "#!/bin/sh\nsleep 30\n", mode: 0o755)
        try folder.write(
            "flaky",
            """
            #!/bin/sh
            if mkdir '\(folder("failed"))' 2>/dev/null; then printf 'Status: 502 Bad Gateway\\r\\n\\r\\n'; exit; fi
            exec /usr/lib/git-core/git-http-backend

            """, mode: 0o755)
        try folder.write("apache.conf", Self.configuration(folder.path, yard.environment.folder.path, port, expiredPort))
        command = try CommandRunner(yard.environment).start(["/usr/sbin/apache2", "-f", folder("apache.conf"), "-DFOREGROUND"])
        try Ports.waitUntilOpen(port)
        yard.kept.append(self)
    }

    /// The URL of a repository of the yard.
    func url(_ name: String = "origin.git", below place: String = "git", port other: UInt16? = nil) -> String {
        "https://localhost:\(other ?? port)/\(place)/\(name)"
    }

    /// What a run needs to get in.
    var variables: [String: String] {
        ["GIT_SSL_CAINFO": certificate, "GRADUS_TOKEN": Self.token, "GRADUS_TOKEN_USER": Self.user]
    }

    private static func makeCertificates(_ yard: Yard, _ folder: TemporaryFolder) throws {
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        try yard.tool(["openssl", "req", "-x509"] + key + ["-keyout", folder("ca.key"), "-out", folder("ca.pem"), "-days", "3650", "-subj", "/CN=Throw-away"])
        try folder.write("names", "subjectAltName=DNS:localhost\n")
        for (name, clock) in [("good", "-1d"), ("old", "-30d")] {
            try yard.tool(["openssl", "req"] + key + ["-keyout", folder("\(name).key"), "-out", folder("\(name).csr"), "-subj", "/CN=localhost"])
            try yard.tool([
                "faketime", "-f", clock, "openssl", "x509", "-req", "-in", folder("\(name).csr"), "-CA", folder("ca.pem"), "-CAkey",
                folder("ca.key"), "-CAcreateserial", "-out", folder("\(name).pem"), "-days", "3", "-extfile", folder("names"),
            ])
        }
    }

    private static func configuration(_ own: String, _ repositories: String, _ port: UInt16, _ expiredPort: UInt16) -> String {
        let modules = ["mpm_event", "authz_core", "authn_core", "authn_file", "authz_user", "auth_basic", "alias", "env", "cgid", "ssl"]
        return (modules.map { "LoadModule \($0)_module /usr/lib/apache2/modules/mod_\($0).so" } + [
            "ServerRoot \(own)", "ServerName localhost", "Listen 127.0.0.1:\(port)", "Listen 127.0.0.1:\(expiredPort)",
            "PidFile \(own)/apache.pid", "ErrorLog \(own)/error.log", "ScriptSock \(own)/cgid",
            "SetEnv GIT_PROJECT_ROOT \(repositories)", "SetEnv GIT_HTTP_EXPORT_ALL 1", "SetEnv GIT_CONFIG_SYSTEM /dev/null",
            "SetEnv HOME \(repositories)/home",
            "ScriptAlias /git/ /usr/lib/git-core/git-http-backend/", "ScriptAlias /flaky/ \(own)/flaky/",
            "ScriptAlias /hanging/ \(own)/hang/", "Redirect 502 /down/",
            "<LocationMatch \"^/(git|flaky)/\">", "AuthType Basic", "AuthName git", "AuthUserFile \(own)/htpasswd", "Require valid-user",
            "</LocationMatch>",
            "<VirtualHost *:\(port)>", "SSLEngine on", "SSLCertificateFile \(own)/good.pem", "SSLCertificateKeyFile \(own)/good.key", "</VirtualHost>",
            "<VirtualHost *:\(expiredPort)>", "SSLEngine on", "SSLCertificateFile \(own)/old.pem", "SSLCertificateKeyFile \(own)/old.key", "</VirtualHost>",
        ]).joined(separator: "\n") + "\n"
    }
}
