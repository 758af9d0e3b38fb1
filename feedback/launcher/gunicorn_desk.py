"""gunicorn settings of the staff's desk."""

from feedback.launcher.gunicorn_conf import *  # noqa: F403
from feedback.launcher.gunicorn_conf import _settings

proc_name = "feedback-desk"
bind = f"{_settings.web.desk.host}:{_settings.web.desk.port}"
