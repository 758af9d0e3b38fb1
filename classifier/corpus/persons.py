"""Persons named anew, so that no model learns that a name means a field."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

from classifier import pii
from classifier.corpus import Message, places
from classifier.corpus.corrupt import without_accents
from classifier.normalise import has_accents


def names(messages: Iterable[Message]) -> tuple[str, ...]:
    """Names to draw from: all that stand in the messages, each once, in alphabetical order."""
    found = {text[each.start : each.end] for text in _texts(messages) for each in _persons(text)}
    return tuple(sorted(name for name in found if name.istitle() and has_accents(name)))


def redrawn(message: Message, pool: Sequence[str], people: Sequence[str], rng: random.Random) -> Message:
    """The message with another place of `pool` and other persons of `people`."""
    moved = places.moved(message, pool, rng)
    return renamed(moved, people, rng) if people else moved


def renamed(message: Message, pool: Sequence[str], rng: random.Random) -> Message:
    """The message with every person's name replaced by a drawn one, written as the old one was."""
    subject = _renamed(message.subject, pool, rng) if message.subject else message.subject
    return replace(message, text=_renamed(message.text, pool, rng), subject=subject)


def _renamed(text: str, pool: Sequence[str], rng: random.Random) -> str:
    parts: list[str] = []
    at = 0
    for each in _persons(text):
        parts += (text[at : each.start], _like(text[each.start : each.end], rng.choice(pool)))
        at = each.end
    return "".join((*parts, text[at:]))


def _like(old: str, new: str) -> str:
    shaped = new if has_accents(old) else without_accents(new)
    return shaped.lower() if old.islower() else shaped.upper() if old.isupper() else shaped


def _persons(text: str) -> list[pii.Found]:
    return [each for each in pii.find(text) if each.kind == "name"]


def _texts(messages: Iterable[Message]) -> Iterable[str]:
    for message in messages:
        yield from (message.subject or "", message.text)
