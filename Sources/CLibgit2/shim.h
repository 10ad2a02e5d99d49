#include <git2.h>
#include <git2/sys/repository.h>
#include <git2/sys/stream.h>

/* git_libgit2_opts is variadic, which Swift does not import. */
static inline int gradus_git_enable_fsync(int on) {
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, on);
}

/* A connection as libgit2 sees it, with what our side needs behind it. */
typedef struct {
    git_stream parent;
    int descriptor;
    char *host;
    char *port;
} gradus_stream;
