internal import NIOSSL

/// Whose certificates are believed.
enum Trust {
    /// The system's authorities, or those of a PEM file in their place. Throws `configuration` for a file that is none.
    static func configuration(certificateFile: String?) throws(WebError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        guard let certificateFile else { return configuration }
        do {
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificateFile))
        } catch {
            throw WebError(.configuration, "read the certificates", certificateFile, "\(error)")
        }
        return configuration
    }
}
