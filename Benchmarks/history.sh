#!/usr/bin/env bash
# Measures looking back on a long ledger, beside what git itself needs for the same question, in one run.
#
#   Benchmarks/history.sh [RECORDS]          100000 by default; needs `swift build -c release` of gradus and ledger-generator
#   GRADUS_BENCH_REPO=/path/fleet.git Benchmarks/history.sh      measures a ledger that was generated before
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
records=${1:-100000}
bin=${GRADUS_BIN_FOLDER:-$PWD/.build/release}
place=$(mktemp -d "${TMPDIR:-/tmp}/gradus-history.XXXXXX")
trap 'rm -rf "$place"' EXIT
export HOME=$place XDG_CACHE_HOME=$place/cache GRADUS_ACTOR=bench GIT_CONFIG_SYSTEM=/dev/null

# --- A repository of 20 services in four stages -----------------------------------------------------------------------

if [[ -n ${GRADUS_BENCH_REPO:-} ]]; then
    ln -s "$GRADUS_BENCH_REPO" "$place/fleet.git"
    records=$(git -C "$place/fleet.git" rev-list --count --branches='gradus/ledger/*')
    echo "$records records"
else
mkdir -p "$place/seed/workflows"
{
    echo 'apiVersion: gradus/v1'
    echo 'workflow: fleet'
    printf 'services: ['; seq -f 'service-%g' -s ', ' 0 19 | tr -d '\n'; echo ']'
    echo 'stages:'
    before=
    for stage in dev qa staging prod; do
        echo "  - name: $stage"
        echo '    updates: [{yaml: "environments/'"$stage"'/{service}.yaml", set: {version: "{version}"}}]'
        [[ -z $before ]] || echo "    after: [$before]"
        before=$stage
        mkdir -p "$place/seed/environments/$stage"
        for service in $(seq 0 19); do echo 'version: "1.0.0"' >"$place/seed/environments/$stage/service-$service.yaml"; done
    done
} >"$place/seed/workflows/fleet.yaml"
git -C "$place/seed" init -q -b main
git -C "$place/seed" add -A
GIT_AUTHOR_DATE=2024-12-31T00:00:00Z GIT_COMMITTER_DATE=2024-12-31T00:00:00Z git -C "$place/seed" -c user.name=Bench -c user.email=bench@example.com commit -q -m start
git clone -q --bare "$place/seed" "$place/fleet.git"
git -C "$place/fleet.git" remote remove origin
"$bin/ledger-generator" "$place/fleet.git" "$records"
fi
git -C "$place/fleet.git" gc -q
git -C "$place/fleet.git" count-objects -vH | grep size-pack

# --- Measurements: best of three ---------------------------------------------------------------------------------------

best() { # best NAME COMMAND...
    local name=$1 least='' start end took
    shift
    for _ in 1 2 3; do
        start=$(date +%s%N)
        "$@" >"$place/out" 2>"$place/err" || { echo "$name failed:"; cat "$place/err"; exit 1; }
        end=$(date +%s%N)
        took=$(((end - start) / 1000000))
        if [[ -z $least ]] || ((took < least)); then least=$took; fi
    done
    printf '%-58s %7d ms  %s lines\n' "$name" "$least" "$(wc -l <"$place/out")"
}
gradus() { "$bin/gradus" "$@" --repo "$place/fleet.git"; }
everything() { git -C "$place/fleet.git" log --branches='gradus/ledger/*' --format=%s; }
grepped() { everything | grep 'service-7 .* to prod was delivered' | tail -n 50; }
middle=$(date -u -d "2025-01-01 + $((records / 20 * 9 * 2)) minutes" +%Y-%m-%dT%H:%M:%SZ)

start=$(date +%s%N)
gradus history --limit 1 >/dev/null
printf '%-58s %7d ms\n' 'first build of the index' "$((($(date +%s%N) - start) / 1000000))"
du -h "$XDG_CACHE_HOME"/gradus/history/*.sqlite | cut -f1 | sed 's/^/index: /'
best 'history: the newest 50' gradus history
best 'history --service service-7 --stage prod --type delivered' gradus history --service service-7 --stage prod --type delivered
best 'git log | grep for the same' grepped
best 'git log alone' everything
best 'history --person olga --limit 50' gradus history --person olga --limit 50
best 'matrix' gradus matrix
best "matrix --at $middle" gradus matrix --at "$middle"
best 'status service-7' gradus status service-7
best 'history -o jsonl: all records' gradus history -o jsonl
