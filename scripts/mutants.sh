#!/usr/bin/env bash
# Shows that the simulation bites: plants one fault at a time into a copy of the engine and expects the simulation to find it.
# Usage: scripts/mutants.sh [NAME...]. SEEDS (default 1..400) are those that each faulty engine has to survive.
# MUTANTS_BUILD=release builds longer and plays ten times as fast: for thousands of seeds.
# The copy stays in MUTANTS_DIR (default .build/mutants), so that a second run builds only what a fault touches.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$PWD
seeds=${SEEDS:-1..400}
copy=${MUTANTS_DIR:-$project/.build/mutants}
configuration=${MUTANTS_BUILD:-debug}
engine=Sources/PromotionEngine

# Only what the simulation needs: the copy is a package of its own.
modules=(CLibYAML Patterns YAMLEdit Expressions WorkflowModel PromotionEngine)
mkdir -p "$copy/Crypto"
# The simulation needs hashes that differ, not such that nobody can forge; building the real ones would take most of the time.
cat >"$copy/Crypto/SHA256.swift.new" <<'END'
public enum SHA256 {
    public static func hash(data: [UInt8]) -> [UInt8] {
        (UInt64(1)...4).flatMap { lane -> [UInt8] in
            var value = lane &* 0x9E37_79B9_7F4A_7C15
            for byte in data {
                value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
                value ^= value >> 29
            }
            return (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
    }
}
END
cmp -s "$copy/Crypto/SHA256.swift.new" "$copy/Crypto/SHA256.swift" || cp "$copy/Crypto/SHA256.swift.new" "$copy/Crypto/SHA256.swift"
rm "$copy/Crypto/SHA256.swift.new"
cat >"$copy/Package.swift.new" <<'END'
// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = ["ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault"].map { .enableUpcomingFeature($0) }

let package = Package(
    name: "mutants",
    targets: [
        .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1"),
        .target(name: "Crypto", path: "Crypto"),
        .target(name: "Patterns", swiftSettings: strict),
        .target(name: "YAMLEdit", dependencies: ["CLibYAML", "Patterns"], swiftSettings: strict),
        .target(name: "Expressions", dependencies: ["Patterns"], swiftSettings: strict),
        .target(name: "WorkflowModel", dependencies: ["YAMLEdit", "Expressions", "Patterns"], swiftSettings: strict),
        .target(
            name: "PromotionEngine",
            dependencies: ["WorkflowModel", "Expressions", "Patterns", "Crypto"], swiftSettings: strict),
        .target(
            name: "Simulation", dependencies: ["PromotionEngine", "WorkflowModel"], path: "Tests/Simulation", swiftSettings: strict),
        .executableTarget(name: "simulate", dependencies: ["Simulation"], path: "Tests/SimulationRunner", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
END
cmp -s "$copy/Package.swift.new" "$copy/Package.swift" || cp "$copy/Package.swift.new" "$copy/Package.swift"
# Times are kept, so that only what has changed since the last run is built again.
tar -cf - "${modules[@]/#/Sources/}" Tests/Simulation Tests/SimulationRunner | tar -C "$copy" -xf -
# Faults that an interrupted run left, and files that are gone from the project.
while IFS= read -r file; do
    if [[ ! -e $file ]]; then rm "$copy/$file"; elif ! cmp -s "$file" "$copy/$file"; then cp "$file" "$copy/$file"; fi
done < <(cd "$copy" && find Sources Tests -type f)

build() { (cd "$copy" && swift build -c "$configuration" --product simulate </dev/null >build.log 2>&1); }
# A faulty engine may ask for memory without end.
play() { (ulimit -v "${MUTANT_KILOBYTES:-3000000}"; exec timeout "${MUTANT_SECONDS:-600}" "$copy/.build/$configuration/simulate" --seeds "$seeds" --whole 2>&1); }

build || { cat "$copy/build.log" >&2; exit 1; }
play >/dev/null || { echo "mutants: the engine itself breaks a rule, or does not end" >&2; exit 1; }

wanted=("$@")
caught=0 survived=() undecided=()

# mutant NAME OLD NEW: OLD must stand in the engine exactly once, in whatever file and however its lines are broken.
mutant() {
    local name=$1 old=$2 new=$3 found status=0 file
    if ((${#wanted[@]})) && [[ " ${wanted[*]} " != *" $name "* ]]; then return; fi
    # The file is told on stdout, and what went wrong on stderr.
    if ! file=$(cd "$copy" && find "$engine" -name '*.swift' | sort | OLD=$old NEW=$new perl -e '
        my $pattern = join("\\s+", map { quotemeta } split(/\s+/, $ENV{OLD}));
        my ($count, $where, $text) = (0);
        while (my $path = <STDIN>) {
            chomp $path;
            open(my $in, "<", $path) or die "$path: $!";
            my $content = do { local $/; <$in> };
            my $here = () = $content =~ /$pattern/g;
            ($where, $text) = ($path, $content) if $here;
            $count += $here;
        }
        if ($count != 1) { print STDERR "it stands $count times in the engine\n"; exit 1 }
        open(my $kept, ">", "original") or die "original: $!";
        print $kept $text;
        close($kept);
        $text =~ s/$pattern/$ENV{NEW}/;
        open(my $out, ">", $where) or die "$where: $!";
        print $out $text;
        print $where;' 2>"$copy/apply.log"); then
        undecided+=("$name")
        echo "STALE    $name: $(head -n 1 "$copy/apply.log")"
        return
    fi
    if build; then
        found=$(play) || status=$?
        case $status in
            0) survived+=("$name"); echo "SURVIVED $name" ;;
            1) caught=$((caught + 1)); echo "caught   $name: $(head -n 1 <<<"$found")" ;;
            124) undecided+=("$name"); echo "ENDLESS  $name: nothing was found in time" ;;
            *) undecided+=("$name"); echo "CRASHED  $name: exit $status" ;;
        esac
    else
        undecided+=("$name")
        echo "UNBUILT  $name: $(grep -m 1 'error:' "$copy/build.log")"
    fi
    # Later than the mutant, so that it is built again.
    cp "$copy/original" "$copy/$file"
}

# --- What may be entered ----------------------------------------------------------------------------------------------
mutant threshold-is-not-asked 'return comparison.holds(order) ? (.passed' 'return comparison.holds(order) || true ? (.passed'
mutant first-evidence-counts 'latest = attempts.last' 'latest = attempts.first'
mutant waiting-passes '[.failed, .errored, .waiting].first(where: asked.contains)' '[.failed, .errored].first(where: asked.contains)'
mutant failed-upstream-passes 'case .succeeded: continue' 'case .succeeded, .failed: continue'
mutant rolled-back-upstream-passes 'case .rolledBack: return draft.gate(' 'case .rolledBack:
                continue
                return draft.gate('
mutant soak-is-not-awaited 'if healthy >= span, stay.healthySince != nil {' 'if stay.healthySince != nil {'
mutant ill-health-does-not-reset 'guard observation.status == .healthy else { break }' 'guard observation.status == .healthy else { continue }'
mutant health-of-another-promotion-counts 'cell.adopted ? health.baseline : health.promotion == cell.stay.promotion' 'true'
# --- Who says yes -----------------------------------------------------------------------------------------------------
mutant requester-approves 'if rule.forbid.contains(.requester), opinion.person == requester {' 'if false {'
mutant anybody-approves 'guard rule.from.isEmpty || (rule.from' 'guard true || (rule.from'
mutant approval-of-another-plan-counts '$0.stage == stage.name && $0.planDigest == planDigest && $0.digest' '$0.stage == stage.name && $0.digest'
mutant one-approval-is-enough 'let short = rule.minimum -' 'let short = 1 -'
mutant rejection-is-ignored 'if let no = standing(release.rejections).first {' 'if let no = standing(release.rejections).first, now.seconds < 0 {'
mutant withdrawn-approval-counts 'case .approvalWithdrawn(let decision): retract(decision, record, from: \.approvals)' 'case .approvalWithdrawn: break'
mutant permissions-are-not-asked 'guard let objection = people.objection(to: action, by: initiator.id, service: service, stage: stage?.name) else {' 'guard let objection = people.objection(to: action, by: initiator.id, service: service, stage: stage?.name), service.name.isEmpty else {'
# --- Freezes, holds, yanks --------------------------------------------------------------------------------------------
mutant freeze-is-ignored 'let active = covering.filter { $0.isActive(at: now) } guard let first' 'let active = covering.filter { _ in false }
        guard let first'
mutant freeze-of-a-stage-only 'freezes.filter { $0.scope.covers(workflow: workflow.name, stage: stage.name, service: service.name) }' 'freezes.filter { $0.scope.stage == stage.name }'
mutant freeze-ends-with-the-first 'case .freezeRemoved(let removed): freezes.removeAll { $0.id == removed.id }' 'case .freezeRemoved: freezes.removeAll()'
mutant freeze-never-ends 'let active = covering.filter { $0.isActive(at: now) } guard let first' 'let active = covering.filter { $0.start <= now }
        guard let first'
mutant freeze-begins-at-its-end 'let active = covering.filter { $0.isActive(at: now) } guard let first' 'let active = covering.filter { ($0.until ?? $0.start) <= now }
        guard let first'
mutant freeze-lets-rollbacks-through 'Restrictions(freezes: snapshot.state.freezes.filter(\.includesRollbacks))' 'Restrictions()'
mutant checkpoint-forgets-freezes '"freezes": state.freezes.isEmpty ? .null : .array(state.freezes.map { .object($0.members) }),' ''
mutant hold-is-ignored 'let active = state.holds.filter { $0.stage == stage.name && $0.isActive(at: now) }' 'let active = state.holds.filter { $0.stage == stage.name && $0.isActive(at: now) && now.seconds < 0 }'
mutant hold-with-an-end-is-none 'public func isActive(at time: Instant) -> Bool { until.map { time < $0 } ?? true }' 'public func isActive(at time: Instant) -> Bool { until == nil }'
mutant yanked-goes-on 'if let yanked = yankGate() { gates.append(yanked) }' ''
# --- Rollback ---------------------------------------------------------------------------------------------------------
mutant rollback-ignores-holds 'present.holds.removeAll { $0.rollback != nil }' 'present.holds.removeAll()'
mutant rollback-and-its-hold-are-strangers 'until: nil, rollback: subject.promotion)))' 'until: nil, rollback: nil)))'
mutant rollback-to-what-failed 'release.isVerified(in: stage.name) && release.finishedStays' 'release.finishedStays'
mutant rollback-to-what-was-yanked '[evaluator.freezeGate(), evaluator.holdGate()] + [evaluator.yankGate()].compactMap(\.self)' '[evaluator.freezeGate(), evaluator.holdGate()]'
mutant rolled-back-is-not-marked 'close(closed, .rolledBack)' ''
mutant rollback-is-carried-on-by-automation 'if open.trigger.putsBack { return (facts, nil) }' ''
# --- Automation -------------------------------------------------------------------------------------------------------
mutant automation-goes-back 'return isNewer(version, than: present)' 'return true'
mutant automation-enters-again 'release.finishedStays[stage.name] == nil, release.outcomes[stage.name] == nil' 'true'
mutant overtaken-automation-goes-on 'if try isOvertaken(open, cell, state, context) {' 'if false, try isOvertaken(open, cell, state, context) {'
# --- Past gates, in turn, in time -------------------------------------------------------------------------------------
mutant glass-of-another-plan 'standing?.breakGlass.flatMap { $0.planDigest == planDigest ? $0 : nil }' 'standing?.breakGlass'
mutant glass-breaks-every-gate 'glass?.gates.contains(gate.id) == true && gate.verdict' 'glass != nil && gate.verdict'
mutant glass-opens-no-review 'guard !skipped.isEmpty else { return }' 'guard skipped.count > 1 else { return }'
mutant breaker-closes-the-review 'let broke = review.by == initiator.id ?' 'let broke = review.by.isEmpty ?'
mutant checkpoint-forgets-reviews '"reviews": state.reviews.isEmpty ? .null : .array(state.reviews.map(\.json)),' ''
mutant what-skipped-stages-is-lost 'let lost = owed.filter { !release.release.contains.contains($0.version) }' 'let lost = owed.filter { _ in false }'
mutant queue-does-not-wait-its-turn 'let before = queue.filter {' 'let before = queue.filter { _ in false }.filter {'
mutant queue-goes-on-while-verifying 'if let verifying = state.verifying(stage.name), verifying.version != release.version {' 'if let verifying = state.verifying(stage.name), verifying.version.isEmpty {'
mutant manual-queue-gives-way 'let open = state.undelivered(stage.name), open.version != release.version {' 'let open = state.undelivered(stage.name), open.version.isEmpty {'
mutant older-releases-starve 'guard stage.autoPromote, stage.queue == .latest else { return false }' 'guard stage.autoPromote, stage.queue == .all else { return false }'
mutant nothing-expires 'if pace.now - open.requestedAt > cell.workflow.pendingExpires {' 'if pace.now - open.requestedAt > .days(4_000) {'
mutant everything-expires-early 'if pace.now - open.requestedAt > cell.workflow.pendingExpires {' 'if pace.now - open.requestedAt > .minutes(20) {'
# --- Health and failure -----------------------------------------------------------------------------------------------
mutant verified-at-once 'return healthy >= policy.verifyFor' 'return healthy >= .seconds(0)'
mutant one-ill-look-is-enough 'if failed >= checks.count {' 'if failed >= 1 {'
mutant no-answer-is-illness 'if latest.isErrored { return .watching(' 'if latest.isErrored, latest.isTriggered { return .watching('
mutant failure-is-not-held 'return ([failed, hold(closed, stage, nextSeq, closed.reason)], nil)' 'return ([failed], nil)'
mutant rollback-is-rolled-back 'if promotion.trigger == .rollback { return (' 'if promotion.trigger == .automation, promotion.version.isEmpty { return ('
mutant rollback-that-nobody-asked-for 'let wantsRollback = stage.onFailure == .rollback ||' 'let wantsRollback = stage.onFailure != .none ||'
mutant failure-is-decided-without 'if facts.contains(where: { $0.mayCloseGates(in: cell.workflow) }) { return (facts, nil) }' ''
mutant health-is-decided-without 'if step.facts.contains(where: { $0.mayCloseGates(in: cell.workflow) }) { touched.insert(cell.service.name) }' ''
mutant restored-in-a-freeze 'if gates.overall != .passed || dryRun {' 'if dryRun {'
mutant withdrawn-restore-is-a-promotion 'let standing = open.flatMap { $0.version == release.version && !$0.trigger.putsBack ? $0 : nil }' 'let standing = open.flatMap { $0.version == release.version ? $0 : nil }'
# --- Once, and by the plan --------------------------------------------------------------------------------------------
mutant own-commit-is-not-looked-for 'if let carried {' 'if let carried, carried.isEmpty {'
mutant own-commit-below-a-conflict-is-lost 'guard let landed else { throw error }' 'guard let landed, landed.id.isEmpty else { throw error }'
mutant admission-never-lapses 'return pace.now - admission.at > Self.admissionLapse' 'return pace.now - admission.at > .days(3_000)'
mutant another-plan-is-delivered 'if digest != promotion.planDigest {' 'if digest.isEmpty {'
mutant two-plans-for-one-file '$0.intent.stage.branch == branch && !$0.plan.touches(files) })' '$0.intent.stage.branch == branch })'
mutant ledger-is-not-read-before-the-push 'promotion.phase == .admitted && (ids.contains(promotion.id)' '(ids.contains(promotion.id)'
mutant delivery-is-not-recorded 'guard try record(round.delivered, context.rules, &snapshot, &endings) else { return nil }' 'if round.delivered.count > 1 { guard try record(round.delivered, context.rules, &snapshot, &endings) else { return nil } }'
mutant admitted-is-not-finished-first 'if open.phase == .admitted { guard case .failed' 'if open.phase == .verifying {
            guard case .failed'
mutant second-promotion-beside-the-first 'if let open, standing == nil {' 'if let open, standing == nil, open.version.isEmpty {'
# --- What others did --------------------------------------------------------------------------------------------------
mutant change-by-hand-is-overwritten 'if cell.stands(in: observed) { return [] }' 'if cell.stands(in: observed) || cell.isExternal || true { return [] }'
mutant change-is-hidden-by-a-withdrawal 'if state.undelivered(stage.name)?.phase == .admitted { return [] }' 'if let open = state.undelivered(stage.name), open.phase == .admitted || open.withdrawnBase != nil { return [] }'
mutant late-commit-is-not-looked-for 'guard let base = promotion.withdrawnBase, promotion.proposal == nil else { return nil }' 'guard let base = promotion.withdrawnBase, base.isEmpty else { return nil }'
mutant what-has-landed-is-a-baseline '$0.admission != nil || $0.withdrawnBase != nil || $0.proposal != nil ? $0 : nil' '$0.version.isEmpty ? $0 : nil'
# --- What is at rest --------------------------------------------------------------------------------------------------
mutant what-is-under-way-is-at-rest 'if state.isUnfinished { return true }' ''
mutant new-records-leave-all-at-rest 'var services = note.restless.union(touched)' 'var services = note.restless'
mutant changed-files-leave-all-at-rest 'services.formUnion(note.services(at: changed.paths))' ''
mutant new-rules-leave-all-at-rest 'guard try desired.rulesID() == note.rules else { return nil }' ''
mutant what-may-enter-later-is-at-rest 'guard cell.stage.autoPromote else { return false }' 'guard cell.stage.autoPromote, cell.service.name.isEmpty else { return false }'
mutant what-is-broken-is-at-rest 'where broken.contains(cell.key) || isRestless(' 'where isRestless('
# --- What is kept -----------------------------------------------------------------------------------------------------
mutant withdrawal-is-forgotten 'promotion.phase = promotion.proposal == nil ? .pending : .proposed' 'promotion.phase = promotion.proposal == nil ? .admitted : .proposed'
mutant checkpoint-forgets-the-withdrawn-base 'members.set("withdrawn_base", withdrawnBase)' ''
mutant checkpoint-forgets-rejections '"rejections": .array(rejections.map(\.json)),' '"rejections": .array([]),'
mutant lost-append-is-taken-for-done 'else { return nil } for record in records' 'else { return [] }
            for record in records'

echo "$caught caught, ${#survived[@]} survived, ${#undecided[@]} undecided, seeds $seeds"
((${#survived[@]} == 0 && ${#undecided[@]} == 0))
