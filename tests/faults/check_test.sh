#!/usr/bin/env bash
# check_test.sh CHECK: the checker of seeded faults itself, on a made-up project of one clause, one fault and one test.
set -euo pipefail

readonly check=$1
project=$(mktemp -d)
readonly project
trap 'rm -rf "$project"' EXIT
failed=0

# start TEST_PROGRAM_BODY: the project as it should be; the program has the fault's name in $PROSPERO_FAULT.
start() {
  rm -rf "${project:?}"/*
  mkdir -p "$project"/{sdk/src,mock-prospero,docs,bin}
  printf '| R1 | tried again | stated |\n' >"$project/docs/contract.md"
  printf 'if (PROSPERO_FAULT(R1_wrong)) {}\n' >"$project/sdk/src/one.cpp"
  printf '# comment\nR1 | R1_wrong | program | suite/case\n' >"$project/table.txt"
  printf '#!/bin/sh\n%s\n' "$1" >"$project/bin/program"
  chmod +x "$project/bin/program"
}

# expect CODE TEXT: how the checker ends now, and what it says.
expect() {
  local code=0 said
  said=$("$check" "$project" "$project/bin" "$project/table.txt" 2>&1) || code=$?
  if [[ $code -ne $1 || $said != *"$2"* ]]; then
    printf 'expected exit code %d and "%s", got %d:\n%s\n' "$1" "$2" "$code" "$said"
    failed=1
  fi
}

# Quoted for the made-up program, which expands them.
# shellcheck disable=SC2016
readonly good='[ "$2" = "" ] && [ "$1" = --run_test=suite/case ] || exit 3; [ "$PROSPERO_FAULT" != R1_wrong ] || exit 201'

start "$good"
expect 0 '1 seeded faults, 1 noticed, 0 problems'
start 'exit 0'
expect 1 'R1_wrong: NOT NOTICED by program suite/case'
start 'exit 201'
expect 1 'does not pass without the fault'
# shellcheck disable=SC2016
start '[ "$PROSPERO_FAULT" = "" ] || kill -SEGV $$'
expect 1 'which is no failed assertion'
start "$good" && printf 'PROSPERO_FAULT(R1_more)' >>"$project/sdk/src/one.cpp"
expect 1 'R1_more is planted but has no row'
start "$good" && printf 'R1 | R1_less | program | suite/case\n' >>"$project/table.txt"
expect 1 'R1_less has a row but is planted nowhere'
start "$good" && printf 'PROSPERO_FAULT(R1_wrong)' >"$project/mock-prospero/two.cpp"
expect 1 'R1_wrong is planted twice'
start "$good" && printf '| R2 | another | chosen |\n' >>"$project/docs/contract.md"
expect 1 'clause R2 has no row'
start "$good" && printf '| R2 | another | chosen |\n' >>"$project/docs/contract.md" && printf 'R2 | - | nothing decides it\n' >>"$project/table.txt"
expect 0 '1 seeded faults, 1 noticed, 0 problems'
start "$good" && printf '## What follows for a consumer\n1. Answer at once.\n' >>"$project/docs/contract.md"
expect 1 'clause C1 has no row'
start "$good" && printf 'Q7 | - | why\n' >>"$project/table.txt"
expect 1 'is no clause'
start "$good" && sed -i 's/R1_wrong/wrong/' "$project/table.txt" "$project/sdk/src/one.cpp"
expect 1 'must begin with its clause'
start "$good" && : >"$project/table.txt"
expect 1 '0 seeded faults'
exit "$failed"
