#!/usr/bin/env bash
# The long form of the tests of durability: many seeds, many rounds, hundreds of kills. `make test` runs the short form.
# SEEDS (default 1..20000) are simulated; everything else is counted in Tests/GradusTests/Reliability.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

swift build --build-tests </dev/null
swift build -c release --product simulate </dev/null

echo "soak: simulation, seeds ${SEEDS:-1..20000}"
"$(swift build -c release --show-bin-path)/simulate" --seeds "${SEEDS:-1..20000}"

echo "soak: real processes, kills, faults of storage and network"
GRADUS_SOAK=1 swift test --skip-build \
    --filter 'ParallelPromotionTests|KillTests|InterruptionTests|RollbackRecoveryTests|RollbackCrashTests|StorageFaultTests|NetworkFaultTests|SilentServerTests|SegmentFetchTests' </dev/null
