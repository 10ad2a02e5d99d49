import CLibgit2
import Synchronization

/// The one owner of one libgit2 object; frees it when it goes out of scope.
///
/// A handle never leaves the function that made it, so it cannot outlive its repository. Values of non-copyable types
/// live to the end of their scope, so a pointer that a C call lent from inside the object stays valid that long.
struct Handle: ~Copyable {
    let pointer: OpaquePointer
    private let free: (OpaquePointer?) -> Void

    /// Adopts what `create` stores in its argument.
    ///
    /// - Throws: the call's failure, as ``check(_:_:_:)`` does.
    init(
        _ operation: String, _ subject: @autoclosure () -> String,
        free: @escaping (OpaquePointer?) -> Void, _ create: (inout OpaquePointer?) -> Int32
    ) throws(GitError) {
        var created: OpaquePointer?
        try check(operation, subject()) { create(&created) }
        guard let created else {
            throw .refused(operation, subject(), "libgit2 reported success and gave nothing", code: .generic)
        }
        self.init(adopting: created, free: free)
    }

    init(adopting pointer: OpaquePointer, free: @escaping (OpaquePointer?) -> Void) {
        self.pointer = pointer
        self.free = free
        LibraryObjects.count.add(1, ordering: .relaxed)
    }

    /// As the throwing initialiser, but nil where the call reports that there is no such thing.
    static func ifFound(
        _ operation: String, _ subject: @autoclosure () -> String,
        free: @escaping (OpaquePointer?) -> Void, _ create: (inout OpaquePointer?) -> Int32
    ) throws(GitError) -> Handle? {
        var created: OpaquePointer?
        guard try checkFound(operation, subject(), { create(&created) }), let created else { return nil }
        return Handle(adopting: created, free: free)
    }

    deinit {
        free(pointer)
        LibraryObjects.count.subtract(1, ordering: .relaxed)
    }
}

/// How many libgit2 objects this process holds, so that a long run can be seen to leak none.
public enum LibraryObjects {
    fileprivate static let count = Atomic<Int>(0)

    public static var alive: Int { count.load(ordering: .relaxed) }
}
