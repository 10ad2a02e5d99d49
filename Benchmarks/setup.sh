#!/usr/bin/env bash
# Installs what `make bench` compares with, where it is missing; asks nothing.
set -euo pipefail
missing=()
command -v hyperfine >/dev/null || missing+=(hyperfine)
command -v cc >/dev/null || missing+=(gcc libc6-dev)
command -v readelf >/dev/null || missing+=(binutils)
/usr/bin/python3 -c 'import git' 2>/dev/null || missing+=(python3-git)
/usr/bin/python3 -c 'import ruamel.yaml' 2>/dev/null || missing+=(python3-ruamel.yaml)
((${#missing[@]})) || exit 0
command -v apt-get >/dev/null || { echo "bench: install ${missing[*]} (names as in Debian)" >&2; exit 1; }
as_root=()
[[ $(id -u) == 0 ]] || as_root=(sudo -n)
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" </dev/null
