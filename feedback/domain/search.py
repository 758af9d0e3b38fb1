"""How text is compared where people type without accents."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\W+")


def fold(text: str) -> str:
    """Lower case, without accents and punctuation, words separated by one blank ("Đống Đa," → "dong da")."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACE.sub(" ", bare.replace("đ", "d").replace("ð", "d")).strip()
