import CLibgit2

/// One reference as a remote advertises it.
public struct RemoteHead: Hashable, Sendable {
    public var name: String
    public var id: ObjectID
    /// The reference it names, if it is symbolic and the server says so (`HEAD`).
    public var symbolicTarget: String?

    public init(name: String, id: ObjectID, symbolicTarget: String?) {
        self.name = name
        self.id = id
        self.symbolicTarget = symbolicTarget
    }
}

extension Repository {
    /// Asks a remote for its references, without fetching anything. Peeled tags (`^{}`) are left out.
    ///
    /// - Parameter forPush: connects as a push does, so that a server which takes none says so.
    /// - Returns: an empty list for an empty remote.
    /// - Throws: `.auth`, `.certificate`, or `.generic` if the server cannot be reached or is no Git server.
    public func remoteHeads(url: String, forPush: Bool = false) throws(GitError) -> [RemoteHead] {
        let operation = forPush ? "connect for a push to" : "list the references of"
        let direction = forPush ? GIT_DIRECTION_PUSH : GIT_DIRECTION_FETCH
        let remote = try RemoteHandle(self, url: url, operation)
        var options = git_remote_connect_options()
        try check(operation, remote.subject) {
            git_remote_connect_options_init(&options, UInt32(GIT_REMOTE_CONNECT_OPTIONS_VERSION))
        }
        remote.payload.install(in: &options.callbacks)
        options.proxy_opts = RemotePayload.proxy
        // Credentials must not follow to another host.
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        try remote.check(operation) { git_remote_connect_ext(remote.pointer, direction, &options) }
        var heads: UnsafeMutablePointer<UnsafePointer<git_remote_head>?>?
        var count = 0
        // "The array is owned by the remote and only valid while it is not used for another connection": copied here.
        try remote.check(operation) { git_remote_ls(&heads, &count, remote.pointer) }
        var found: [RemoteHead] = []
        for position in 0..<count {
            guard let head = heads?[position]?.pointee, let name = head.name else { continue }
            let text = String(cString: name)
            let id = ObjectID(head.oid)
            guard !text.hasSuffix("^{}"), !id.isZero else { continue }
            found.append(
                RemoteHead(name: text, id: id, symbolicTarget: head.symref_target.map { String(cString: $0) }))
        }
        // Already answered: a failure to say goodbye changes nothing, and freeing the remote closes the socket anyway.
        _ = git_remote_disconnect(remote.pointer)
        try remote.dialogue.succeeded()
        return found
    }

    /// Fetches references and the objects they need. No tags beyond the refspecs, no pruning. FETCH_HEAD is left
    /// empty, which libgit2 cannot be kept from.
    ///
    /// A refspec whose source the remote does not have is ignored; ask ``remoteHeads(url:)`` to know.
    ///
    /// - Parameter refspecs: such as `+refs/heads/*:refs/heads/*`. Without the `+`, a reference that would not be
    ///   fast-forwarded keeps its value.
    /// - Throws: as ``remoteHeads(url:)``; `.locked` if a local reference is locked; `.invalidName` for a bad refspec.
    public func fetch(url: String, refspecs: [String]) throws(GitError) {
        let operation = "fetch from"
        // libgit2 takes an empty list to mean the remote's configured refspecs, of which this remote has none.
        guard !refspecs.isEmpty else { return }
        let remote = try RemoteHandle(self, url: url, operation)
        for refspec in refspecs {
            try Names.requireText(refspec, operation)
            let parsed = try Handle("read the refspec", refspec, free: git_refspec_free) {
                git_refspec_parse(&$0, refspec, 1)
            }
            _ = parsed.pointer
        }
        var options = git_fetch_options()
        try check(operation, remote.subject) {
            git_fetch_options_init(&options, UInt32(GIT_FETCH_OPTIONS_VERSION))
        }
        options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE
        options.prune = GIT_FETCH_NO_PRUNE
        options.update_fetchhead = 0
        remote.payload.install(in: &options.callbacks)
        options.proxy_opts = RemotePayload.proxy
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
        defer { remote.payload.onTransfer?(nil) }
        try withStringArray(refspecs) { (list) throws(GitError) in
            var list = list
            try remote.check(operation) { git_remote_fetch(remote.pointer, &list, &options, "fetch") }
        }
        try remote.dialogue.succeeded()
    }
}
