#!/usr/bin/env bash
# sender.sh PUSH_BENCH: the mock's deliveries a second beside wrk's requests a second, the same bytes to the same nginx,
# in alternating pairs. Prints medians, their ratio, how far the ratios of the pairs are apart, and the processor time of
# the sending process for each (in microseconds, the median). Leaves nothing behind.
set -euo pipefail
readonly bench=$1 pairs=${PAIRS:-5} seconds=${SECONDS_EACH:-4} connections=${CONNECTIONS:-64}
readonly body='{"event":"offer.updated","data":{"id":"00000000-0000-11f1-8000-0123456789ab","title":"Aida","fee":1200}}'

# shellcheck source=tests/bench/nginx.inc.sh
source "${BASH_SOURCE%/*}/nginx.inc.sh"

mkdir -p build
folder=$(mktemp -d -p build sender-bench.XXXXXX)
folder=$(realpath "$folder")
stop() {
  stop_nginx
  rm -rf "$folder"
}
trap stop EXIT

make_certificate
start_nginx 1
readonly url=https://127.0.0.1:$nginx_port/hook

# Both print a rate and the processor time.
wrk_rate() {
  cat >"$folder/push.lua" <<LUA
wrk.method = "POST"
wrk.body = [[$body]]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["User-Agent"] = "wrk"
$1
LUA
  { TIMEFORMAT='%U %S'; time wrk -t1 -c"$connections" -d"${seconds}s" -s "$folder/push.lua" "$url" >"$folder/wrk"; } \
    2>"$folder/wrk-time"
  if grep -q 'Non-2xx' "$folder/wrk" || ! grep -Eq '^Requests/sec: +[0-9]*[1-9]' "$folder/wrk"; then
    echo "sender.sh: wrk got no answers with status 200 within $seconds s: raise SECONDS_EACH, or wait for a quieter machine" >&2
    return 1
  fi
  awk 'FNR == NR {used = $1 + $2; next} / requests in / {all = $1} /Requests\/sec/ {rate = $2}
    END {printf "%.0f %.1f\n", rate, used / all * 1e6}' "$folder/wrk-time" "$folder/wrk"
}
our_rate() { "$bench" --url "$url" --ca "$folder/cert.pem" --body "$body" --connections "$connections" "$@"; }

# What one sync of a small write takes here now, on average: no attempt of --store is sent before one.
sync_ms() {
  LC_ALL=C dd if=/dev/zero of="$folder/sync" bs=4k count=100 oflag=dsync 2>&1 | awk '/copied/ {printf "%.2f", $(NF - 3) * 10}'
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# compare NAME LUA FLAG...: as many deliveries as take about the time that wrk gets, reckoned from a run that is long
# enough for its handshakes to count for little.
compare() {
  local name=$1 lua=$2 ours theirs our_time their_time count
  shift 2
  read -r count _ < <(our_rate --count $((connections * 100)) "$@" ${store:+--store "$folder/warm.db"})
  count=$((count * seconds))
  rm -f "$folder"/*.db*
  rm -f "$folder"/{ours,theirs,ratios,our_times,their_times}
  for ((pair = 0; pair < pairs; ++pair)); do
    wrk_rate "$lua" >"$folder/one"
    read -r theirs their_time <"$folder/one"
    our_rate --count "$count" "$@" ${store:+--store "$folder/$pair.db"} >"$folder/one"
    read -r ours our_time <"$folder/one"
    rm -f "$folder"/*.db*
    echo "$theirs" >>"$folder/theirs"
    echo "$ours" >>"$folder/ours"
    echo "$our_time" >>"$folder/our_times"
    echo "$their_time" >>"$folder/their_times"
    awk "BEGIN {printf \"%.2f\n\", $ours / $theirs}" >>"$folder/ratios"
  done
  printf '| %-26s | %8s | %8s | %5s | %s to %s | %6s | %6s |\n' "$name" "$(median <"$folder/ours")" \
    "$(median <"$folder/theirs")" "$(median <"$folder/ratios")" "$(sort -n "$folder/ratios" | head -n 1)" \
    "$(sort -n "$folder/ratios" | tail -n 1)" "$(median <"$folder/our_times")" "$(median <"$folder/their_times")"
}

echo "| $connections connections, $pairs pairs    | ours / s |  wrk / s | ratio | of the pairs | CPU us | wrk us |"
echo '|:---------------------------|---------:|---------:|------:|:-------------|-------:|-------:|'
store='' compare 'kept connections' '' --keep-alive
before=$(sync_ms)
store=yes compare 'kept connections, --store' '' --keep-alive
after=$(sync_ms)
store='' compare 'a connection per attempt' 'wrk.headers["Connection"] = "close"'
echo
echo "A sync of this disk took $before ms before the rows with --store and $after ms after them."
