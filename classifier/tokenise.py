"""The only door to underthesea: spelling normalisation and sentence splitting.

The import is slow (0.6–0.9 s, 105 MB), so it happens at the first call. The library is a help, not a need: where
it fails on odd input the text is handed back as it came.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

# Longer texts are cut before they reach the library: its cost grows with length and nothing below reads further.
MAX_CHARS = 20_000
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")


@lru_cache(maxsize=1)
def _library() -> Any:
    import underthesea

    return underthesea


def normalise_text(text: str) -> str:
    """Tone placement and wrong Unicode put right by `underthesea.text_normalize`; odd input comes back unchanged."""
    if not text.strip():
        return text
    try:
        return str(_library().text_normalize(text[:MAX_CHARS])) + text[MAX_CHARS:]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        return text


def sentences(text: str) -> list[str]:
    """Sentences in order, blank ones left out; falls back to splitting at full stops and line ends."""
    if not text.strip():
        return []
    try:
        found = _library().sent_tokenize(text[:MAX_CHARS])
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        found = _SENTENCE_END.split(text)
    return [sentence.strip() for sentence in found if sentence.strip()]
