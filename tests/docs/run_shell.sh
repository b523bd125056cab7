#!/usr/bin/env bash
# Runs every ```sh block of a page, in its order and in one shell, in an empty folder, with the programs of BIN_DIR in
# PATH. A ```text block shows what the ```sh block before it prints: each of its lines must be in that output, where
# "..." stands for anything. Processes that the page leaves running are ended. Usage: run_shell.sh PAGE.md BIN_DIR WORK_DIR
set -euo pipefail
page=$(realpath "$1") bin=$(realpath "$2") work=$3
rm -rf "$work"
mkdir -p "$work"
cd "$work"

awk '
  /^```sh$/   { kind = "sh"; ++block; line = NR + 1; print "at=" line "; {"; next }
  /^```text$/ { kind = "text"; next }
  /^```/      { if (kind == "sh") print "} >out." block " 2>&1"; kind = ""; next }
  kind == "sh"   { print }
  kind == "text" { gsub(/\047/, "\047\\\047\047"); print "expect " NR " out." block " \047" $0 "\047" }
' "$page" >page.sh
blocks=$(grep -c '^at=' page.sh) || { echo "$page: no \`\`\`sh block" >&2; exit 1; }

# expect LINE_OF_THE_PAGE FILE TEXT
expect() {
  local pattern
  pattern=$(sed -e 's/[][\.*^$/]/\\&/g' -e 's/\\\.\\\.\\\./.*/g' <<<"$3")
  grep -q -- "$pattern" "$2" && return 0
  printf '%s:%s: this was not printed:\n  %s\nbut:\n' "$page" "$1" "$3" >&2
  cat "$2" >&2
  exit 1
}
end() {
  local code=$?
  local job
  for job in $(jobs -p); do kill "$job" 2>/dev/null || true; done
  wait 2>/dev/null || true
  if [[ $code != 0 ]]; then
    printf '%s:%s: this block ended with %s\n' "$page" "${at:-0}" "$code" >&2
    cat out.* >&2 2>/dev/null || true
  fi
  exit "$code"
}
trap end EXIT
PATH=$bin:$PATH
# shellcheck source=/dev/null
source ./page.sh
echo "$blocks blocks ran"
