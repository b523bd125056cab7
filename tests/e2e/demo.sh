#!/usr/bin/env bash
# The main job, end to end, with the real programs over real TLS. Every line it prints was seen to happen: each step checks
# what it shows and the script ends at the first thing that does not hold. Usage: tests/e2e/demo.sh BIN_DIR [WORK_DIR]
set -Eeuo pipefail
bin=$(realpath "$1")
work=${2:-$(dirname "$bin")/../demo}
rm -rf "$work"
mkdir -p "$work"
work=$(realpath "$work")

bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'
[[ -t 1 && -z ${NO_COLOR:-} ]] || bold='' dim='' plain=''
chapter() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
note() { printf '  %s\n' "$*"; }
fail() { printf '\ndemo: %s\nThe logs are in %s\n' "$*" "$work" >&2; exit 1; }
trap 'fail "line $LINENO did not hold: $BASH_COMMAND"' ERR

running=()
stop_all() {
  local pid
  for pid in "${running[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
}
trap stop_all EXIT

# start NAME COMMAND...: runs it in the background and waits for its first line of output; its pid is in $pid.
start() {
  local name=$1
  shift
  : >"$work/$name.out"
  "$@" >"$work/$name.out" 2>>"$work/$name.log" &
  pid=$!
  running+=("$pid")
  local turn
  for ((turn = 0; turn < 200; ++turn)); do
    [[ $(wc -l <"$work/$name.out") -ge ${lines_wanted:-1} ]] && return 0
    kill -0 "$pid" 2>/dev/null || { cat "$work/$name.log" >&2; fail "$name did not start"; }
    sleep 0.05
  done
  fail "$name printed no URL within 10 s"
}
stop() { kill -TERM "$1" && wait "$1"; }

# until_true TEXT COMMAND...: the command must hold within 10 s.
until_true() {
  local text=$1 turn
  shift
  for ((turn = 0; turn < 200; ++turn)); do
    "$@" && return 0
    sleep 0.05
  done
  fail "$text"
}

# ------------------------------------------------------------------------------------------------------------------
consumer() {
  lines_wanted=2 start consumer "$bin/sample-consumer" --listen "127.0.0.1:$1" --self-signed "$work/tls" \
    --path "/hook/$secret" --inbox "sqlite:$work/inbox.db" --admin 127.0.0.1:0
  consumer_pid=$pid
  url=$(sed -n 1p "$work/consumer.out")
  admin=$(sed -n 2p "$work/consumer.out" | grep -o 'http://[^ ]*')
  admin=${admin%/}
}
push() { "$bin/mock-prospero" push "$url" --ca "$work/tls/ca.pem" --allow-local "$@" 2>>"$work/push.log"; }
inbox() { curl -fsS "$admin/inbox?limit=$1"; }

chapter "1. A consumer on the SDK, with a throw-away certificate authority"
secret=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
consumer 0
port=$(sed -E 's#https://[^/]*:([0-9]+)/.*#\1#' <<<"$url")
note "sample-consumer listens on ${url%"$secret"}***"

chapter "2. Prospero's nine webhook events, and one that does not exist yet, pushed over TLS"
events=(event.created event.updated event.deleted invoice.created invoice.updated invoice.deleted
  offer.created offer.updated offer.deleted)
for event in "${events[@]}" budget.approved; do
  answer=$(push --event "$event" --json)
  jq -er '.attempts[-1] | select(.outcome == "ok" and .status == 200)' <<<"$answer" >/dev/null
  note "$(printf '%-16s' "$event") $(jq -r '.attempts[-1] | "\(.status)  \(.tookMs) ms"' <<<"$answer")"
done

chapter "3. What the consumer made of them, after its answer: typed, stored, handled"
handled() { [[ $(grep -cE "^handled" "$work/consumer.out") -ge 10 ]]; }
until_true "not all ten were handled" handled
grep -E '^handled' "$work/consumer.out" | sed 's/^/  /'

chapter "4. A malformed body: answered 200 (another answer would only bring copies of it) and kept aside"
printf '{"event": "invoice.updated", "data": {' >"$work/malformed.json"
push --event invoice.updated --body "$work/malformed.json" --json | jq -er '.attempts[-1].status == 200' >/dev/null
inbox 1 | jq -er '.items[0] | select(.state == "quarantined") | "  inbox row \(.seq): \(.state), identity \(.identity[0:12])..."'

