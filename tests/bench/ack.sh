#!/usr/bin/env bash
# ack.sh CONSUMER PACED_CLIENT: 200s a second over kept TLS 1.3 connections, each contender beside nginx in alternating
# pairs with the same client; then the time of an answer at half of our rate; then full handshakes. Prints medians, their
# ratio to nginx, how far the ratios of the pairs are apart, and the processor time of the server for each 200, which
# suffers least from other work on the machine. Leaves nothing behind.
#   nginx     `return 200`: the limit. It throws the body away and touches no disk.
#   node      Node.js https, appends to a log, one fdatasync for all that wait: durable, but no index, no copies, no order
#   webhook   Debian's webhook, which starts /bin/true for each push and stores nothing
#   consumer  ours: stored and synced before the 200, without workers and with four
# Environment: PAIRS, SECONDS_EACH, CONNECTIONS, BODIES (lists), CONTENDERS.
set -euo pipefail
readonly consumer=$1 paced=$2 pairs=${PAIRS:-5} seconds=${SECONDS_EACH:-3}
read -ra connection_counts <<<"${CONNECTIONS:-64 256}"
read -ra body_sizes <<<"${BODIES:-250 4096}"
read -ra contenders <<<"${CONTENDERS:-consumer consumer_4_workers node webhook}"
readonly here=${BASH_SOURCE%/*}
# shellcheck source=tests/bench/nginx.inc.sh
source "$here/nginx.inc.sh"

mkdir -p build
folder=$(realpath "$(mktemp -d -p build ack-bench.XXXXXX)")
server_id='' port=''
stop_server() {
  [[ -z $server_id ]] || { kill "$server_id" && wait "$server_id"; } 2>/dev/null || true
  server_id=''
  rm -f "$folder"/inbox.db* "$folder/log"
}
stop() {
  stop_server
  stop_nginx
  rm -rf "$folder"
}
trap stop EXIT

# Everything at the same priority: on a machine with other work the servers and the client still compare.
quick=()
nice -n -10 true 2>/dev/null && quick=(nice -n -10)

make_certificate

first_line() {
  for _ in {1..100}; do
    if [[ -s $folder/out ]]; then head -n 1 "$folder/out"; return 0; fi
    sleep 0.1
  done
  echo "ack.sh: the server does not start: $(tail -n 1 "$folder/err")" >&2
  return 1
}
start_consumer() {
  "${quick[@]}" "$consumer" --listen 127.0.0.1:0 --cert "$folder/cert.pem" --key "$folder/key.pem" --path /hook/x \
    --inbox "sqlite:$folder/inbox.db" --workers "$1" >"$folder/out" 2>"$folder/err" &
  server_id=$!
  port=$(first_line | sed -E 's#.*:([0-9]+)/.*#\1#')
}
start_node() {
  "${quick[@]}" node "$here/node_log.js" "$folder/cert.pem" "$folder/key.pem" "$folder/log" >"$folder/out" 2>"$folder/err" &
  server_id=$!
  port=$(first_line)
}
start_webhook() {
  echo '[{"id": "x", "execute-command": "/bin/true"}]' >"$folder/hooks.json"
  for _ in {1..20}; do
    port=$(free_port)
    "${quick[@]}" webhook -hooks "$folder/hooks.json" -urlprefix hook -ip 127.0.0.1 -port "$port" -secure \
      -cert "$folder/cert.pem" -key "$folder/key.pem" -tls-min-version 1.3 >/dev/null 2>"$folder/err" &
    server_id=$!
    wait_for "$server_id" "$port" && return 0
  done
  echo "ack.sh: webhook does not start: $(tail -n 1 "$folder/err")" >&2
  return 1
}
start_contender() {
  rm -f "$folder/out"
  case $1 in
    consumer) start_consumer 0 ;;
    consumer_4_workers) start_consumer 4 ;;
    node) start_node ;;
    webhook) start_webhook ;;
    *) echo "ack.sh: no contender is called '$1'" >&2; return 2 ;;
  esac
}

# Processor time so far of a server, its workers, and what it started, in ticks of 10 ms.
ticks() {
  local id sum=0 each
  for id in "$1" $(pgrep -P "$1"); do
    each=$(awk '{sub(/.*\) /, ""); print $12 + $13 + $14 + $15}' "/proc/$id/stat" 2>/dev/null || echo 0)
    sum=$((sum + each))
  done
  echo "$sum"
}

# rate PORT CONNECTIONS BODY CLOSE SERVER: 200s a second, p99 in ms, processor time for each in us.
rate() {
  local before
  before=$(ticks "$5")
  BODY=$3 HOOK=/hook/x CLOSE=$4 "${quick[@]}" wrk -t1 -c"$2" -d"${seconds}s" --latency -s "$here/push.lua" \
    "https://127.0.0.1:$1/hook/x" >"$folder/wrk"
  if grep -q 'Non-2xx' "$folder/wrk" || ! grep -Eq '^Requests/sec: +[0-9]*[1-9]' "$folder/wrk"; then
    echo "ack.sh: not every answer was a 200: $(grep -E 'Non-2xx|Socket' "$folder/wrk" | tr '\n' ' ')" >&2
  fi
  awk -v ticks=$(($(ticks "$5") - before)) '
    / 99%/ {p99 = $2 + 0; if ($2 ~ /us$/) p99 /= 1000; if ($2 ~ /[0-9]s$/) p99 *= 1000}
    /requests in/ {requests = $1}
    /Requests\/sec/ {printf "%.0f %.1f %.1f\n", $2, p99, requests ? ticks * 10000 / requests : 0}' "$folder/wrk"
}

column() { awk -v n="$2" '{print $n}' "$1"; }
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
row() {
  printf '| %-42s | %8s | %8s | %5s | %s to %s | %7s | %6s | %6s |\n' "$1" "$(column "$2" 1 | median)" \
    "$(column "$2" 4 | median)" "$(column "$2" 7 | median)" "$(column "$2" 7 | sort -n | head -n 1)" \
    "$(column "$2" 7 | sort -n | tail -n 1)" "$(column "$2" 2 | median)" "$(column "$2" 3 | median)" \
    "$(column "$2" 6 | median)"
}

# compare CONNECTIONS BODY CLOSE CONTENDER...: each measurement of a contender has one of nginx right before it.
compare() {
  local connections=$1 body=$2 close=$3 name ours theirs
  shift 3
  for name in "$@"; do : >"$folder/$name.figures"; done
  for ((pair = 0; pair < pairs; ++pair)); do
    for name in "$@"; do
      start_contender "$name"
      theirs=$(rate "$nginx_port" "$connections" "$body" "$close" "$nginx_id")
      ours=$(rate "$port" "$connections" "$body" "$close" "$server_id")
      stop_server
      echo "$ours $theirs" | awk '{print $0, sprintf("%.2f", $1 / $4)}' >>"$folder/$name.figures"
    done
  done
  for name in "$@"; do row "$name, $body B, $connections connections${close:+, each once}" "$folder/$name.figures"; done
}

head_of_table() {
  echo "| $1 | 200s / s | nginx / s | ratio | of the pairs | p99, ms | CPU us | nginx us |"
  echo '|:-------------------------------------------|---------:|---------:|------:|:-------------|--------:|-------:|-------:|'
}

start_nginx 2 "${quick[@]}"
echo "CPU pressure before (avg10, avg60, avg300): $(sed -nE '1s/some (.*) total.*/\1/p' /proc/pressure/cpu 2>/dev/null)"
half=''
head_of_table 'kept connections, as fast as they go      '
for connections in "${connection_counts[@]}"; do
  for body in "${body_sizes[@]}"; do
    compare "$connections" "$body" '' "${contenders[@]}"
    : "${half:=$(($(column "$folder/${contenders[0]}.figures" 1 | median) / 2))}"  # of the first row
  done
done

echo
echo "| at half of our rate (first row), 64 connections | pushes / s | p50, ms | p99, ms | longest, ms | not 200 |"
echo '|:-----------------------|-----------:|--------:|--------:|------------:|--------:|'
for name in "${contenders[@]}"; do
  [[ $name != webhook ]] || continue
  : >"$folder/paced"
  for ((pair = 0; pair < pairs; ++pair)); do
    start_contender "$name"
    "${quick[@]}" "$paced" --port "$port" --rate "$half" --seconds "$seconds" --connections 64 >>"$folder/paced"
    stop_server
  done
  printf '| %-22s | %s | %s | %s | %s | %s |\n' "$name" "$(column "$folder/paced" 1 | median)" \
    "$(column "$folder/paced" 2 | median)" "$(column "$folder/paced" 3 | median)" \
    "$(column "$folder/paced" 4 | median)" "$(column "$folder/paced" 5 | median)"
done

echo
head_of_table 'a full handshake for each push            '
compare 64 250 yes "${contenders[0]}"
echo "CPU pressure after (avg10, avg60, avg300): $(sed -nE '1s/some (.*) total.*/\1/p' /proc/pressure/cpu 2>/dev/null)"
