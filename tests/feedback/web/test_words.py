"""Every sentence of the desk exists in English, and the compiled catalogue is the written one."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import feedback.web
from feedback.domain import reasons
from feedback.domain.errors import DomainError
from feedback.domain.routing import Because

WEB = Path(feedback.web.__file__).parent
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "InvalidInput": None}
PLACES = re.compile(r"%\((\w+)\)s")


def sentences() -> set[str]:
    found = set()
    for folder in ("desk", "templates/desk", "templates/security", "templates/errors"):
        for _, _, text, _, _ in extract_from_dir(str(WEB / folder), METHODS, keywords=KEYWORDS):
            found.add(str(text))
    titles = {reason.title for rows in reasons.BY_ACTION.values() for reason in rows}
    titles |= {because.title_vi for because in Because}
    return found | titles | {kind.default_vi for kind in DomainError.__subclasses__()}


def catalogue() -> dict[str, str]:
    with (WEB / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        return {str(row.id): str(row.string) for row in read_po(file) if row.id}


def test_every_sentence_has_its_translation() -> None:
    english = catalogue()
    assert len(sentences()) > 200
    assert sorted(text for text in sentences() if not english.get(text)) == []
    for text in sentences():
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(english[text])), text


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (WEB / "translations/en/LC_MESSAGES/messages.mo").open("rb") as file:
        compiled = {str(row.id): str(row.string) for row in read_mo(file) if row.id}
    assert compiled == {key: value for key, value in catalogue().items() if value}
