"""Every sentence of the citizens' pages exists in English, with the same places to fill in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import feedback.web
from tests.feedback.web.public.pages import send

WEB = Path(feedback.web.__file__).parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_PLACE = re.compile(r"%\((\w+)\)s")


def sentences() -> set[str]:
    found: set[str] = set()
    for folder in ("public", "templates/public"):
        for _, _, text, _, _ in extract_from_dir(str(WEB / folder), METHODS):
            found.add(str(text))
    return found


def test_every_sentence_has_its_translation() -> None:
    with (WEB / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        english = {str(m.id): str(m.string) for m in read_po(file) if m.id}
    assert len(sentences()) > 90
    assert sorted(text for text in sentences() if not english.get(text)) == []
    for text in sentences():
        assert _PLACE.findall(text) == _PLACE.findall(english[text])


@pytest.mark.parametrize(
    ("language", "heading"),
    [("vi", "Anh/chị muốn phản ánh điều gì?"), ("en", "What would you like to tell us?")],
)
def test_the_language_is_chosen_once_and_remembered(client: FlaskClient, language: str, heading: str) -> None:
    client.get(f"/?lang={language}")
    page = client.get("/").text
    assert f'<html lang="{language}">' in page
    assert heading in page


def test_errors_speak_the_chosen_language_too(client: FlaskClient) -> None:
    client.get("/?lang=en")
    assert "Please write your message." in send(client, text="").text
    assert "Not found" in client.get("/nothing").text
