#!/usr/bin/env bash
# usage: run.sh PROGRAMS PACKAGES SCREENSHOTS TEST...
# Runs tests of the page with the programs in PROGRAMS. What they need from npm is put into PACKAGES unless it is there;
# pictures go to SCREENSHOTS. Exit code 77: skipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
programs=$1
packages=$2
screenshots=$3
shift 3

CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
for tool in node npm; do
  command -v "$tool" >/dev/null || { echo "skipped: no $tool here"; exit 77; }
done
[[ -n $CHROMIUM ]] || { echo "skipped: no Chromium here; CHROMIUM=PATH names one"; exit 77; }

mkdir -p "$packages" "$screenshots"
if ! cmp -s "$here/package-lock.json" "$packages/package-lock.json" || [[ ! -d $packages/node_modules/playwright-core ]]; then
  rm -f "$packages/package-lock.json"
  cp "$here/package.json" "$packages/"
  cp "$here/package-lock.json" "$packages/npm-shrinkwrap.json"
  npm ci --prefix "$packages" --ignore-scripts --no-audit --no-fund ||
    { echo "cannot fetch the packages of package.json into $packages: see above, and mend the network"; exit 1; }
  cp "$here/package-lock.json" "$packages/"
fi
export CHROMIUM PROGRAMS=$programs PACKAGES=$packages SCREENSHOTS=$screenshots
cd "$here"
exec node --test --test-reporter=spec "$@"
