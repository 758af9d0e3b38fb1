"""The fields (lĩnh vực) a matter can belong to, and the titles of kinds and levels (`data/fields.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from feedback.domain.errors import InvalidInput
from feedback.domain.kinds import Kind, Level


@dataclass(frozen=True, slots=True)
class Title:
    """One word in the two languages of the screens."""

    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Field:
    """`id` never changes its meaning. In use from `valid_from` up to, not including, `valid_to`."""

    id: str
    title: Title
    first_handler: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    fields: tuple[Field, ...]
    kinds: Mapping[Kind, Title]
    levels: Mapping[Level, Title]


@cache
def shipped() -> Vocabulary:
    """The vocabulary of `feedback/data/fields.toml`."""
    return parse((files("feedback.data") / "fields.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Vocabulary:
    """Read a vocabulary. Raises ValueError or KeyError where a title is missing or an id is given twice."""
    raw = tomllib.loads(text)
    found = tuple(_field(row) for row in raw["fields"])
    if len({field.id for field in found}) != len(found):
        raise ValueError("a field id is given twice")
    return Vocabulary(
        found,
        {kind: Title(**raw["kinds"][kind]) for kind in Kind},
        {level: Title(**raw["levels"][level]) for level in Level},
    )


def field_of(field_id: str) -> Field:
    """The field with this id, in use or not. Raises InvalidInput."""
    for field in shipped().fields:
        if field.id == field_id:
            return field
    raise InvalidInput("Không có lĩnh vực này.", field="field")


def kind_title(kind: Kind) -> Title:
    return shipped().kinds[kind]


def level_title(level: Level) -> Title:
    return shipped().levels[level]


def _field(row: Mapping[str, Any]) -> Field:
    return Field(
        row["id"], Title(row["vi"], row["en"]), row["first_handler"], row["valid_from"], row.get("valid_to")
    )
