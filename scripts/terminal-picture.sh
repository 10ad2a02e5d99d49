#!/usr/bin/env bash
# Draws docs/images/terminal.svg from what gradus really prints about the sample.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
gradus=$(realpath "${GRADUS_BIN:-$project/.build/debug/gradus}")
place=$(mktemp -d "${TMPDIR:-/tmp}/gradus-picture.XXXXXX")
trap 'rm -rf "$place"' EXIT
mkdir "$place/bin" "$place/home" "$place/run"
ln -s "$gradus" "$place/bin/gradus"
cat >"$place/script" <<'END'
cd "$1"
source "$PROJECT/scripts/doc-scenes/staging.sh"
gradus promote checkout --to prod --reason 'faster basket' >/dev/null 2>&1 || true
export COLUMNS=100 FORCE_COLOR=1
type_in() { printf '\e[1m$ %s\e[0m\n' "$*"; "$@" 2>/dev/null || true; echo; }
type_in gradus matrix
type_in gradus status checkout
type_in gradus approve checkout@prod --actor olga --reason reviewed
type_in gradus promote checkout --to prod
END
env -i PATH="$place/bin:/usr/local/bin:/usr/bin:/bin" HOME="$place/home" TZ=UTC LANG=C.UTF-8 PROJECT="$project" \
    GIT_CONFIG_SYSTEM=/dev/null bash -euo pipefail "$place/script" "$place/run" >"$place/screen"
python3 - "$place/screen" >"$project/docs/images/terminal.svg" <<'END'
import re, sys
from xml.sax.saxutils import escape
lines = open(sys.argv[1], encoding="utf-8").read().rstrip("\n").split("\n")
colors = {"31": "#f85149", "32": "#3fb950", "33": "#d29922", "2": "#8b949e"}
width, step, left = 100, 8.43, 16
height = 46 + 19 * len(lines)
out = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {int(left * 2 + width * step)} {height}" role="img" '
    'aria-label="A terminal with gradus matrix, status, approve and promote">',
    '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>',
    '<circle cx="20" cy="16" r="5" fill="#f85149"/><circle cx="38" cy="16" r="5" fill="#d29922"/><circle cx="56" cy="16" r="5" fill="#3fb950"/>',
    '<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="14" fill="#e6edf3" xml:space="preserve">',
]
for number, line in enumerate(lines):
    column, style = 0, None
    for part in re.split(r"(\x1b\[\d+m)", line):
        if found := re.fullmatch(r"\x1b\[(\d+)m", part):
            style = None if found[1] == "0" else found[1]
        elif part:
            look = ' font-weight="bold"' if style == "1" else f' fill="{colors[style]}"' if style in colors else ""
            # Runs of several spaces would be drawn as one: every run of words gets its own place.
            for run in re.finditer(r"\S+(?: \S+)*", part):
                x = left + (column + run.start()) * step
                length = len(run[0]) * step
                out.append(f'<text x="{x:.1f}" y="{48 + 19 * number}" textLength="{length:.1f}"{look}>{escape(run[0])}</text>')
            column += len(part)
out += ["</g>", "</svg>"]
print("\n".join(out))
END
echo "docs/images/terminal.svg"
