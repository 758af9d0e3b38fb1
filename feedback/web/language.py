"""Vietnamese, or English on wish (`?lang=en`, remembered in a cookie). The source texts are Vietnamese."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, g, has_request_context, request
from flask_babel import Babel
from flask_babel import gettext as _gettext

from feedback.web.current import here

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
DEFAULT = "vi"
COOKIE = "lang"
TRANSLATIONS = Path(__file__).parent / "translations"
_REMEMBERED = timedelta(days=365)


def install(flask_app: Flask) -> None:
    Babel(
        flask_app,
        default_locale=DEFAULT,
        default_timezone="Asia/Ho_Chi_Minh",
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=chosen,
    )
    flask_app.after_request(_remember)
    flask_app.context_processor(_for_templates)
    flask_app.add_template_filter(translated, "translated")


def chosen() -> str:
    """The language of this request."""
    if not has_request_context():
        return DEFAULT
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return wish
    return DEFAULT


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in LANGUAGES and not g.get("stateless"):
        response.set_cookie(
            COOKIE, wish, max_age=_REMEMBERED, httponly=True, samesite="Lax", secure=here().secure
        )
    return response


def _for_templates() -> dict[str, object]:
    return {"lang": chosen(), "languages": LANGUAGES}


def gettext(text: str, **values: object) -> str:
    """`text` in the language of this request; %(name)s places take `values`."""
    return str(_gettext(text, **values))


def translated(text: str) -> str:
    """A sentence that comes as a value. Unlike `_` in a template it takes no places, so a stray % in it is just a %."""
    return str(_gettext(text))
