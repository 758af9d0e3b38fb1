"""gunicorn settings of both web surfaces. No access log: paths carry ticket codes."""

from __future__ import annotations

import os
from pathlib import Path

from feedback import logs
from feedback.settings import Settings

_settings = Settings.from_env(os.environ)

worker_class = "feedback.web.patience.PatientWorker"
workers = _settings.web.workers
threads = _settings.web.threads
timeout = 30
# Shorter than the five seconds after which honcho kills.
graceful_timeout = 4
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
# A heartbeat file on a slow disk blocks the worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1,::1" if _settings.web.trusted_proxies else ""
logconfig_dict = logs.configuration(_settings.log)
loglevel = _settings.log.level.lower()
