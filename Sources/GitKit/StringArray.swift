import CLibgit2
import Glibc

/// Lends strings to C as a `git_strarray`, valid only inside `body`.
func withStringArray<Result>(
    _ strings: [String], _ body: (git_strarray) throws(GitError) -> Result
) throws(GitError) -> Result {
    var copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    let lent = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: max(copies.count, 1))
    lent.initialize(from: &copies, count: copies.count)
    defer {
        lent.deinitialize(count: copies.count)
        lent.deallocate()
        for copy in copies { free(copy) }
    }
    return try body(git_strarray(strings: lent, count: copies.count))
}
