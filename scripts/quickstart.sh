#!/usr/bin/env bash
# Promotes one release of the sample through all four stages, on a real repository with a bare origin in a new
# temporary folder, and leaves the folder for a look. GRADUS_BIN names the binary; `make quickstart` builds it.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
gradus=$(realpath -- "${GRADUS_BIN:-$project/.build/release/gradus}")
[[ -x $gradus ]] || { echo "quickstart: no binary at $gradus; run \`make quickstart\`" >&2; exit 1; }

place=$(mktemp -d "${TMPDIR:-/tmp}/gradus-quickstart.XXXXXX")

# Nothing of the caller's configuration counts here, and nothing of it is touched.
for name in $(compgen -e); do
    case $name in GRADUS_* | GIT_* | GITHUB_* | GITLAB_* | BUILDKITE_* | BUILD_USER_ID) unset "$name" ;; esac
done
export HOME=$place/home XDG_CONFIG_HOME=$place/home/.config XDG_CACHE_HOME=$place/home/.cache
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null GIT_PAGER=cat
mkdir "$HOME"

# --- How a step is shown ----------------------------------------------------------------------------------------------

bold='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then bold=$'\e[1m' plain=$'\e[0m'; fi

number=0
step() {
    number=$((number + 1))
    printf '\n%s== %d. %s%s\n' "$bold" "$number" "$*" "$plain"
}

# echoed NAME ARGUMENT...: the command line as a person would type it.
echoed() {
    local argument line=$1
    for argument in "${@:2}"; do
        [[ $argument == *[!A-Za-z0-9_./:=@,-]* ]] && argument="'$argument'"
        line+=" $argument"
    done
    printf '\n%s$ %s%s\n' "$bold" "$line" "$plain"
}

# run EXIT ARGUMENT...: runs gradus, which must end with EXIT.
run() {
    local expected=$1 code=0
    shift
    echoed gradus "$@"
    "$gradus" "$@" 2>&1 || code=$?
    if ((code != expected)); then
        printf '\nquickstart: expected exit %d, got %d; the repository is left in %s\n' "$expected" "$code" "$place" >&2
        exit 1
    fi
    if ((code != 0)); then echo "(exit $code)"; fi
}

# --- The story --------------------------------------------------------------------------------------------------------

step "Make a GitOps repository from the sample, with a bare origin. The sample's people are invented."
mkdir "$place/seed"
cp -R "$project/workflows" "$project/environments" "$project/templates" "$place/seed"
git -C "$place/seed" init -q -b main
git -C "$place/seed" add -A
git -C "$place/seed" -c user.name='Quickstart' -c user.email=quickstart@example.com commit -q -m 'BookVerse as it runs today'
git init -q --bare -b main "$place/origin.git"
git -C "$place/seed" push -q "$place/origin.git" main
rm -rf "$place/seed"
git clone -q "$place/origin.git" "$place/work"
cd "$place/work"
git config user.name 'A Visitor' && git config user.email visitor@example.com
echo "$place/origin.git and its clone $place/work"

step "Check the workflow, and that every value it promotes is where it says."
run 0 validate

step "What is where? The versions are read from the files; * was never promoted by Gradus."
run 0 matrix

step "The build of checkout 1.4.2 is done: register it, as a CI job would. Sam wrote the change."
run 0 release create checkout 1.4.2 --image registry.example/bookverse/checkout:1.4.2 --author sam --actor ci-bot

step "The tests have run: post what they found, as evidence for leaving dev."
run 0 report checkout 1.4.2 test_pass_rate=100 code_coverage=91.4 security_scan=pass --actor ci-bot

step "Dev and qa are automatic: one reconcile carries the release through both."
run 0 reconcile --actor ci-bot

step "Post what qa found, and go on to staging by hand, as Rita, a release manager."
run 0 report checkout 1.4.2 integration_tests=pass smoke_tests=pass --actor ci-bot
run 0 promote checkout --to staging --actor rita

step "Why is it not in prod?"
run 0 explain checkout --to prod

step "Two of the three answers come from outside: load tests, and the change advisory board."
run 0 report checkout 1.4.2 performance_baseline=met --actor ci-bot
run 0 report checkout 1.4.2 change_advisory=approved --actor cab

step "Rita asks for prod. Nothing is refused, but an approval is missing: exit 8 says pending."
run 8 promote checkout --to prod --reason 'faster basket' --actor rita

step "Rita may not approve what she asked for, nor Sam what he wrote. Olga of the platform team may."
run 4 approve checkout@prod --actor rita
run 0 approve checkout@prod --reason 'read the diff' --actor olga

step "Now every gate holds."
run 0 promote checkout --to prod --actor rita

step "What is where now?"
run 0 matrix
"$gradus" matrix --no-color | grep -qE '^checkout( +1\.4\.2){4} *$' ||
    { echo "quickstart: the matrix does not show 1.4.2 in all four stages; see $place" >&2; exit 1; }

step "The deploy commit on the origin: only the declared values changed, and the trailers say why."
echoed git -C ../origin.git show main
git -C ../origin.git show main

step "The ledger: everything that happened, in order. It is a branch of the same repository."
run 0 history

step "Check the whole ledger: every hash, every sentence, and the state folded again from the start."
run 0 audit verify

cat <<END

${bold}Done.${plain} The repository is yours to look at, and to delete:
  cd $(printf %q "$place")/work
  $(printf %q "$gradus") status
  git fetch -q && git log --format='%h %an: %s' origin/gradus/ledger/000001
END
