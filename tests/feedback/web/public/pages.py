"""A citizen's browser without a screen: fetches a page, fills its form, sends it."""

from __future__ import annotations

import re
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PHONE = "0900 000 012"
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: id="\w+")? value="([^"]*)"')
_CODE = re.compile(r"HN-\d\d-[A-Z0-9]{4}-[A-Z0-9]{2}")


def hidden(client: FlaskClient, path: str) -> dict[str, str]:
    """The hidden fields of the page's forms: token, submission, code."""
    return {name: unescape(value) for name, value in _HIDDEN.findall(client.get(path).text)}


def send(client: FlaskClient, **fields: object) -> TestResponse:
    """Fill and send the start page's form; `fields` replace what is filled in."""
    filled = {**hidden(client, "/"), "text": "Rác ùn ứ đầu ngõ 12 phố Vọng", "phone": PHONE, **fields}
    return client.post("/", data=filled, content_type="multipart/form-data")


def code_of(client: FlaskClient, **fields: object) -> str:
    """Send, and read the code from the page of thanks."""
    response = send(client, **fields)
    assert response.status_code == 303, response.text
    found = _CODE.search(client.get(response.location).text)
    assert found
    return found[0]


def look_up(client: FlaskClient, code: str, contact: str = PHONE) -> TestResponse:
    return client.post("/tra-cuu", data={**hidden(client, "/tra-cuu"), "code": code, "contact": contact})


def act(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    """Send one of the forms of the ticket's page."""
    return client.post(path, data={**hidden(client, "/ho-so"), **fields}, content_type="multipart/form-data")


def fault(page: str, field: str) -> str | None:
    """The sentence beside a field, where its input points at it."""
    found = re.search(rf'<p class="field-error" id="{field}-fault">([^<]*)</p>', page)
    pointed = re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-fault', page)
    return unescape(found[1]) if found and pointed else None
