#!/usr/bin/env bash
# Builds the editor with optimisation and prints how its time grows with the file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

place=.build/bench-edit
mkdir -p "$place"
flags=(-O -parse-as-library -swift-version 6 -wmo -Xcc "-fmodule-map-file=$PWD/Sources/CLibYAML/module.modulemap" -I "$place")
for feature in ExistentialAny MemberImportVisibility InternalImportsByDefault; do
    flags+=(-enable-upcoming-feature "$feature")
done
find Sources/YAMLEdit -name '*.swift' -print0 | sort -z | xargs -0 swiftc "${flags[@]}" -module-name YAMLEdit \
    -emit-module -emit-module-path "$place/YAMLEdit.swiftmodule" -emit-object -o "$place/YAMLEdit.o"
swiftc "${flags[@]}" -module-name EditBenchmark Benchmarks/EditBenchmark/EditBenchmark.swift "$place/YAMLEdit.o" -lyaml \
    -o "$place/edit-benchmark"
exec "$place/edit-benchmark"
