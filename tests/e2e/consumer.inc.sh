# shellcheck shell=bash disable=SC2034
# Sourced by the scripts beside it: a sample-consumer in a folder of its own that goes with the script.
set -Eeuo pipefail
bin=$(realpath "$1")
root=$(realpath "$2")
work=$(mktemp -d "${TMPDIR:-/tmp}/prospero-test-XXXXXX")
running=()

fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; tail -n 20 "$work"/*.log >&2 || true; exit 1; }
trap 'fail "line $LINENO did not hold: $BASH_COMMAND"' ERR

stop_all() {
  local pid
  for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop_all EXIT

# consume FLAG...: starts the consumer; its first line is in $url, the port in $port.
consume() {
  : >"$work/consumer.out"
  "$bin/sample-consumer" --listen 127.0.0.1:0 --inbox "sqlite:$work/inbox.db" --path /hook/secret "$@" \
    >"$work/consumer.out" 2>>"$work/consumer.log" &
  running+=("$!")
  local turn
  for ((turn = 0; turn < 200; ++turn)); do
    url=$(head -n 1 "$work/consumer.out")
    port=${url##*localhost:}
    port=${port%%/*}
    [[ -n $url ]] && return 0
    sleep 0.05
  done
  fail "the consumer printed no URL within 10 s"
}

# push URL FLAG...: webhook events by the mock; fails unless each is answered 200 within Prospero's 5 seconds.
push() {
  "$bin/mock-prospero" push "$1" --event offer.updated --ca "$work/tls/ca.pem" --allow-local "${@:2}" >"$work/push.log"
}

# block NAME: the block of docs/operations.md that follows `<!-- tried: NAME -->`.
block() {
  awk -v mark="<!-- tried: $1 -->" '$0 == mark { found = 1; next } found && /^```/ { if (inside) exit; inside = 1; next } inside' \
    "$root/docs/operations.md"
}
