#!/bin/sh
# Judges a consumer in any CI: start yours first, then
#   conform.sh http://localhost:3000/hook/SECRET [FLAG...]
# It comes with mock-prospero, as share/mock-prospero/ci/conform.sh. Keeps conform.xml (JUnit) and conform.html in $REPORTS (default: conformance). Exits as mock-prospero does: 0 all held,
# 1 a requirement failed, 2 usage, 3 not reached, 4 not judged. The flags are those of `mock-prospero conform --help`.
set -eu

program=${MOCK_PROSPERO:-mock-prospero}
reports=${REPORTS:-conformance}
seconds=${WAIT_SECONDS:-60}

[ $# -ge 1 ] || { echo "usage: conform.sh URL [FLAG...]" >&2; exit 2; }
url=$1
shift

command -v "$program" >/dev/null || { echo "conform.sh: $program is not there: install it, or name it in MOCK_PROSPERO" >&2; exit 2; }
mkdir -p "$reports"

# What a consumer in CI usually is: on this machine, often without TLS. The report says that the verdict is not a full one.
case $url in
  http://localhost[:/]* | http://127.0.0.1[:/]*) set -- --allow-local --allow-http "$@" ;;
  https://localhost[:/]* | https://127.0.0.1[:/]*) set -- --allow-local "$@" ;;
  http://*) set -- --allow-http "$@" ;;
esac

# A consumer that has just been started may not listen yet: exit code 3 is "no connection".
status=3
while [ "$status" -eq 3 ] && [ "$seconds" -gt 0 ]; do
  status=0
  "$program" conform "$url" "$@" --only D1-post-taken >/dev/null 2>&1 || status=$?
  seconds=$((seconds - 1))
  [ "$status" -ne 3 ] || sleep 1
done

exec "$program" conform "$url" "$@" --report text --report "junit=$reports/conform.xml" --report "html=$reports/conform.html"
