#!/usr/bin/env bash
# Builds everything and runs all tests. Fails on a warning in this package's own sources, and when no test ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT

swift build --build-tests -Xswiftc -warnings-as-errors

if ! swift test --skip-build -Xswiftc -warnings-as-errors 2>&1 | tee "$log"; then
    echo "--- what failed" >&2
    grep -E '^(✘|.*error:)' "$log" >&2 || true
    exit 1
fi
grep -qE 'Test run with [1-9][0-9]* tests?.* passed' "$log" || {
    echo "test: no test ran" >&2
    exit 1
}
