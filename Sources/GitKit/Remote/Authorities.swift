import CCertificates
import CLibgit2
import Synchronization

/// The certificates that https servers are verified by, read when the first such server is asked.
enum Authorities {
    private enum Source {
        /// Those that libgit2 was built with.
        case system
        case chosen(file: String?, folder: String?)
        /// libgit2 has them.
        case read
    }

    private static let source = Mutex(Source.system)

    static func choose(file: String?, folder: String?) {
        source.withLock { $0 = .chosen(file: file, folder: folder) }
    }

    /// Starts libgit2 without having it read them.
    static func postponed(_ start: () -> Int32) -> Int32 {
        gradus_postpone_certificates()
        defer { gradus_stop_postponing_certificates() }
        return start()
    }

    /// Must stand before every exchange; cheap for other transports and after the first time.
    ///
    /// - Throws: `.certificate` if a file or folder cannot be read or holds no certificate.
    static func prepare(for url: String) throws(GitError) {
        // Plain http may be answered by https.
        guard let scheme = RemoteURL(url)?.scheme, scheme == "https" || scheme == "http" else { return }
        try source.withLock { source throws(GitError) in
            let (file, folder): (String?, String?)
            switch source {
            case .read: return
            case .chosen(let chosenFile, let chosenFolder): (file, folder) = (chosenFile, chosenFolder)
            case .system: (file, folder) = (gradus_postponed_certificates().map { String(cString: $0) }, nil)
            }
            if file != nil || folder != nil {
                try read(file, folder)
            }
            source = .read
        }
    }

    private static func read(_ file: String?, _ folder: String?) throws(GitError) {
        do {
            try check("read the certificates in", file ?? folder ?? "") { gradus_git_set_certificates(file, folder) }
        } catch {
            var fault = error
            fault.code = .certificate
            throw fault
        }
    }
}
