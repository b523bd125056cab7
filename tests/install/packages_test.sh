#!/usr/bin/env bash
# Packs the build as a release is packed, and uses what comes out. Usage: packages_test.sh SOURCE BUILD WORK VERSION
set -Eeuo pipefail
source=$1 build=$2 work=$3 version=$4
trap 'echo "packages_test.sh: line $LINENO did not hold: $BASH_COMMAND" >&2' ERR
rm -rf "$work"
mkdir -p "$work/packages" "$work/tar"
consumer=
trap '[[ -z $consumer ]] || kill "$consumer" 2>/dev/null || true' EXIT

cpack --config "$build/CPackConfig.cmake" -B "$work/packages" >"$work/cpack.log"

echo "tarball"
tar -xzf "$work"/packages/prospero-webhooks-"$version"-Linux-*.tar.gz -C "$work/tar" --strip-components=1
bin=$work/tar/bin
[[ $("$bin/mock-prospero" --version) == "mock-prospero $version" ]]
[[ $("$bin/sample-consumer" --version) == "sample-consumer $version" ]]
[[ -s $work/tar/include/prospero/webhooks/webhooks.hpp && -s $work/tar/share/doc/mock-prospero/conformance.md ]]
# (Line tables in static libraries do hold paths.)
if grep -rlF --exclude='*.a' "$source" "$work/tar"; then echo "these hold the path of the sources" >&2; exit 1; fi

echo "the script for CI, from the tarball, on the consumer of the tarball"
"$bin/sample-consumer" --listen 127.0.0.1:0 --self-signed "$work/tls" --inbox "sqlite:$work/inbox.db" \
  >"$work/consumer.out" 2>"$work/consumer.log" &
consumer=$!
for ((turn = 0; turn < 200; ++turn)); do
  [[ -s $work/consumer.out ]] && break
  sleep 0.05
done
url=$(grep -o 'https://[^ ]*' "$work/consumer.out")
MOCK_PROSPERO=$bin/mock-prospero REPORTS=$work/reports "$work/tar/share/mock-prospero/ci/conform.sh" "$url" \
  --ca "$work/tls/ca.pem" --only D3-exactly-200,E
grep -q 'failures="0" errors="0"' "$work/reports/conform.xml"
[[ -s $work/reports/conform.html ]]

if ! command -v dpkg-shlibdeps >/dev/null; then
  echo "no dpkg-shlibdeps: no Debian packages"
  exit 0
fi
# deb NAME FILE DEPENDENCY: the package has the file and depends on what it needs.
deb() {
  local package
  package=$(echo "$work"/packages/"$1"_"$version"_*.deb)
  basename "$package"
  [[ $(dpkg-deb -f "$package" Package Version | tr '\n' ' ') == "Package: $1 Version: $version " ]]
  dpkg-deb -f "$package" Depends | grep -F "$3" >/dev/null
  dpkg-deb --contents "$package" | grep " \./usr/$2\$" >/dev/null
  dpkg-deb -x "$package" "$work/deb"
}
deb mock-prospero bin/mock-prospero libssl3
deb sample-consumer bin/sample-consumer libsqlite3-0
deb libprospero-webhooks-dev include/prospero/webhooks/webhooks.hpp libboost-json1.81-dev
[[ $("$work/deb/usr/bin/mock-prospero" --version) == "mock-prospero $version" ]]
[[ -s $work/deb/usr/share/doc/mock-prospero/copyright ]]
if dpkg-deb --contents "$work"/packages/mock-prospero_*.deb | grep '/include/' >/dev/null; then
  echo "the package of the mock has parts of the SDK" >&2
  exit 1
fi
