#!/usr/bin/env bash
# nothing_ships.sh TABLE FILE...: no seeded fault is in what an ordinary build makes.
set -euo pipefail
table=$1
shift
mapfile -t names < <(sed -nE 's/^[A-Z][0-9]+ \| ([A-Za-z0-9_]+) .*/\1/p' "$table")
[[ ${#names[@]} -gt 0 ]] || { echo "no fault in $table"; exit 1; }
if grep -lF -f <(printf '%s\n' PROSPERO_FAULT "${names[@]}") "$@"; then
  echo "the files above hold a seeded fault"
  exit 1
fi
