#!/usr/bin/env bash
# check_faults.sh PROGRAM TABLE TOP: switches each fault of TABLE on, one at a time, and demands that `PROGRAM simulate`
# fails within 1,000 runs and names the fault's clause. PROGRAM is mock-prospero of preset `faults`, TOP the source tree.
set -euo pipefail

readonly program=$1 table=$2 top=$3
readonly runs_max=1000 exit_failed=1
problems=0
found=0

problem() {
  printf 'simulated faults: %s\n' "$*" >&2
  problems=$((problems + 1))
}

rows() { sed -E -e 's/#.*//' -e '/^[[:space:]]*$/d' -e 's/[[:space:]]//g' "$table"; }

# seed_naming CLAUSE: the seed of the first run, up to the last one allowed, whose failure names the clause.
seed_naming() {
  local clause=$1 first=1 out code
  while [[ $first -le $runs_max ]]; do
    code=0
    out=$("$program" simulate --seed "$first" --runs $((runs_max - first + 1)) 2>/dev/null) || code=$?
    [[ $code -eq $exit_failed ]] || return 1
    local seed
    seed=$(sed -nE 's/^FAILED: seed ([0-9]+)$/\1/p' <<<"$out")
    if grep -q "^  $clause: " <<<"$out"; then
      printf '%s\n' "$seed"
      return
    fi
    first=$((seed + 1))
  done
  return 1
}

PROSPERO_FAULT='' "$program" simulate --seed 1 --runs "$runs_max" >/dev/null 2>&1 || problem "the runs do not hold without a fault"
while IFS='|' read -r clause fault; do
  grep -rqF --include='*.cpp' "PROSPERO_FAULT($fault)" "$top/mock-prospero" || problem "$fault is planted nowhere"
  if seed=$(PROSPERO_FAULT=$fault seed_naming "$clause"); then
    printf '%-48s %s by seed %s\n' "$fault" "$clause" "$seed"
    found=$((found + 1))
  else
    problem "$fault: $runs_max runs and none fails by $clause"
  fi
done < <(rows)
printf '%d seeded faults found by the simulator, %d problems\n' "$found" "$problems"
[[ $found -gt 0 && $problems -eq 0 ]]
