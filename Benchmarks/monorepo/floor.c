/* The floor: what libgit2 alone takes to write what one promotion writes, and nothing else.
 *
 *   floor REPO.git FIRST COUNT [--no-fsync]
 *
 * For each of COUNT services it reads the two manifests of the dev stage, exchanges the version, writes two blobs, their
 * trees and a commit, moves the target branch, and writes four ledger commits of the sizes that records have, moving
 * the ledger's ref twice: once for `requested` and `admitted`, once for `delivered` and `succeeded`. Objects are fsynced
 * as Gradus has them. It prints the microseconds of each round, those that passed and those of the processor, one round a line. There are no criteria, no chain, no lock.
 */
#define _GNU_SOURCE
#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void check(int code, const char *what)
{
    if (code >= 0) return;
    const git_error *error = git_error_last();
    fprintf(stderr, "floor: %s: %s\n", what, error ? error->message : "unknown");
    exit(1);
}

static long long now_us(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

/* The blob at `path` with the first `from` exchanged for `to`. */
static git_oid exchanged(git_repository *repo, git_tree *tree, const char *path, const char *from, const char *to)
{
    git_tree_entry *entry;
    git_blob *blob;
    git_oid id;
    check(git_tree_entry_bypath(&entry, tree, path), path);
    check(git_blob_lookup(&blob, repo, git_tree_entry_id(entry)), path);
    const char *raw = git_blob_rawcontent(blob);
    size_t size = (size_t)git_blob_rawsize(blob), head = 0;
    const char *at = memmem(raw, size, from, strlen(from));
    if (!at) { fprintf(stderr, "floor: %s holds no %s\n", path, from); exit(1); }
    head = (size_t)(at - raw);
    char *text = malloc(size + strlen(to));
    memcpy(text, raw, head);
    memcpy(text + head, to, strlen(to));
    memcpy(text + head + strlen(to), at + strlen(from), size - head - strlen(from));
    check(git_blob_create_from_buffer(&id, repo, text, size - strlen(from) + strlen(to)), "blob");
    free(text);
    git_blob_free(blob);
    git_tree_entry_free(entry);
    return id;
}

static git_oid commit(git_repository *repo, git_tree *tree, const git_oid *parent, const char *message, long when)
{
    git_signature *who;
    git_commit *before = NULL;
    git_oid id;
    check(git_signature_new(&who, "Floor", "floor@example.com", when, 0), "signature");
    if (parent) check(git_commit_lookup(&before, repo, parent), "parent");
    const git_commit *parents[1] = {before};
    check(git_commit_create(&id, repo, NULL, who, who, NULL, message, tree, parent ? 1 : 0, parents), "commit");
    git_commit_free(before);
    git_signature_free(who);
    return id;
}

static void move_ref(git_repository *repo, const char *name, const git_oid *to, const git_oid *from)
{
    git_reference *ref;
    if (from) check(git_reference_create_matching(&ref, repo, name, to, 1, from, "floor"), name);
    else check(git_reference_create(&ref, repo, name, to, 0, "floor"), name);
    git_reference_free(ref);
}

int main(int argc, char **argv)
{
    if (argc < 4) { fputs("floor REPO.git FIRST COUNT [--no-fsync]\n", stderr); return 2; }
    int first = atoi(argv[2]), count = atoi(argv[3]);
    const char *ledger = "refs/heads/floor", *branch = "refs/heads/main";
    git_libgit2_init();
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, argc < 5);
    git_repository *repo;
    check(git_repository_open_bare(&repo, argv[1]), "open");

    /* Message sizes of requested, admitted, delivered and succeeded. */
    const int sizes[4] = {430, 515, 660, 360};
    char messages[4][1024];
    for (int i = 0; i < 4; i++) { memset(messages[i], 'x', sizes[i]); messages[i][sizes[i]] = 0; }
    git_oid tip_of_ledger, *last = NULL, empty;
    git_treebuilder *builder;
    git_tree *nothing;
    check(git_treebuilder_new(&builder, repo, NULL), "tree");
    check(git_treebuilder_write(&empty, builder), "tree");
    check(git_tree_lookup(&nothing, repo, &empty), "tree");
    if (git_reference_name_to_id(&tip_of_ledger, repo, ledger) == 0) last = &tip_of_ledger;

    for (int i = 0; i < count; i++) {
        long long start = now_us(CLOCK_MONOTONIC), work = now_us(CLOCK_PROCESS_CPUTIME_ID);
        long when = 1800000000L + i;
        git_oid tip, id, before;
        git_commit *at;
        git_tree *tree, *next;
        char path[2][256];
        snprintf(path[0], 256, "environments/dev/g000/svc-%05d/kustomization.yaml", first + i);
        snprintf(path[1], 256, "environments/dev/applications/g000/svc-%05d.yaml", first + i);

        for (int r = 0; r < 2; r++) {
            id = commit(repo, nothing, last, messages[r], when);
            if (r == 0 && last) before = *last;
            int begun = last != NULL;
            tip_of_ledger = id;
            last = &tip_of_ledger;
            if (r == 1 || !begun) move_ref(repo, ledger, &id, begun ? &before : NULL), before = id;
        }
        check(git_reference_name_to_id(&tip, repo, branch), branch);
        check(git_commit_lookup(&at, repo, &tip), "tip");
        check(git_commit_tree(&tree, at), "tree");
        git_tree_update updates[2];
        for (int f = 0; f < 2; f++) {
            updates[f].action = GIT_TREE_UPDATE_UPSERT;
            updates[f].filemode = GIT_FILEMODE_BLOB;
            updates[f].path = path[f];
            updates[f].id = exchanged(repo, tree, path[f], f ? "targetRevision: 1.0.0" : "newTag: \"1.0.0\"",
                                      f ? "targetRevision: 1.0.1" : "newTag: \"1.0.1\"");
        }
        check(git_tree_create_updated(&id, repo, tree, 2, updates), "trees");
        check(git_tree_lookup(&next, repo, &id), "tree");
        id = commit(repo, next, &tip, messages[1], when);
        move_ref(repo, branch, &id, &tip);
        git_tree_free(next);
        git_tree_free(tree);
        git_commit_free(at);

        before = *last;
        for (int r = 2; r < 4; r++) {
            id = commit(repo, nothing, last, messages[r], when);
            tip_of_ledger = id;
        }
        move_ref(repo, ledger, &id, &before);
        printf("%lld %lld\n", now_us(CLOCK_MONOTONIC) - start, now_us(CLOCK_PROCESS_CPUTIME_ID) - work);
    }
    return 0;
}
