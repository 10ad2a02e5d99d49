import CLibgit2

/// What became of a reference that was to change only if it had an expected value.
public enum MoveOutcome: Hashable, Sendable {
    /// The reference was changed.
    case moved
    /// The reference had another value, and still has what somebody else gave it; nil if it does not exist.
    case lost(current: ObjectID?)
}

extension Repository {
    /// The reference that a symbolic reference names: `HEAD` gives `refs/heads/main`, also while that is unborn.
    ///
    /// - Returns: nil if there is no such reference or it holds an id (a detached HEAD).
    public func symbolicTarget(_ name: String) throws(GitError) -> String? {
        let operation = "read the reference"
        try Names.requireReference(name, operation)
        let found = try Handle.ifFound(operation, name, free: git_reference_free) {
            git_reference_lookup(&$0, pointer, name)
        }
        guard let reference = found else { return nil }
        return git_reference_symbolic_target(reference.pointer).map { String(cString: $0) }
    }

    /// The object that a reference names, loose or packed, following symbolic references.
    ///
    /// An annotated tag gives the tag object's id.
    ///
    /// - Returns: nil if the reference, or what it symbolically names, does not exist.
    public func target(of reference: String) throws(GitError) -> ObjectID? {
        let operation = "read the reference"
        try Names.requireReference(reference, operation)
        var oid = git_oid()
        let found = try checkFound(operation, reference) { git_reference_name_to_id(&oid, pointer, reference) }
        return found ? ObjectID(oid) : nil
    }

    /// All references whose name begins with `prefix`, by name.
    ///
    /// Symbolic references come with what they finally name; those that name nothing are left out.
    ///
    /// - Parameter prefix: literal text such as `refs/heads/`; `.invalidName` is thrown for wildcards.
    public func references(withPrefix prefix: String) throws(GitError) -> [(name: String, target: ObjectID)] {
        let operation = "list the references under"
        try Names.requireText(prefix, operation)
        guard !prefix.contains(where: { "*?[\\".contains($0) }) else {
            throw .refused(operation, prefix, "wildcards are not allowed in it", code: .invalidName)
        }
        let iterator = try Handle(operation, prefix, free: git_reference_iterator_free) {
            git_reference_iterator_glob_new(&$0, pointer, prefix + "*")
        }
        var names: [String] = []
        while true {
            var name: UnsafePointer<CChar>?
            let status = git_reference_next_name(&name, iterator.pointer)
            if status == GIT_ITEROVER.rawValue { break }
            try check(operation, prefix) { status }
            if let name { names.append(String(cString: name)) }
        }
        var found: [(name: String, target: ObjectID)] = []
        for name in names.sorted() {
            // A reference deleted since it was listed is no longer part of the answer.
            if let target = try target(of: name) { found.append((name, target)) }
        }
        return found
    }

    /// Moves a reference, only if it still has the value that the caller decided on.
    ///
    /// The old value is compared while the reference's lock is held, for loose and packed references alike, so of
    /// any number of processes exactly one wins. The new commit need not contain the old one.
    ///
    /// - Parameters:
    ///   - old: the expected value; nil if the reference must not exist yet.
    ///   - new: an object that exists in this repository.
    ///   - logMessage: one line for the reflog, if the repository keeps one.
    /// - Throws: `.locked` if the lock is taken (or was left behind, see ``removeStaleReferenceLock``),
    ///   `.notFound` if `new` does not exist, `.conflict` if the name would be both a reference and a folder of them,
    ///   `.invalid` for a symbolic reference.
    public func moveReference(
        _ name: String, from old: ObjectID?, to new: ObjectID, logMessage: String
    ) throws(GitError) -> MoveOutcome {
        let operation = "move the reference"
        try Names.requireReference(name, operation)
        try Names.requireText(logMessage, operation)
        guard contains(new) else {
            throw .refused(operation, name, "the object \(new) does not exist here", code: .notFound)
        }

        // git_reference_create without force looks for an existing reference before it takes the lock, so two creators
        // can both succeed. A transaction locks first; everything below reads under that lock, which `git` respects too.
        let transaction = try Handle(operation, name, free: git_transaction_free) {
            git_transaction_new(&$0, pointer)
        }
        try check(operation, name) { git_transaction_lock_ref(transaction.pointer, name) }

        let current = try directTarget(of: name, operation)
        guard current == old else { return .lost(current: current) }
        if old == nil { try requireFreeName(name, operation) }

        var target = new.oid
        try check(operation, name) {
            git_transaction_set_target(transaction.pointer, name, &target, nil, logMessage)
        }
        try check(operation, name) { git_transaction_commit(transaction.pointer) }
        return .moved
    }

    /// Deletes a reference, only if it still has the expected value.
    ///
    /// - Returns: `.moved` if it was deleted.
    /// - Throws: `.locked` if the lock is taken, `.invalid` for a symbolic reference.
    public func deleteReference(_ name: String, expecting old: ObjectID) throws(GitError) -> MoveOutcome {
        let operation = "delete the reference"
        try Names.requireReference(name, operation)
        let found = try Handle.ifFound(operation, name, free: git_reference_free) {
            git_reference_lookup(&$0, pointer, name)
        }
        guard let reference = found else { return .lost(current: nil) }
        guard let current = ObjectID(git_reference_target(reference.pointer)) else {
            throw .refused(operation, name, "it is symbolic")
        }
        guard current == old else { return .lost(current: current) }
        do throws(GitError) {
            // "This function will return an error if the reference has changed from the time it was looked up."
            // (git2/refs.h): the comparison happens under the lock.
            try check(operation, name) { git_reference_delete(reference.pointer) }
        } catch where error.code == .modified || error.code == .notFound {
            return .lost(current: try directTarget(of: name, operation))
        }
        return .moved
    }

    /// The id that a reference itself holds; nil if it does not exist.
    private func directTarget(of name: String, _ operation: String) throws(GitError) -> ObjectID? {
        let found = try Handle.ifFound(operation, name, free: git_reference_free) {
            git_reference_lookup(&$0, pointer, name)
        }
        guard let reference = found else { return nil }
        guard let target = ObjectID(git_reference_target(reference.pointer)) else {
            throw .refused(operation, name, "it is symbolic")
        }
        return target
    }

    /// Refuses a new reference `a/b` beside `a`, or `a` beside `a/b`: packed references would allow what files cannot.
    private func requireFreeName(_ name: String, _ operation: String) throws(GitError) {
        var blocking = try references(withPrefix: name + "/").first?.name
        var parent = name[...]
        while blocking == nil, let slash = parent.lastIndex(of: "/") {
            parent = parent[..<slash]
            guard parent.contains("/") else { break }
            if try target(of: String(parent)) != nil { blocking = String(parent) }
        }
        if let blocking {
            throw .refused(operation, name, "the reference '\(blocking)' is in the way", code: .conflict)
        }
    }
}
