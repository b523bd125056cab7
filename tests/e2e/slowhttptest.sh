#!/usr/bin/env bash
# 900 connections of slowhttptest, each kind in turn, at a real consumer: pushes beside them are answered 200 within
# Prospero's 5 seconds. Usage: slowhttptest.sh BIN_DIR SOURCE_DIR
# shellcheck disable=SC1091,SC2154
source "$(dirname "$0")/consumer.inc.sh"

ulimit -n "$(ulimit -Hn)"
consume --self-signed "$work/tls"
for kind in -H -B -X; do  # slow head, slow body, slow read
  : >"$work/attack.log"
  slowhttptest -c 900 "$kind" -r 400 -i 1 -l 12 -p 5 -x 20 -t POST -u "$url" >"$work/attack.log" 2>&1 &
  attack=$!
  running+=("$attack")
  until sed 's/\x1b\[[0-9;]*m//g' "$work/attack.log" | grep -qE 'connected: +[5-9][0-9][0-9]'; do
    kill -0 "$attack" 2>/dev/null || fail "slowhttptest $kind ended early: $(tail -n 5 "$work/attack.log")"
    sleep 0.1
  done
  pushes=0
  while kill -0 "$attack" 2>/dev/null && ((pushes < 50)); do
    push "$url" || fail "a push beside slowhttptest $kind was not answered: $(cat "$work/push.log")"
    pushes=$((pushes + 1))
  done
  printf 'slowhttptest %s: %d pushes answered beside it\n' "$kind" "$pushes"
  kill "$attack" 2>/dev/null || true
  wait "$attack" 2>/dev/null || true
  ((pushes > 5))
done
