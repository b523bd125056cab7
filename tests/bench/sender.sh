#!/usr/bin/env bash
# sender.sh PUSH_BENCH: the mock's deliveries a second beside wrk's requests a second, the same bytes to the same nginx,
# in alternating pairs. Prints medians, their ratio, and how far the ratios of the pairs are apart. Leaves nothing behind.
set -euo pipefail
readonly bench=$1 pairs=${PAIRS:-5} seconds=${SECONDS_EACH:-4} connections=${CONNECTIONS:-64}
readonly body='{"event":"offer.updated","data":{"id":"00000000-0000-11f1-8000-0123456789ab","title":"Aida","fee":1200}}'

mkdir -p build
folder=$(mktemp -d -p build sender-bench.XXXXXX)
folder=$(realpath "$folder")
nginx_id=
stop() {
  [[ -z $nginx_id ]] || { kill "$nginx_id" && wait "$nginx_id"; } 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1 \
  -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null

# nginx takes no port 0, so a free one is tried until one is not taken meanwhile.
start_nginx() {
  for _ in {1..20}; do
    port=$((20000 + (RANDOM % 30000)))
    cat >"$folder/nginx.conf" <<CONF
worker_processes 1;
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
  keepalive_requests 100000000;
  server {
    listen 127.0.0.1:$port ssl backlog=4096;
    ssl_certificate $folder/cert.pem;
    ssl_certificate_key $folder/key.pem;
    ssl_protocols TLSv1.3;
    ssl_session_tickets off;
    location / { return 200; }
  }
}
CONF
    nginx -e "$folder/error.log" -c "$folder/nginx.conf" 2>/dev/null &
    nginx_id=$!
    for _ in {1..50}; do
      kill -0 "$nginx_id" 2>/dev/null || break
      if curl -sf -o /dev/null --cacert "$folder/cert.pem" "https://127.0.0.1:$port/"; then return 0; fi
      sleep 0.1
    done
    wait "$nginx_id" 2>/dev/null || true
    nginx_id=
  done
  echo "sender.sh: nginx does not start: $(tail -n 1 "$folder/error.log")" >&2
  return 1
}
port=
start_nginx
readonly url=https://127.0.0.1:$port/hook

wrk_rate() {
  cat >"$folder/push.lua" <<LUA
wrk.method = "POST"
wrk.body = [[$body]]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["User-Agent"] = "wrk"
$1
LUA
  wrk -t1 -c"$connections" -d"${seconds}s" -s "$folder/push.lua" "$url" >"$folder/wrk"
  if grep -q 'Non-2xx' "$folder/wrk" || ! grep -Eq '^Requests/sec: +[0-9]*[1-9]' "$folder/wrk"; then
    echo "sender.sh: wrk got no answers with status 200 within $seconds s: raise SECONDS_EACH, or wait for a quieter machine" >&2
    return 1
  fi
  awk '/Requests\/sec/ {printf "%.0f\n", $2}' "$folder/wrk"
}
our_rate() { "$bench" --url "$url" --ca "$folder/cert.pem" --body "$body" --connections "$connections" "$@"; }

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# compare NAME LUA FLAG...: as many deliveries as take about the time that wrk gets.
compare() {
  local name=$1 lua=$2 ours theirs count
  shift 2
  count=$(our_rate --count 1000 "$@" ${store:+--store "$folder/warm.db"})
  count=$((count * seconds))
  rm -f "$folder"/*.db*
  : >"$folder/ours"; : >"$folder/theirs"; : >"$folder/ratios"
  for ((pair = 0; pair < pairs; ++pair)); do
    theirs=$(wrk_rate "$lua")
    ours=$(our_rate --count "$count" "$@" ${store:+--store "$folder/$pair.db"})
    rm -f "$folder"/*.db*
    echo "$theirs" >>"$folder/theirs"
    echo "$ours" >>"$folder/ours"
    awk "BEGIN {printf \"%.2f\n\", $ours / $theirs}" >>"$folder/ratios"
  done
  printf '| %-26s | %8s | %8s | %5s | %s to %s |\n' "$name" "$(median <"$folder/ours")" "$(median <"$folder/theirs")" \
    "$(median <"$folder/ratios")" "$(sort -n "$folder/ratios" | head -n 1)" "$(sort -n "$folder/ratios" | tail -n 1)"
}

echo "| $connections connections, $pairs pairs  | ours / s |  wrk / s | ratio | of the pairs |"
echo '|:---------------------------|---------:|---------:|------:|:-------------|'
store='' compare 'kept connections' '' --keep-alive
store=yes compare 'kept connections, --store' '' --keep-alive
store='' compare 'a connection per attempt' 'wrk.headers["Connection"] = "close"'
