#!/usr/bin/env bash
# The table of docs/assumptions.md has one row for every clause that is our choice, as a whole or in part, with the value
# and the flag that `mock-prospero contract --json` says; and no others. Usage: assumptions_test.sh PAGE.md MOCK_PROSPERO
set -euo pipefail
page=$1 mock=$2

# One line "id<TAB>value<TAB>flag" a clause; section H is a rule for consumers, kept in docs/contract.md.
in_code=$("$mock" contract --json | jq -r '.clauses[] | select((.mark == "chosen" or .note != null) and (.id | startswith("H") | not))
  | [.id, .value // "—", .flag // "—"] | @tsv')
in_page=$(sed -nE 's/^\| ([A-Z][0-9]+) \| .* \| (.*) \| (.*) \|$/\1\t\2\t\3/p' "$page" | tr -d '`')
diff <(echo "$in_code") <(echo "$in_page") || {
  echo "docs/assumptions.md (>) differs from mock-prospero contract --json (<)" >&2
  exit 1
}
echo "$(wc -l <<<"$in_page") clauses agree"
