#!/usr/bin/env bash
# command_test.sh PROGRAM: exit codes, outputs and help of `mock-prospero simulate`.
set -euo pipefail

readonly program=$1
failed=0

# expect CODE TEXT ARGUMENT...: how it ends and a part of what it prints.
expect() {
  local code=0 said wanted_code=$1 wanted=$2
  shift 2
  said=$("$program" simulate "$@" 2>&1) || code=$?
  if [[ $code -ne $wanted_code || $said != *"$wanted"* ]]; then
    printf 'simulate %s: expected exit code %d and "%s", got %d:\n%s\n' "$*" "$wanted_code" "$wanted" "$code" "$said"
    failed=1
  fi
}

expect 0 'every requirement held' --seed 1 --runs 20
expect 0 'seed 5, runs 1' --seed 5
expect 0 'options: clock ' --seed 5
expect 0 '"held":true' --seed 1 --runs 20 --json
expect 0 'simulate --seed 1 --runs 10000' --help
expect 2 '--runs' --runs 0
expect 2 '--seed' --seed many
expect 2 '--seed' --seed -1
expect 0 'options of the first run' --seed 5 --runs 3
expect 2 '--loops' --loops

once=$("$program" simulate --seed 9 --runs 30 --json 2>/dev/null)
again=$("$program" simulate --seed 9 --runs 30 --json 2>/dev/null)
if [[ $once != "$again" ]]; then
  printf 'the same seeds gave two reports:\n%s\n%s\n' "$once" "$again"
  failed=1
fi
exit "$failed"
