#!/usr/bin/env bash
# What sslscan finds on a real consumer: TLS 1.2 and 1.3, forward secrecy, AEAD. Usage: sslscan.sh BIN_DIR SOURCE_DIR
# shellcheck disable=SC1091,SC2154
source "$(dirname "$0")/consumer.inc.sh"

consume --self-signed "$work/tls"
sslscan --no-colour --sni-name=localhost "127.0.0.1:$port" >"$work/sslscan.log"
for version in SSLv2 SSLv3 TLSv1.0 TLSv1.1; do grep -qE "^$version +disabled" "$work/sslscan.log"; done
for version in TLSv1.2 TLSv1.3; do grep -qE "^$version +enabled" "$work/sslscan.log"; done
if grep -E "Compression enabled|ffdhe|Insecure" "$work/sslscan.log"; then fail "that should not be offered"; fi
grep -qE "^(Preferred|Accepted) +TLSv1.2" "$work/sslscan.log"
ciphers=$(grep -E "^(Preferred|Accepted) " "$work/sslscan.log")
weak=$(grep -vE " (ECDHE-[A-Z]+-(AES[0-9]+-GCM-SHA[0-9]+|CHACHA20-POLY1305)|TLS_(AES_[0-9]+_GCM|CHACHA20_POLY1305)_SHA[0-9]+) " \
  <<<"$ciphers" || true)
[[ -z $weak ]] || fail "weak ciphers are accepted: $weak"
