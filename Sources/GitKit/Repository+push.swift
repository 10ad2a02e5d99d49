import CLibgit2

/// One reference to move on a remote.
public struct PushUpdate: Hashable, Sendable {
    /// The full name, `refs/...`.
    public var reference: String
    /// The value that the remote must still have; nil if the reference must not exist.
    public var old: ObjectID?
    /// Nil deletes the reference.
    public var new: ObjectID?
    /// The new commit need not contain the old one. What the remote must still have is compared all the same.
    public var rewinds: Bool

    public init(reference: String, old: ObjectID?, new: ObjectID?, rewinds: Bool = false) {
        self.reference = reference
        self.old = old
        self.new = new
        self.rewinds = rewinds
    }
}

/// What became of one update of a push.
public enum PushResult: Hashable, Sendable {
    /// The server reported that the reference was moved.
    case accepted
    /// The remote's reference did not have the old value any more; nil if it does not exist.
    case lost(current: ObjectID?)
    /// The server refused, in its own words: a hook, a protected branch.
    case rejected(reason: String)
    /// Nothing was sent for this reference, because another one of the same push was lost.
    case notSent
}

extension Repository {
    /// Moves references on a remote, each only if it still has the expected value.
    ///
    /// The values that the server advertises are compared with the expected ones before anything is sent, and if one
    /// differs nothing is sent at all. After that the server itself compares, under its lock, with what it advertised.
    /// The updates of one push are *not* atomic on the server: some may be accepted and others rejected.
    ///
    /// - Returns: one result for each update, in their order.
    /// - Throws: `.invalid` for a path or `file://` URL (libgit2 would overwrite a reference that moved meanwhile; open
    ///   that repository instead), for no or doubled references; `.notFound` if a new object does not exist here;
    ///   `.nonFastForward` if the new commit does not contain the old one although it must; `.auth`, `.certificate`; `.network` if the
    ///   connection failed, in which case **the push may have happened**: ask ``remoteHeads(url:)``.
    public func push(url: String, _ updates: [PushUpdate]) throws(GitError) -> [PushResult] {
        let operation = "push to"
        let remote = try RemoteHandle(self, url: url, operation)
        guard !RemoteURL.isLocal(remote.resolvedURL) else {
            throw .refused(
                operation, remote.subject, "it is a path on this machine; open that repository and move its references")
        }
        try requireSendable(updates, operation, remote.subject)

        let report = PushReport(updates, remote.dialogue)
        var options = git_push_options()
        try check(operation, remote.subject) { git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)) }
        options.callbacks.push_negotiation = negotiate
        options.callbacks.push_update_reference = noteStatus
        // The report outlives the call, see withExtendedLifetime; callbacks only look at it and never release it.
        report.install(in: &options.callbacks)
        options.proxy_opts = RemotePayload.proxy
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE

        let sources = try PushSources(self, updates)
        defer { sources.remove() }
        // Without "+" the local fast-forward check stays on. No source deletes.
        let refspecs = zip(sources.names, updates).map { "\($1.rewinds ? "+" : "")\($0 ?? ""):\($1.reference)" }
        do throws(GitError) {
            try withExtendedLifetime(report) { () throws(GitError) in
                try withStringArray(refspecs) { (list) throws(GitError) in
                    var list = list
                    try remote.check(operation) { git_remote_push(remote.pointer, &list, &options) }
                }
            }
        } catch {
            guard report.isLost else { throw error }
            return report.lostResults
        }
        try remote.dialogue.succeeded()
        return try results(of: report, updates, url: url, remote.subject)
    }

    private func requireSendable(
        _ updates: [PushUpdate], _ operation: String, _ subject: String
    ) throws(GitError) {
        guard !updates.isEmpty else { throw .refused(operation, subject, "there is nothing to push") }
        var seen: Set<String> = []
        for update in updates {
            try Names.requireReference(update.reference, operation)
            guard update.reference.hasPrefix("refs/") else {
                throw .refused(operation, update.reference, "it does not begin with refs/", code: .invalidName)
            }
            guard seen.insert(update.reference).inserted else {
                throw .refused(operation, update.reference, "the same push names it twice")
            }
            if let new = update.new, !contains(new) {
                throw .refused(operation, update.reference, "the object \(new) does not exist here", code: .notFound)
            }
        }
    }

    /// Reads the server's report. "git_remote_push" succeeds even if the server refused every reference.
    private func results(
        of report: PushReport, _ updates: [PushUpdate], url: String, _ subject: String
    ) throws(GitError) -> [PushResult] {
        // A server words a lost race in its own way ("failed to update ref", "cannot lock ref ..."), so the reference
        // itself is asked: if it is not the old value any more, the race was lost.
        var current: [String: ObjectID]?
        var results: [PushResult] = []
        for update in updates {
            switch report.status[update.reference] {
            case .some(nil): results.append(.accepted)
            case .some(let reason?):
                let heads: [String: ObjectID]
                if let current {
                    heads = current
                } else {
                    heads = try Dictionary(
                        remoteHeads(url: url).map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
                    current = heads
                }
                let now = heads[update.reference]
                results.append(now == update.old ? .rejected(reason: reason) : .lost(current: now))
            case nil:
                throw .refused(
                    "push to", subject, "the server did not report on '\(update.reference)'", code: .generic)
            }
        }
        return results
    }
}

/// What the callbacks of one push learn. Used by one thread, inside one call.
private final class PushReport: RemotePayload {
    private let updates: [PushUpdate]
    /// The server's word on each reference: nil for success, else its reason.
    private(set) var status: [String: String?] = [:]
    private var advertised: [String: ObjectID?] = [:]

    init(_ updates: [PushUpdate], _ dialogue: CredentialDialogue) {
        self.updates = updates
        super.init(dialogue)
    }

    var isLost: Bool {
        updates.contains { update in
            guard let value = advertised[update.reference] else { return false }
            return value != update.old
        }
    }

    var lostResults: [PushResult] {
        updates.map { update in
            guard let value = advertised[update.reference], value != update.old else { return .notSent }
            return .lost(current: value)
        }
    }

    func noteAdvertised(_ reference: String, _ id: ObjectID) {
        advertised.updateValue(id.isZero ? nil : id, forKey: reference)
    }

    func noteStatus(_ reference: String, _ reason: String?) {
        status.updateValue(reason, forKey: reference)
    }
}

/// "Called once between the negotiation step and the upload" (git2/remote.h): the last moment to compare.
private func negotiate(
    _ updates: UnsafeMutablePointer<UnsafePointer<git_push_update>?>?, _ count: Int, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    guard let payload else { return GIT_EUSER.rawValue }
    let report = Unmanaged<PushReport>.fromOpaque(payload).takeUnretainedValue()
    for position in 0..<count {
        guard let update = updates?[position]?.pointee, let name = update.dst_refname else { continue }
        // `src` is the reference's value on the remote now, `dst` the one to come.
        report.noteAdvertised(String(cString: name), ObjectID(update.src))
    }
    return report.isLost ? GIT_EUSER.rawValue : 0
}

/// "If `status` is not NULL, the update was rejected by the remote server" (git2/remote.h).
private func noteStatus(
    _ reference: UnsafePointer<CChar>?, _ status: UnsafePointer<CChar>?, _ payload: UnsafeMutableRawPointer?
) -> Int32 {
    guard let payload, let reference else { return GIT_EUSER.rawValue }
    let report = Unmanaged<PushReport>.fromOpaque(payload).takeUnretainedValue()
    report.noteStatus(String(cString: reference), status.map { String(cString: $0) })
    return 0
}
