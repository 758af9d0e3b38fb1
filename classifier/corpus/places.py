"""Places drawn independently of the label, so that no model learns that a street means a field."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from classifier.corpus import Message
from classifier.corpus.corrupt import without_accents
from classifier.features.names import WORD, is_level
from classifier.normalise import has_accents
from classifier.wards.units import units


def names() -> tuple[str, ...]:
    """Names to draw from: the 126 units."""
    return tuple(unit.name for unit in units())


def moved(message: Message, pool: Sequence[str], rng: random.Random) -> Message:
    """The message with the names in its place words replaced by a drawn one; level words and numbers stay."""
    place = message.place.strip()
    if not place:
        return message
    name = rng.choice(pool)
    elsewhere = _renamed(place, name if has_accents(place) else without_accents(name))
    subject = message.subject.replace(place, elsewhere) if message.subject else message.subject
    return replace(message, text=message.text.replace(place, elsewhere), subject=subject, place=elsewhere)


def _renamed(place: str, name: str) -> str:
    """`ngõ 105 Doãn Kế Thiện` becomes `ngõ 105 <name>`."""
    out: list[str] = []
    named = False
    for match in WORD.finditer(place):
        word = match[0]
        if is_level(word) or any(char.isdigit() for char in word):
            out.append(word)
        elif not named:
            out.append(name.lower() if place.islower() else name)
            named = True
    return " ".join(out)
