"""Uploads of citizens: handed over as a download, never shown inside a page of ours."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, send_file

from feedback.domain.permissions import Action
from feedback.services import read
from feedback.web.access import me, requires
from feedback.web.current import app

blueprint = Blueprint("files", __name__)


@blueprint.get("/tep/<int:attachment_id>")
@requires(Action.READ)
def download(attachment_id: int) -> Response:
    found = read.open_upload(app(), me(), attachment_id)
    response = send_file(
        BytesIO(found.data), mimetype=found.content_type, as_attachment=True, download_name=found.name
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
