#!/usr/bin/env bash
# Runs what the pages of the documentation tell people to type.
#
#   scripts/run-docs.sh PAGE…        GRADUS_BIN names the binary; default: .build/debug/gradus
#
# All ```sh blocks of a page run one after the other in one shell, in a new temporary folder. A page chooses what it starts
# from with <!-- scene: NAME --> (scripts/doc-scenes/NAME.sh; `sample` by default). A command that is meant to end with
# another code than 0 says so: `gradus promote checkout --to prod   # exit 8: an approval is missing`. A block after
# <!-- not run: WHY --> is left out.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
gradus=$(realpath "${GRADUS_BIN:-$project/.build/debug/gradus}")
(($#)) || { echo "run-docs: name the pages" >&2; exit 2; }

# blocks PAGE: the commands, with a check behind those that name their exit code.
blocks() {
    awk '
        /^<!-- not run:/ { skip = 1 }
        /^ *```sh$/ { indent = index($0, "`") - 1; if (skip) skip = 0; else on = 1; next }
        /^ *```/ { on = 0; next }
        on { $0 = substr($0, 1, indent) ~ /^ *$/ ? substr($0, indent + 1) : $0 }
        on && match($0, / +# exit [0-9]+/) {
            code = substr($0, RSTART, RLENGTH); sub(/.*# exit /, "", code)
            print "code=0; " substr($0, 1, RSTART - 1) " || code=$?; expect " code " $code"
            next
        }
        on { print }
    ' "$1"
}

run_page() {
    local page=$1 place scene
    scene=$(sed -nE 's/^<!-- scene: ([a-z-]+) -->$/\1/p' "$page" | head -n 1)
    place=$(mktemp -d "${TMPDIR:-/tmp}/gradus-docs.XXXXXX")
    mkdir "$place/bin" "$place/home" "$place/run"
    ln -s "$gradus" "$place/bin/gradus"
    {
        echo 'expect() { (($1 == $2)) || { echo "expected exit $1, got $2" >&2; exit 1; }; }'
        cat "$project/scripts/doc-scenes/${scene:-sample}.sh"
        echo 'export PS4="+ "; set -x'
        blocks "$page"
    } >"$place/script"
    if (cd "$place/run" && env -i PATH="$place/bin:/usr/local/bin:/usr/bin:/bin" HOME="$place/home" TZ=UTC LANG=C.UTF-8 \
        XDG_CACHE_HOME="$place/home/cache" PROJECT="$project" GIT_CONFIG_SYSTEM=/dev/null bash -euo pipefail "$place/script" </dev/null) \
        >"$place/log" 2>&1; then
        echo "ok      ${page#"$project"/}: $(blocks "$page" | grep -c . || true) lines"
        rm -rf "$place"
    else
        echo "FAILED  ${page#"$project"/}: the last lines were"
        tail -n 25 "$place/log" | sed 's/^/    /'
        rm -rf "$place"
        return 1
    fi
}

failed=0
for page in "$@"; do run_page "$(realpath "$page")" || failed=1; done
exit $failed
