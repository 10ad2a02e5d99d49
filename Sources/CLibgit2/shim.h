/* No feature macro such as _GNU_SOURCE here: with other ones than Swift's own C library module has, both modules define
   fd_set, and differently. */
#include <fcntl.h>
#include <git2.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <git2/sys/stream.h>

/* git_libgit2_opts is variadic, which Swift does not import. */
static inline int gradus_git_enable_fsync(int on) {
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, on);
}

static inline int gradus_git_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int gradus_git_strict_hashes(int on) {
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, on);
}

static inline int gradus_git_cache_trees(size_t largest, ssize_t total) {
    int status = git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, largest);
    return status < 0 ? status : git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, total);
}

static inline int gradus_git_set_certificates(const char *file, const char *folder) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, folder);
}

/* An object backend that answers the ids of missing commits. The parent is the first member, as libgit2 wants it. */
typedef struct {
    git_odb_backend parent;
    git_oid *missing;
    size_t count;
} gradus_boundary;

/* A connection as libgit2 sees it, with what our side needs behind it. The order of the members is that of libgit2's own
   git_socket_stream (1.0 to 1.9): its ssh transport takes a registered stream for one and reads the socket out of it. */
typedef struct {
    git_stream parent;
    char *host;
    char *port;
    int descriptor;
} gradus_stream;

/* The environment as it is handed to programs: a mutable global, which Swift does not let be read. */
static inline char *const *gradus_environment(void) {
    extern char **environ;
    return environ;
}

/* A pipe that programs do not inherit. pipe2 is declared only with _GNU_SOURCE. */
static inline int gradus_pipe(int ends[2]) {
    return (int)syscall(SYS_pipe2, ends, O_CLOEXEC);
}
