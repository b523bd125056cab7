#!/usr/bin/env bash
# slow.sh CONSUMER PACED_CLIENT: how long pushes take beside 900 connections of slowhttptest (slow heads, slow bodies, slow
# reads), at the consumer and at nginx in turn; both with TLS 1.3. Leaves nothing behind.
# Environment: SECONDS_EACH, RATE (pushes a second).
set -euo pipefail
readonly consumer=$1 paced=$2 seconds=${SECONDS_EACH:-8} rate=${RATE:-50}

# shellcheck source=tests/bench/nginx.inc.sh
source "${BASH_SOURCE%/*}/nginx.inc.sh"

mkdir -p build
folder=$(realpath "$(mktemp -d -p build slow-bench.XXXXXX)")
running=()
stop() {
  local id
  stop_nginx
  for id in "${running[@]}"; do { kill "$id" && wait "$id"; } 2>/dev/null || true; done
  rm -rf "$folder"
}
trap stop EXIT
ulimit -n "$(ulimit -Hn)"

make_certificate
start_nginx 2
"$consumer" --listen 127.0.0.1:0 --cert "$folder/cert.pem" --key "$folder/key.pem" --path /hook/x \
  --inbox "sqlite:$folder/inbox.db" >"$folder/out" 2>"$folder/err" &
running+=("$!")
until [[ -s $folder/out ]]; do sleep 0.05; done
port=$(head -n 1 "$folder/out" | sed -E 's#.*:([0-9]+)/.*#\1#')

open_at() { ss -Htn state established "( sport = :$1 )" | wc -l; }

# beside KIND NAME PORT
beside() {
  slowhttptest -c 900 "$1" -r 900 -i 2 -l $((seconds + 10)) -p 5 -x 20 -t POST -u "https://127.0.0.1:$3/hook/x" >"$folder/attack" 2>&1 &
  local attack=$!
  running+=("$attack")
  for _ in {1..200}; do
    (($(open_at "$3") < 600)) || break
    sleep 0.05
  done
  local open
  open=$(open_at "$3")
  read -r _ p50 p99 longest refused < <("$paced" --port "$3" --rate "$rate" --seconds "$seconds" --connections 16)
  printf '| %-10s | %-8s | %5s to %5s | %7s | %7s | %8s | %7s |\n' "$4" "$2" "$open" "$(open_at "$3")" "$p50" "$p99" "$longest" "$refused"
  { kill "$attack" && wait "$attack"; } 2>/dev/null || true
}

echo '| beside     | server   | connections    | p50, ms | p99, ms | longest  | not 200 |'
echo '|:-----------|:---------|---------------:|--------:|--------:|---------:|--------:|'
for kind in '-H slow_heads' '-B slow_bodies' '-X slow_reads'; do
  beside "${kind% *}" consumer "$port" "${kind#* }"
  beside "${kind% *}" nginx "$nginx_port" "${kind#* }"
done
