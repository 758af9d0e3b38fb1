"""The two web surfaces. `create_app` assembles them; nothing is made at import."""

from feedback.web.factory import SurfaceName, create_app

__all__ = ["SurfaceName", "create_app"]
