#!/usr/bin/env bash
# slow.sh CONSUMER PACED_CLIENT: how long pushes take beside 900 connections of slowhttptest (slow heads, slow bodies, slow
# reads), at the consumer and at nginx in turn; both with TLS 1.3. Leaves nothing behind.
# Environment: SECONDS_EACH, RATE (pushes a second).
set -euo pipefail
readonly consumer=$1 paced=$2 seconds=${SECONDS_EACH:-8} rate=${RATE:-50}

mkdir -p build
folder=$(realpath "$(mktemp -d -p build slow-bench.XXXXXX)")
running=()
stop() {
  local id
  for id in "${running[@]}"; do { kill "$id" && wait "$id"; } 2>/dev/null || true; done
  rm -rf "$folder"
}
trap stop EXIT
ulimit -n "$(ulimit -Hn)"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1 \
  -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null

# nginx takes no port 0; one that is taken shows as an nginx that does not start.
start_nginx() {
  for _ in {1..20}; do
    nginx_port=$((20000 + (RANDOM % 30000)))
    cat >"$folder/nginx.conf" <<CONF
worker_processes 2;
daemon off;
pid $folder/pid;
error_log $folder/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  server {
    listen 127.0.0.1:$nginx_port ssl backlog=4096;
    ssl_certificate $folder/cert.pem;
    ssl_certificate_key $folder/key.pem;
    ssl_protocols TLSv1.3;
    location / { return 200; }
  }
}
CONF
    nginx -e "$folder/error.log" -c "$folder/nginx.conf" 2>/dev/null &
    local id=$!
    for _ in {1..50}; do
      kill -0 "$id" 2>/dev/null || break
      if curl -s -o /dev/null --cacert "$folder/cert.pem" "https://127.0.0.1:$nginx_port/"; then
        running+=("$id")
        return 0
      fi
      sleep 0.1
    done
  done
  echo "slow.sh: nginx does not start: $(tail -n 1 "$folder/error.log")" >&2
  return 1
}
nginx_port=
start_nginx
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
