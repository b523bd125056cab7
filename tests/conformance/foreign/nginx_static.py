"""nginx that answers 200 to everything at one path: nginx_static.py CERT KEY PATH FOLDER NGINX. Prints its URL."""
import os
import pathlib
import socket
import sys

CERT, KEY, PATH, FOLDER, NGINX = sys.argv[1:]

with socket.socket() as free:  # nginx cannot tell which port the system gave it
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]

config = pathlib.Path(FOLDER) / "nginx.conf"
config.write_text(f"""
daemon off;
master_process off;
pid {FOLDER}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  server_tokens off;
  client_max_body_size 1m;
  client_body_temp_path {FOLDER}/body;
  proxy_temp_path {FOLDER}/proxy;
  fastcgi_temp_path {FOLDER}/fastcgi;
  uwsgi_temp_path {FOLDER}/uwsgi;
  scgi_temp_path {FOLDER}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl backlog=512;
    ssl_certificate {CERT};
    ssl_certificate_key {KEY};
    ssl_protocols TLSv1.2 TLSv1.3;
    location = {PATH} {{
      if ($request_method != POST) {{ return 405; }}
      return 200;
    }}
    location / {{ return 404; }}
  }}
}}
""")
print(f"https://127.0.0.1:{port}{PATH}", flush=True)
os.execv(NGINX, [NGINX, "-p", FOLDER, "-e", "stderr", "-c", str(config)])
