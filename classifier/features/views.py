"""The two readings of a message that features are counted on: as written (tidied) and without accents."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from classifier import tokenise
from classifier.features.names import blanked
from classifier.normalise import Folded, fold
from classifier.prediction import Evidence, Query

# A longer text is read at its beginning and its end: that is where people say what they want.
HEAD_CHARS = 4_000
TAIL_CHARS = 1_500
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
# Tone marks in the old place (hoà, khoẻ, thuỷ), stray combining marks and eth for đ: rare, so only such texts are
# handed to underthesea (docs/adr/0004-classifier.md).
_UNUSUAL = re.compile(r"o[àáảãạèéẻẽẹ]\b|u[ỳýỷỹỵ]\b|[\u0300-\u036fðÐƉ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Views:
    """`written` keeps its accents, `folded.text` has none; both are lower case."""

    written: str
    folded: Folded

    @property
    def plain(self) -> str:
        """The reading without accents."""
        return self.folded.text


def clipped(text: str) -> str:
    """The part of a text that is read."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text
    return text[:HEAD_CHARS] + " … " + text[-TAIL_CHARS:]


def joined(text: str, subject: str | None) -> str:
    """Subject and text as one."""
    return f"{subject}\n{text}" if subject else text


def tidy(text: str) -> str:
    """Markup dropped, Unicode composed, old tone placement and `quáááá` put right."""
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", text))
    text = unicodedata.normalize("NFC", text)
    text = _REPEATED.sub(r"\1", text)
    if _UNUSUAL.search(text):
        text = unicodedata.normalize("NFC", tokenise.normalise_text(text))
    return text.lower()


def views(text: str, subject: str | None = None) -> Views:
    """Both readings of a message; total for any text."""
    written = tidy(clipped(joined(text, subject)))
    return Views(written, fold(written))


def read_query(query: Query, places: Iterable[Evidence]) -> Views:
    """Both readings of a message without the names of its places, whose words would be taken for the matter."""
    spans = tuple(places)
    subject = blanked(query.subject, spans, in_subject=True) if query.subject else None
    return views(blanked(query.text, spans, in_subject=False), subject)
