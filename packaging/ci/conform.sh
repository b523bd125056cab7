#!/bin/sh
# Judges a consumer in any CI: start yours first, then
#   TARGET_URL=http://localhost:3000/hook/SECRET conform.sh env:TARGET_URL [FLAG...]
# The path of the URL is a secret: so it is on no command line. (conform.sh URL works too, and passes it on in this way.)
# It comes with mock-prospero, as share/mock-prospero/ci/conform.sh. Waits up to $WAIT_SECONDS (60) until a push gets 200
# (a try that has begun is ended first; against a consumer that hangs one takes 16 s).
# Keeps conform.xml (JUnit) and conform.html in $REPORTS (default: conformance). Exits as mock-prospero does: 0 all held,
# 1 a requirement failed, 2 usage or no verdict, 3 not reached, 4 not judged. The flags are those of
# `mock-prospero conform --help`. What --witness and --exec show are SHOULDs: give --strict with them, or they fail nothing.
set -eu

program=${MOCK_PROSPERO:-mock-prospero}
reports=${REPORTS:-conformance}
seconds=${WAIT_SECONDS:-60}

[ $# -ge 1 ] || { echo "usage: conform.sh env:NAME|URL [FLAG...]" >&2; exit 2; }
case $1 in
  env:*) CONFORM_URL=$(printenv "${1#env:}") || { echo "conform.sh: $1: this environment variable is not set" >&2; exit 2; } ;;
  *) CONFORM_URL=$1 ;;
esac
shift
url=env:CONFORM_URL
[ "$CONFORM_URL" != - ] || url=- # what --exec prints
export CONFORM_URL

command -v "$program" >/dev/null || { echo "conform.sh: $program is not there: install it, or name it in MOCK_PROSPERO" >&2; exit 2; }
mkdir -p "$reports" || exit 2

# What a consumer in CI usually is: on this machine, often without TLS. The report says that the verdict is not a full one.
case $CONFORM_URL in
  http://localhost[:/]* | http://127.0.0.1[:/]* | http://\[::1\][:/]*) set -- --allow-local --allow-http "$@" ;;
  https://localhost[:/]* | https://127.0.0.1[:/]* | https://\[::1\][:/]*) set -- --allow-local "$@" ;;
  http://*) set -- --allow-http "$@" ;;
esac

# ready FLAG...: true if one push gets 200. Of the flags it takes those that say how the consumer is reached.
ready() {
  set -- "$@" --
  while [ "$1" != -- ]; do
    case $1 in
      --ca | --dns | --allow-net) set -- "$@" "$1" "$2"; shift 2 ;;
      --ca=* | --dns=* | --allow-*) set -- "$@" "$1"; shift ;;
      *) shift ;;
    esac
  done
  shift
  "$program" conform "$url" "$@" --only D3-exactly-200 >/dev/null 2>&1
}

# A consumer that has just been started may not listen yet, or a proxy before it answers 502. One that --exec starts is
# waited for by conform itself.
case " $* " in
  *" --exec"[\ =]*) seconds=0 ;;
esac
deadline=$(($(date +%s) + seconds))
while [ "$(date +%s)" -lt "$deadline" ] && ! ready "$@"; do
  sleep 1
done

exec "$program" conform "$url" "$@" --report text --report "junit=$reports/conform.xml" --report "html=$reports/conform.html"
