#!/usr/bin/env bash
# The backup of docs/operations.md, of an inbox in use: what was answered 200 is in the copy. Usage: sqlite3.sh BIN_DIR SOURCE_DIR
# shellcheck disable=SC1091,SC2154
source "$(dirname "$0")/consumer.inc.sh"

consume --self-signed "$work/tls" --workers 0
push "$url"
bash -euc "$(block backup | sed -e "s|/var/lib/sample-consumer|$work|" -e "s|/var/backups/inbox.db|$work/copy.db|")"
[[ $(sqlite3 "$work/copy.db" "SELECT count(*) FROM arrival WHERE state = 'pending'") == 1 ]]
