#!/usr/bin/env bash
# Installs what building and testing gradus need and this machine lacks. Asks nothing; a second run changes nothing.
set -euo pipefail

fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

# --- Swift: looked for, never installed -------------------------------------------------------------------------------

command -v swift >/dev/null || fail "swift is not on the PATH" \
    "install Swift 6.1 or newer from https://www.swift.org/install and run this again"
version=$(swift --version 2>/dev/null </dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
read -r major minor <<<"$version" || true
[[ -n ${minor:-} ]] || fail "\`swift --version\` names no version"
((major > 6 || (major == 6 && minor >= 1))) || fail "swift is $major.$minor; gradus needs 6.1 or newer" \
    "install it from https://www.swift.org/install and run this again"

# --- Libraries and commands -------------------------------------------------------------------------------------------

missing=()
has_library() { command -v pkg-config >/dev/null && pkg-config --exists "$1"; }
command -v pkg-config >/dev/null || missing+=(pkg-config)
command -v git >/dev/null || missing+=(git)
command -v faketime >/dev/null || missing+=(faketime) # tests of soak times move the clock with it
command -v jq >/dev/null || missing+=(jq) # the CI kits use it
command -v gpg >/dev/null || missing+=(gnupg) # signatures
command -v ssh-keygen >/dev/null || missing+=(openssh-client)
[[ -x /usr/sbin/sshd ]] || missing+=(openssh-server)  # tests start one of their own
[[ -x /usr/sbin/apache2 ]] || missing+=(apache2-bin) # the same; this package has no service
# The tests run the system's Python, whatever the user's PATH says.
has_module() { PATH=/usr/local/bin:/usr/bin:/bin python3 -c "import $1" 2>/dev/null; }
has_module yaml || missing+=(python3-yaml) # a second parser that judges edits
has_module jsonschema || missing+=(python3-jsonschema) # a validator that judges our schemas
command -v hyperfine >/dev/null || missing+=(hyperfine) # the small form of the benchmarks, with the two below
has_module git || missing+=(python3-git)
has_module ruamel.yaml || missing+=(python3-ruamel.yaml)
command -v prometheus >/dev/null || missing+=(prometheus) # tests of health ask a real one
command -v openssl >/dev/null || missing+=(openssl)       # tests of HTTPS make their certificates with it
has_library libgit2 || missing+=(libgit2-dev)
has_library expat || missing+=(libexpat1-dev)
[[ -e /usr/share/zoneinfo/Europe/Berlin ]] || missing+=(tzdata) # windows are written in local times
has_library yaml-0.1 || missing+=(libyaml-dev)
has_library sqlite3 || missing+=(libsqlite3-dev)

if ((${#missing[@]})); then
    command -v apt-get >/dev/null || fail "missing: ${missing[*]}" \
        "this machine has no apt-get; install them (names as in Debian) with its package manager and run this again"
    as_root=()
    if [[ $(id -u) != 0 ]]; then
        { command -v sudo && sudo -n true; } >/dev/null 2>&1 || fail "missing: ${missing[*]}" \
            "run as root: apt-get update && apt-get install -y ${missing[*]}"
        as_root=(sudo -n)
    fi
    echo "setup: installing ${missing[*]}"
    # No service is started: an exit of 101 forbids it (policy-rc.d(8)). One that is there already stands.
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
        trap '"${as_root[@]}" rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
    fi
    # `env`, because sudo drops variables that are set before it.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "${missing[@]}" </dev/null
    # A later start of the machine must not start it either.
    if [[ " ${missing[*]} " == *" prometheus "* ]] && command -v systemctl >/dev/null; then
        "${as_root[@]}" systemctl disable prometheus >/dev/null 2>&1 || true
    fi
fi

pkg-config --atleast-version=1.5 libgit2 ||
    fail "libgit2 is $(pkg-config --modversion libgit2); gradus needs 1.5 or newer (Debian 12, Ubuntu 23.04)"
echo "setup: swift $major.$minor, libgit2 $(pkg-config --modversion libgit2), libyaml $(pkg-config --modversion yaml-0.1)"
