import Glibc

/// Runs network calls with SIGPIPE held back on this thread.
///
/// libgit2 and OpenSSL write to sockets without MSG_NOSIGNAL, so a server that closes early would otherwise end the
/// process. The signal of a failed write is aimed at the writing thread, so it is taken off that thread's pending set
/// again before the old mask returns; one that was pending or blocked before is left alone.
func withoutBrokenPipe<Result>(_ body: () throws(GitError) -> Result) throws(GitError) -> Result {
    var pipe = sigset_t()
    var old = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &old)
    defer {
        if !wasPending {
            var now = timespec(tv_sec: 0, tv_nsec: 0)
            while sigtimedwait(&pipe, nil, &now) == -1 && errno == EINTR {}
        }
        pthread_sigmask(SIG_SETMASK, &old, nil)
    }
    return try body()
}
