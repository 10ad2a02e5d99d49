#!/usr/bin/env bash
# Shows that the simulation bites: plants one fault at a time into a copy of the engine and expects the simulation to find it.
# Usage: scripts/mutants.sh [NAME...]. SEEDS (default 1..400) are those that each faulty engine has to survive.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
seeds=${SEEDS:-1..400}
copy=${MUTANTS_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/gradus-mutants.XXXXXX")}
engine=Sources/PromotionEngine

fresh() { tar -C "$project" --exclude=./.build --exclude=./.git -cf - . | tar -C "$copy" -xf -; }

build() { (cd "$copy" && swift build --product simulate </dev/null >build.log 2>&1); }

# The folder of built files is copied once, so that only what a fault touches is built again.
if [[ ! -d $copy/.build && -d $project/.build ]]; then
    cp -a "$project/.build" "$copy/.build"
    rm -rf "$copy"/.build/*/{debug,release}/ModuleCache
fi
fresh
build || { cat "$copy/build.log" >&2; exit 1; }
"$copy/.build/debug/simulate" --seeds "$seeds" >/dev/null || { echo "mutants: the engine itself breaks a rule" >&2; exit 1; }

wanted=("$@")
caught=0 survived=()

# mutant NAME FILE OLD NEW: OLD must stand in FILE exactly once.
mutant() {
    local name=$1 file=$engine/$2 old=$3 new=$4 found
    if ((${#wanted[@]})) && [[ " ${wanted[*]} " != *" $name "* ]]; then return; fi
    cp "$project/$file" "$copy/$file"
    OLD=$old NEW=$new perl -0pi -e '$n = s/\Q$ENV{OLD}\E/$ENV{NEW}/g; END { exit($n == 1 ? 0 : 1) }' "$copy/$file" ||
        { echo "mutants: $name does not apply to $file once" >&2; exit 1; }
    if ! build; then
        grep -m 3 'error:' "$copy/build.log" >&2 || true
        echo "mutants: $name does not build" >&2
        exit 1
    fi
    if found=$(timeout 300 "$copy/.build/debug/simulate" --seeds "$seeds" 2>&1); then
        survived+=("$name")
        echo "SURVIVED $name"
    else
        caught=$((caught + 1))
        echo "caught   $name: $(head -n 1 <<<"$found")"
    fi
    # Later than the mutant, so that it is built again.
    cp "$project/$file" "$copy/$file"
}

# --- What may be entered ----------------------------------------------------------------------------------------------
mutant threshold-is-not-asked Evaluation/Evaluator+evidence.swift \
    'let holds = comparison.holds(order)' 'let holds = comparison.holds(order) || true'
mutant first-evidence-counts Evaluation/Evaluator+evidence.swift \
    'guard let latest = attempts.last else' 'guard let latest = attempts.first else'
mutant waiting-passes Evaluation/Gate.swift \
    'if contains(where: { $0.verdict == .waiting }) { return .waiting }' ''
mutant failed-upstream-passes Evaluation/Evaluator.swift \
    'case .succeeded: continue' 'case .succeeded, .failed: continue'
mutant soak-is-not-awaited Evaluation/Evaluator+health.swift \
    'if healthy >= span, stay.healthySince != nil {' 'if stay.healthySince != nil {'
mutant ill-health-does-not-reset State/Stay.swift \
    'guard observation.status == .healthy else { break }' 'guard observation.status == .healthy else { continue }'
mutant health-of-another-promotion-counts State/LedgerState.swift \
    'cell.adopted ? health.baseline : health.promotion == cell.stay.promotion' 'true'
# --- Who says yes -----------------------------------------------------------------------------------------------------
mutant requester-approves Evaluation/Evaluator+approval.swift \
    'if rule.forbid.contains(.requester), opinion.person == requester {' 'if false {'
mutant anybody-approves Evaluation/Evaluator+approval.swift \
    'guard rule.from.isEmpty || (rule.from' 'guard true || (rule.from'
mutant approval-of-another-plan-counts Evaluation/Evaluator+approval.swift \
    '$0.stage == stage.name && $0.planDigest == planDigest && $0.digest' '$0.stage == stage.name && $0.digest'
mutant one-approval-is-enough Evaluation/Evaluator+approval.swift \
    'let short = rule.minimum -' 'let short = 1 -'
mutant rejection-is-ignored Evaluation/Evaluator+approval.swift \
    'if let no = standing(release.rejections).first {' 'if let no = standing(release.rejections).first, now.seconds < 0 {'
# --- Automation -------------------------------------------------------------------------------------------------------
mutant automation-goes-back Planning/VersionChoice.swift \
    'return isNewer(version, than: present)' 'return true'
mutant automation-enters-again Planning/VersionChoice.swift \
    'release.outcomes[stage.name] == nil' 'true'
mutant overtaken-automation-goes-on Conductor/Conductor+reconcile.swift \
    'if try isOvertaken(open, cell, state, context) {' 'if false, try isOvertaken(open, cell, state, context) {'
# --- Once, and by the plan --------------------------------------------------------------------------------------------
mutant own-commit-is-not-looked-for Conductor/Conductor+deliver.swift \
    'if let carried {' 'if let carried, carried.isEmpty {'
mutant admission-never-lapses Conductor/Conductor+deliver.swift \
    'return pace.now - admission.at > Self.admissionLapse' 'return pace.now - admission.at > .days(3_000)'
mutant another-plan-is-delivered Conductor/Conductor+deliver.swift \
    'if digest != promotion.planDigest {' 'if digest.isEmpty {'
mutant two-plans-for-one-file Conductor/Conductor+deliver.swift \
    'if !delivery.plan.touches(files) {' 'if true {'
mutant ledger-is-not-read-before-the-push Conductor/Conductor+deliver.swift \
    'filter { ids.contains($0.id) && $0.phase == .admitted }' 'filter { ids.contains($0.id) }'
mutant delivery-is-not-recorded Conductor/Conductor+deliver.swift \
    'guard try record(delivered, context.rules, &snapshot, &endings) else { return nil }' 'if delivered.count > 1 { guard try record(delivered, context.rules, &snapshot, &endings) else { return nil } }'
mutant admitted-is-not-finished-first Conductor/Conductor+settle.swift \
    'if open.phase == .admitted {' 'if open.phase == .verifying {'
mutant second-promotion-beside-the-first Planning/PromotionDecision.swift \
    'if let open, standing == nil {' 'if let open, standing == nil, open.version.isEmpty {'
# --- What others did --------------------------------------------------------------------------------------------------
mutant change-by-hand-is-overwritten Conductor/Conductor+external.swift \
    'if cell.stands(in: observed) { return [] }' 'if cell.stands(in: observed) || cell.isExternal || true { return [] }'
mutant change-is-hidden-by-a-withdrawal Conductor/Conductor+external.swift \
    'if state.undelivered(stage.name)?.phase == .admitted { return [] }' 'if let open = state.undelivered(stage.name), open.phase == .admitted || open.withdrawnBase != nil { return [] }'
mutant late-commit-is-not-looked-for Conductor/Conductor+settle.swift \
    'guard let base = promotion.withdrawnBase else { return nil }' 'guard let base = promotion.withdrawnBase, base.isEmpty else { return nil }'
# --- What is kept -----------------------------------------------------------------------------------------------------
mutant withdrawal-is-forgotten State/LedgerState.swift \
    'promotion.phase = .pending' 'promotion.phase = .admitted'
mutant checkpoint-forgets-the-withdrawn-base State/State+checkpoint.swift \
    'members.set("withdrawn_base", withdrawnBase)' ''
mutant checkpoint-forgets-rejections State/State+checkpoint.swift \
    '"rejections": .array(rejections.map(\.json)),' '"rejections": .array([]),'
mutant lost-append-is-taken-for-done Conductor/Conductor.swift \
    'else { return nil }
            for record in records' 'else { return [] }
            for record in records'

echo "$caught caught, ${#survived[@]} survived"
((${#survived[@]} == 0))
