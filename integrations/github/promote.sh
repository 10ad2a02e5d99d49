#!/usr/bin/env bash
# Runs one promotion in a GitHub, Gitea or Forgejo Actions job. Inputs are INPUT_*; see action.yml.
set -uo pipefail

# The text of a workflow command ends at a line break, and % begins an escape.
escaped() {
    local text=$1
    text=${text//'%'/'%25'}
    text=${text//$'\r'/'%0D'}
    printf '%s' "${text//$'\n'/'%0A'}"
}
annotate() { printf '::%s title=%s::%s\n' "$1" "$(escaped "$2")" "$(escaped "$3")"; }

command -v jq >/dev/null || { annotate error "Gradus" "jq is not installed on this runner"; exit 1; }
case ${INPUT_PENDING:=ok} in
ok | fail) ;;
*)
    annotate error "Gradus" "the input 'pending' is '$INPUT_PENDING'; it may be ok or fail"
    exit 2
    ;;
esac

# Joined by =, and the service behind --: an input that begins with a dash is a value, never an option.
arguments=(promote "--to=$INPUT_TO" -o json)
[[ -n ${INPUT_VERSION:-} ]] && arguments+=("--version=$INPUT_VERSION")
[[ -n ${INPUT_REASON:-} ]] && arguments+=("--reason=$INPUT_REASON")
[[ -n ${INPUT_TICKET:-} ]] && arguments+=("--ticket=$INPUT_TICKET")
[[ -n ${INPUT_WAIT:-} ]] && arguments+=("--wait=$INPUT_WAIT")
[[ -n ${INPUT_TIMEOUT:-} ]] && arguments+=("--timeout=$INPUT_TIMEOUT")
[[ -n ${INPUT_REPO:-} ]] && arguments+=("--repo=$INPUT_REPO")

document=$("${INPUT_GRADUS:-gradus}" "${arguments[@]}" -- "$INPUT_SERVICE")
code=$?

# What is no promotion promoted nothing, whatever the exit code says.
case $(jq -r '.kind // ""' <<<"$document" 2>/dev/null) in
Promotion) ;;
Error) [[ $code == 0 || $code == 8 ]] && code=1 ;;
*)
    document="{\"kind\": \"Error\", \"message\": \"gradus answered with no promotion (exit $code)\"}"
    [[ $code == 0 || $code == 8 ]] && code=1
    ;;
esac

# A field of the document as one line; empty when it has none.
field() { jq -r --arg key "$1" '.[$key] // "" | tostring | gsub("[\r\n]"; " ")' <<<"$document" 2>/dev/null || true; }

{
    for key in id phase result version commit; do printf '%s=%s\n' "$key" "$(field "$key")"; done
    printf 'exit_code=%s\n' "$code"
} >>"${GITHUB_OUTPUT:-/dev/null}"

title="$INPUT_SERVICE $(field version) to $INPUT_TO"
jq -r --arg title "$title" '
    def cell: tostring | gsub("[\r\n]"; " ") | gsub("(?<c>[|\\\\`<>\\[\\]])"; "\\\(.c)");
    if .kind == "Promotion" then
        "### \($title | cell): \(.result)", "",
        (if (.gates // []) == [] then "No gate." else
            "| | Gate | Value | Threshold | Why | Clear it with |", "|---|---|---|---|---|---|",
            (.gates[] | "| \({passed: "✓", waiting: "…", failed: "✗", errored: "!"}[.verdict] // "?") | \(.id | cell) | \(.value // "" | cell) | \(.threshold // "" | cell) | \(.reason // "" | cell) | \(.clear_with // "" | cell) |")
        end)
    else "### \($title | cell): \(.message // "no answer" | cell)" end' \
    <<<"$document" >>"${GITHUB_STEP_SUMMARY:-/dev/null}" 2>/dev/null

while IFS=$'\t' read -r verdict gate reason clear; do
    case $verdict in
    failed | errored) annotate error "$title: $gate" "$reason" ;;
    waiting) annotate notice "$title: $gate" "$reason${clear:+ (clear it with: $clear)}" ;;
    esac
done < <(jq -r '.gates[]? | [.verdict, .id, .reason // "", .clear_with // ""] | map(gsub("[\t\r\n]"; " ")) | join("\t")' <<<"$document" 2>/dev/null)

case $code in
0) annotate notice "$title" "$(field result)" ;;
8)
    annotate notice "$title" "pending: the gates above are open"
    [[ $INPUT_PENDING == ok ]] && exit 0
    ;;
*) annotate error "$title" "$(field message)$([[ -n $(field result) ]] && field result)" ;;
esac
exit "$code"