chapter "5. The consumer is down: the ladder of 1 minute, 1 hour and 6 hours, on the virtual clock"
start mock "$bin/mock-prospero" serve --listen 127.0.0.1:0 --store memory: --clock virtual --ca "$work/tls/ca.pem" --allow-local
api=$(head -1 "$work/mock.out" | grep -o 'http://[^ ]*')
api=${api%/}
call() { # call METHOD PATH [JSON]
  curl -fsS -X "$1" "$api$2" ${3:+-H 'Content-Type: application/json' --data "$3"}
}
org=$(call POST /v1/organizations '{"name": "Opera"}' | jq -er .id)
register() { call POST /v1/webhooks "$(jq -nc --arg o "$org" --arg u "$1" '{orgId: $o, url: $u, events: ["invoice.updated"]}')" | jq -er .id; }
trigger() { call POST "/v1/organizations/$org/trigger" '{"event": "invoice.updated", "data": {"id": "5d1c2f80-c93e-11f0-8de9-0242ac120002"}}' >/dev/null; }
advance() { call POST /v1/clock/advance "{\"seconds\": $1}" >/dev/null; }

stop "$consumer_pid"
webhook=$(register "$url")
trigger
advance 0
advance 60
advance 3600
consumer "$port"
note "(three attempts failed; the consumer is started again on its old port before the last one)"
advance 21600
call GET "/v1/deliveries?webhook=$webhook" | jq -er '.items[0] | select(.state == "delivered" and (.attempts | length) == 4)
  | .attempts[] | "  attempt \(.number)  \(.startedAt)  \(.outcome)\(if .status then " \(.status)" else "" end)"'
call DELETE "/v1/webhooks/$webhook" >/dev/null

chapter "6. A consumer that answers 500: disabled after 20 failed attempts in a row, enabled again by hand"
start bad "$bin/bad-consumer" --cert "$work/tls/cert.pem" --key "$work/tls/key.pem" --status 500
webhook=$(register "$(head -1 "$work/bad.out")")
state() { call GET "/v1/webhooks/$webhook" | jq -r '"\(.state), \(.consecutiveFailures) failures in a row"'; }
for ((i = 0; i < 19; ++i)); do trigger; done
advance 0
[[ $(state) == "enabled, 19 failures in a row" ]]
note "after 19 failed attempts: $(state)"
trigger
advance 0
[[ $(state) == disabled,* ]]
note "after 20 failed attempts: $(state)"
trigger
# shellcheck disable=SC2016  # jq's language
reason_in_words='def in_words: {
  disabled: "retries given up when it was disabled",
  webhook_disabled_before: "that happened while it was disabled"}[.] // .; '
note "lost meanwhile: $(call GET "/v1/missed?webhook=$webhook" | jq -er "$reason_in_words"'.items | group_by(.reason) | map("\(length) \(.[0].reason | in_words)") | join(", ")')"
call POST "/v1/webhooks/$webhook/enable" >/dev/null
[[ $(state) == "enabled, 0 failures in a row" ]]
note "after the operator:       $(state)"

chapter "7. The conformance suite on the sample consumer"
note "left out here because it takes 10 s: D4-sustained, 1,000 pushes at 100 a second"
"$bin/mock-prospero" conform "$url" --ca "$work/tls/ca.pem" --allow-local --witness "$admin/witness" --strict \
  --skip D4-sustained 2>>"$work/conform.log" | tee "$work/conform.txt" | tail -n 4 | sed 's/^/  /'

stop "$consumer_pid"
chapter "All of this happened in ${SECONDS} s, on this machine, over TLS."
cat <<NEXT
  Try next:
    ${dim}build/release/bin/sample-consumer --listen 127.0.0.1:8443 --self-signed build/tls --inbox sqlite:build/inbox.db${plain}
    ${dim}build/release/bin/mock-prospero push URL --event invoice.updated --ca build/tls/ca.pem --allow-local --retry${plain}
    ${dim}build/release/bin/mock-prospero conform URL --ca build/tls/ca.pem --allow-local${plain}
NEXT
