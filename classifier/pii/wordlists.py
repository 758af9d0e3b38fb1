"""The reviewable lists of `words.tsv`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    rows = files("classifier.pii").joinpath("words.tsv").read_text(encoding="utf-8").splitlines()
    for row in rows[2:]:
        if not row.startswith("#"):
            name, _, words = row.partition("\t")
            lists.setdefault(name, []).extend(words.split("; "))
    return lists


def words(name: str) -> list[str]:
    """The words of one list in their order; raises KeyError for a list that is not there."""
    return _lists()[name]


def values(name: str) -> dict[str, str]:
    """A list of `word=value`."""
    return dict(each.split("=", 1) for each in words(name))
