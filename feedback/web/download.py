"""Files for people to keep: under a name, and in no cache."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response


def file(content: bytes | str, kind: str, name: str) -> Response:
    """`kind` without a charset; the content is UTF-8."""
    return Response(
        content,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def json_file(content: Mapping[str, Any], name: str) -> Response:
    """A JSON object, indented for readers."""
    return file(json.dumps(content, ensure_ascii=False, indent=2), "application/json", name)
