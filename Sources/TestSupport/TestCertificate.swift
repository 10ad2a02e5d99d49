/// A self-signed certificate for `localhost`, made by openssl; deleted with its folder.
package struct TestCertificate: Sendable {
    /// PEM file of the certificate, which is its own authority too.
    package let certificate: String
    package let key: String
    private let folder: TemporaryFolder

    /// - Parameter days: how long it is valid from now on.
    package init(days: Int) throws {
        let environment = try HermeticEnvironment()
        folder = environment.folder
        certificate = folder("certificate.pem")
        key = folder("key.pem")
        let result = try CommandRunner(environment).run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "\(days)",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ])
        guard result.status == 0 else { throw TestSupportError("openssl: \(result.errors)") }
    }
}
