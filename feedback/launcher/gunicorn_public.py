"""gunicorn settings of the citizens' surface."""

from feedback.launcher.gunicorn_conf import *  # noqa: F403
from feedback.launcher.gunicorn_conf import _settings

proc_name = "feedback-public"
bind = f"{_settings.web.public.host}:{_settings.web.public.port}"
