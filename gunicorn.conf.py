"""How gunicorn serves the register; it reads this file by itself when started in this folder.

What stands on its command line wins over what stands here. docs/operating.md says why each is so.
"""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WORKERS", "2"))
worker_class = "app.http.serving.gunicorn_worker.RegisterWorker"
threads = int(os.environ.get("THREADS", "8"))
keepalive = 15
timeout = 60
limit_request_line = 8190
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else "/tmp"  # noqa: S108
control_socket_disable = True
loglevel = "warning"

forwarded_allow_ips = ""
forwarder_headers = ""
secure_scheme_headers: dict[str, str] = {}
header_map = "drop"
"""No header says by itself who calls, by which scheme, or where the program stands; X-Forwarded-*
is read by the register alone, as far as PROXY_HOPS says."""
