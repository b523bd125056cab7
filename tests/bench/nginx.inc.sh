# shellcheck shell=bash disable=SC2154
# Sourced by the benches beside it, which have made $folder: a certificate, and the nginx that they are compared with.

make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=127.0.0.1 \
    -addext subjectAltName=IP:127.0.0.1 -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
}

free_port() { echo $((20000 + (RANDOM % 30000))); }

# wait_for ID PORT: until the process answers there; false if it ends before, or takes over 10 s.
wait_for() {
  local id=$1 at=$2
  for _ in {1..100}; do
    kill -0 "$id" 2>/dev/null || return 1
    if curl -s -o "$folder/answer" --cacert "$folder/cert.pem" "https://127.0.0.1:$at/"; then return 0; fi
    sleep 0.1
  done
  return 1
}

nginx_id='' nginx_port=''
stop_nginx() {
  [[ -z $nginx_id ]] || { kill "$nginx_id" && wait "$nginx_id"; } 2>/dev/null || true
  nginx_id=''
}

# start_nginx WORKERS [COMMAND PREFIX...]: answers every request with 200 over TLS 1.3, without session tickets, on
# $nginx_port. nginx takes no port 0, so a free one is tried until one is not taken meanwhile.
start_nginx() {
  local workers=$1
  shift
  for _ in {1..20}; do
    nginx_port=$(free_port)
    cat >"$folder/nginx.conf" <<CONF
worker_processes $workers;
daemon off;
pid $folder/pid;
error_log $folder/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $folder/body;
  proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi;
  uwsgi_temp_path $folder/uwsgi;
  scgi_temp_path $folder/scgi;
  keepalive_requests 100000000;
  server {
    listen 127.0.0.1:$nginx_port ssl backlog=4096;
    ssl_certificate $folder/cert.pem;
    ssl_certificate_key $folder/key.pem;
    ssl_protocols TLSv1.3;
    ssl_session_tickets off;
    location / { return 200; }
  }
}
CONF
    "$@" nginx -e "$folder/error.log" -c "$folder/nginx.conf" 2>/dev/null &
    nginx_id=$!
    wait_for "$nginx_id" "$nginx_port" && return 0
    stop_nginx
  done
  echo "$(basename "$0"): nginx does not start: $(tail -n 1 "$folder/error.log")" >&2
  return 1
}
