#!/usr/bin/env bash
# check.sh TOP BIN [TABLE]: switches each seeded fault of the table on, one at a time, and demands that its test fails
# by a failed assertion, and passes without the fault. TOP is the source tree, BIN the programs of preset `faults`.
set -euo pipefail

readonly top=$1 bin=$2 table=${3:-$1/tests/faults/table.txt}
readonly seconds_max=60 failed_assertion=201  # Boost.Test's exit code for a case that failed
problems=0

problem() {
  printf 'faults: %s\n' "$*" >&2
  problems=$((problems + 1))
}

# Lines `clause|fault|program|case`, without comments and blanks.
rows() { sed -E -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]*\|[[:space:]]*/|/g' -e 's/^[[:space:]]+|[[:space:]]+$//g' "$table"; }
planted() { grep -rhoE 'PROSPERO_FAULT\([A-Za-z0-9_]+\)' "$top/sdk/src" "$top/mock-prospero" --include='*.cpp' | sed -E 's/.*\((.*)\)/\1/' | sort || true; }
# Those of the tables, and what follows for a consumer as C1, C2, ...
clauses() {
  sed -nE 's/^\| ([DRXESTGH][0-9]+) \|.*/\1/p' "$top/docs/contract.md"
  sed -nE '/^## What follows for a consumer/,$ s/^([0-9]+)\. .*/C\1/p' "$top/docs/contract.md"
}
only_in_first() { comm -23 <(printf '%s\n' "$1") <(printf '%s\n' "$2"); }

check_names() {
  local known table_faults code_faults name clause fault rest
  known=$(clauses)
  table_faults=$(rows | awk -F'|' '$2 != "-" {print $2}' | sort)
  code_faults=$(planted)
  for name in $(uniq -d <<<"$code_faults"); do problem "$name is planted twice"; done
  for name in $(uniq -d <<<"$table_faults"); do problem "$name has two rows"; done
  for name in $(only_in_first "$code_faults" "$table_faults"); do problem "$name is planted but has no row in $table"; done
  for name in $(only_in_first "$table_faults" "$code_faults"); do problem "$name has a row but is planted nowhere"; done
  while IFS='|' read -r clause fault rest; do
    grep -qx "$clause" <<<"$known" || problem "$clause of $fault is no clause of docs/contract.md"
    [[ $fault == - || $fault == "${clause}"_* ]] || problem "$fault must begin with its clause, ${clause}_"
    [[ $fault != - || -n $rest ]] || problem "$clause has neither a fault nor a reason"
  done < <(rows)
  for clause in $known; do
    grep -q "^$clause|" <<<"$(rows)" || problem "clause $clause has no row in $table"
  done
}

# try FAULT PROGRAM CASE: prints one line, `noticed` or what is wrong.
try() {
  local fault=$1 program=$2 case=$3 code=0
  PROSPERO_FAULT='' timeout "$seconds_max" "$bin/$program" --run_test="$case" >/dev/null 2>&1 || code=$?
  if [[ $code -ne 0 ]]; then
    printf '%s: %s %s does not pass without the fault (exit code %d)\n' "$fault" "$program" "$case" "$code"
    return
  fi
  PROSPERO_FAULT=$fault timeout "$seconds_max" "$bin/$program" --run_test="$case" >/dev/null 2>&1 || code=$?
  case $code in
    "$failed_assertion") printf 'noticed\n' ;;
    0) printf '%s: NOT NOTICED by %s %s\n' "$fault" "$program" "$case" ;;
    *) printf '%s: %s %s ended with %d, which is no failed assertion\n' "$fault" "$program" "$case" "$code" ;;
  esac
}
export -f try
export BOOST_TEST_CATCH_SYSTEM_ERRORS=no  # a crash ends the program by its signal, not with the code of a failed assertion
export bin seconds_max failed_assertion

check_names
results=$(rows | awk -F'|' '$2 != "-" {print $2; print $3; print $4}' |
  xargs -d '\n' -r -n 3 -P "$(nproc)" bash -c 'try "$@"' try)
noticed=$(grep -cx noticed <<<"$results" || true)
while read -r line; do [[ -z $line || $line == noticed ]] || problem "$line"; done <<<"$results"
total=$(rows | awk -F'|' '$2 != "-"' | wc -l)
printf '%d seeded faults, %d noticed, %d problems\n' "$total" "$noticed" "$problems"
[[ $total -gt 0 && $problems -eq 0 ]]
