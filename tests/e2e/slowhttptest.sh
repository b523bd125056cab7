#!/usr/bin/env bash
# 900 connections of slowhttptest, each kind in turn, at a real consumer: pushes beside them are answered 200 within
# Prospero's 5 seconds. Usage: slowhttptest.sh BIN_DIR SOURCE_DIR
# shellcheck disable=SC1091,SC2154
source "$(dirname "$0")/consumer.inc.sh"

ulimit -n "$(ulimit -Hn)"
consume --self-signed "$work/tls" --admin 127.0.0.1:0
until [[ $(wc -l <"$work/consumer.out") -ge 2 ]]; do sleep 0.05; done
admin=$(tail -n 1 "$work/consumer.out")
connections() { curl -s "${admin}metrics" | awk '/^prospero_connections_open / { print $2 }'; }

for kind in -H -B -X; do  # slow head, slow body, slow read
  slowhttptest -c 900 "$kind" -r 900 -i 1 -l 12 -p 5 -x 20 -t POST -u "$url" >"$work/attack.log" 2>&1 &
  attack=$!
  running+=("$attack")
  until (($(connections) > 500)); do
    kill -0 "$attack" 2>/dev/null || fail "slowhttptest $kind never had 500 connections"
  done
  pushes=0
  while (($(connections) > 100)); do
    push "$url" || fail "a push beside slowhttptest $kind was not answered in time: $(cat "$work/push.log")"
    pushes=$((pushes + 1))
  done
  printf 'slowhttptest %s: %d pushes answered beside it\n' "$kind" "$pushes"
  ((pushes > 5))
  kill "$attack" 2>/dev/null || true
  wait "$attack" 2>/dev/null || true
done
