#!/usr/bin/env bash
# Fuzzes the editor, guided by coverage (libFuzzer, which comes with Swift). FUZZ_SECONDS says how long, 60 by default.
# The corpus grows in .build/fuzz/corpus from one run to the next; what breaks the editor is left in .build/fuzz.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

place=.build/fuzz
mkdir -p "$place/corpus"
flags=(-O -g -sanitize=fuzzer,address -parse-as-library -swift-version 6 -wmo
    -Xcc "-fmodule-map-file=$PWD/Sources/CLibYAML/module.modulemap" -I "$place")
for feature in ExistentialAny MemberImportVisibility InternalImportsByDefault; do
    flags+=(-enable-upcoming-feature "$feature")
done
for module in YAMLEdit Manifests; do
    find "Sources/$module" -name '*.swift' -print0 | sort -z | xargs -0 swiftc "${flags[@]}" -module-name "$module" \
        -emit-module -emit-module-path "$place/$module.swiftmodule" -emit-object -o "$place/$module.o"
done
swiftc "${flags[@]}" -module-name EditFuzzer Fuzz/EditFuzzer.swift "$place/YAMLEdit.o" "$place/Manifests.o" -lyaml \
    -o "$place/edit-fuzzer"

# Swift's own crash handler reads memory in ways that the address sanitizer takes for a fault.
export SWIFT_BACKTRACE=enable=no
exec "$place/edit-fuzzer" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 -max_len=2048 \
    -dict=Fuzz/yaml.dict -artifact_prefix="$place/" -print_final_stats=1 "$place/corpus" Fuzz/Seeds
