"""Short words for what the tests ask of the resolver."""

from __future__ import annotations

from classifier.prediction import Query, WardReading
from classifier.wards import Resolver
from classifier.wards.units import unit

RESOLVER = Resolver.load()


def read(text: str) -> WardReading:
    """The whole reading."""
    return RESOLVER.resolve(Query(text))


def asserted(text: str) -> str | None:
    """The name of the ward that is asserted, if one is."""
    ward = read(text).ward
    return unit(ward.code).name if ward else None


def listed(text: str) -> set[str]:
    """The names of all candidates."""
    return {unit(each.code).name for each in read(text).candidates}
