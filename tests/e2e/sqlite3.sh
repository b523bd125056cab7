#!/usr/bin/env bash
# The backup of docs/operations.md, of an inbox in use: what was answered 200 is in the copy. And its restore, after a
# crash: the consumer starts on the copy, which it refuses beside the log of before. Usage: sqlite3.sh BIN_DIR SOURCE_DIR
# shellcheck disable=SC1091,SC2154
source "$(dirname "$0")/consumer.inc.sh"

consume --self-signed "$work/tls" --workers 0
push "$url"
bash -euc "$(block backup | sed -e "s|/var/lib/sample-consumer|$work|" -e "s|/var/backups/inbox.db|$work/copy.db|")"
[[ $(sqlite3 "$work/copy.db" "SELECT count(*) FROM arrival WHERE state = 'pending'") == 1 ]]

"$bin/mock-prospero" push "$url" --event offer.updated --ca "$work/tls/ca.pem" --allow-local >/dev/null
kill -9 "${running[-1]}"
wait "${running[-1]}" || true
mkdir "$work/backups"
mv "$work/copy.db" "$work/backups/inbox.db"
bash -euc "$(block restore | sed -e "s|/var/lib/sample-consumer|$work|g" -e "s|/var/backups|$work/backups|g")"
consume --self-signed "$work/tls" --workers 0
[[ $("$bin/sample-consumer" inbox list --inbox "sqlite:$work/inbox.db" --json | wc -l) == 1 ]]
push "$url"
