#!/usr/bin/env bash
# The nginx configuration of docs/operations.md before a real consumer. Usage: nginx.sh BIN_DIR SOURCE_DIR
# shellcheck disable=SC1091,SC2154
source "$(dirname "$0")/consumer.inc.sh"

# Certificates, from a first run with TLS of its own.
consume --self-signed "$work/tls"
kill "${running[0]}"
wait "${running[0]}"
running=()
rm "$work/inbox.db"*

consume --http --trust-proxy 127.0.0.1 --admin 127.0.0.1:0
upstream=$port
until admin_url=$(sed -n 2p "$work/consumer.out") && [[ -n $admin_url ]]; do kill -0 "${running[0]}"; done
proxy_port=$(shuf -i 20000-29999 -n 1)  # nginx cannot tell a port that the system chose
{
  printf 'daemon off;\nmaster_process off;\npid %s/nginx.pid;\nevents {}\nhttp {\n' "$work"
  for kind in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/%s;\n' "$kind" "$work" "$kind"; done
  block nginx | sed -e "s|listen 443 ssl|listen 127.0.0.1:$proxy_port ssl|" -e "s|127.0.0.1:8080|127.0.0.1:$upstream|" \
    -e "s|/etc/ssl/hooks/fullchain.pem|$work/tls/cert.pem|" -e "s|/etc/ssl/hooks/privkey.pem|$work/tls/key.pem|"
  printf '}\n'
} >"$work/nginx.conf"
nginx -e "$work/nginx.log" -t -c "$work/nginx.conf" 2>>"$work/nginx-out.log"
nginx -e "$work/nginx.log" -c "$work/nginx.conf" 2>>"$work/nginx-out.log" &
running+=("$!")
until (exec 3<>"/dev/tcp/127.0.0.1/$proxy_port") 2>/dev/null; do kill -0 "${running[1]}"; done

push "https://localhost:$proxy_port/hook/secret"
status=$(curl -s -o /dev/null -w '%{http_code}' --cacert "$work/tls/ca.pem" -X POST "https://localhost:$proxy_port/other")
[[ $status == 404 ]]
if grep -s secret "$work"/nginx*.log; then fail "nginx has logged the secret path"; fi

# What is too large is refused by the consumer, which tells of it; nginx would not.
head -c 18000000 /dev/zero >"$work/large"
for framing in "Expect:" "Transfer-Encoding: chunked"; do
  status=$(curl -s -o /dev/null -w '%{http_code}' --cacert "$work/tls/ca.pem" -H "$framing" \
    --data-binary "@$work/large" "https://localhost:$proxy_port/hook/secret")
  [[ $status == 413 ]]
done
[[ $(curl -s "${admin_url}metrics" | grep '^prospero_pushes_too_large_total') == "prospero_pushes_too_large_total 2" ]]
grep -q "answered 413" "$work/consumer.log"

# Without a consumer behind it Prospero is told so in time, and nothing is logged.
kill "${running[0]}"
wait "${running[0]}"
if push "https://localhost:$proxy_port/hook/secret"; then fail "nobody was there, and it was answered 200"; fi
if grep -s secret "$work"/nginx*.log; then fail "nginx has logged the secret path"; fi
