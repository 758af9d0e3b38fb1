"""Who is measured in the ward benchmark: our resolver, the published packages, and the plainest baseline.

Each one says what to import, how to load, how to ask and how to read its answer as codes of the 126 units. Nothing
heavy is imported here, so that what a process imports and holds is that of the one contestant it measures.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

HANOI = "01"
APPENDED = ", Hà Nội"


@dataclass(frozen=True, slots=True)
class Message:
    """What is asked about; `subject` is None where the channel has none."""

    text: str
    subject: str | None = None

    @property
    def joined(self) -> str:
        """Subject and text in one, for those who read one string only."""
        return f"{self.subject}. {self.text}" if self.subject else self.text


@dataclass(frozen=True, slots=True)
class Answer:
    """Unit codes: one asserted or none, and all that are listed; `outside` when it is placed in another province."""

    ward: str | None = None
    listed: tuple[str, ...] = ()
    outside: bool = False


Ask = Callable[[Message], Any]


@dataclass(frozen=True, slots=True)
class Contestant:
    """`load` runs after the import of `modules`; `read` is not timed. `ours` is asked the message as it is only."""

    name: str
    about: str
    packages: tuple[str, ...]
    modules: tuple[str, ...]
    load: Callable[[], Ask]
    read: Callable[[Any], Answer]
    ours: bool = False


def answer(codes: Collection[str]) -> Answer:
    """One unit is asserted, several are listed."""
    listed = tuple(sorted(codes))
    return Answer(listed[0] if len(listed) == 1 else None, listed)


# --- Our resolver ---------------------------------------------------------------------------------------------------


def _load_resolver() -> Ask:
    from classifier.prediction import Query
    from classifier.wards import Resolver

    resolver = Resolver.load()
    return lambda message: resolver.resolve(Query(message.text, message.subject))


def _read_resolver(reading: Any) -> Answer:
    ward = None if reading.ward is None else str(reading.ward.code)
    return Answer(ward, tuple(each.code for each in reading.candidates), reading.outside_hanoi)


# --- vietnamadminunits ----------------------------------------------------------------------------------------------


def _load_parser(mode: str) -> Callable[[], Ask]:
    def load() -> Ask:
        from vietnamadminunits import parse_address

        return lambda message: parse_address(message.joined, mode=mode)

    return load


def _read_parsed_2025(found: Any) -> Answer:
    if found.province_code != HANOI:
        return Answer(outside=found.province_code is not None)
    return answer([str(found.ward_code)] if found.ward_code else [])


def _read_parsed_legacy(found: Any) -> Answer:
    """An old unit is the set of its heirs, a former district the set of its units."""
    from classifier.wards.units import district_units, old_units

    if found.province_code != HANOI:
        return Answer(outside=found.province_code is not None)
    if found.ward_code:
        return answer(next((old.heirs for old in old_units() if old.code == found.ward_code), ()))
    return answer(district_units().get(found.short_district, ()))


# --- underthesea ----------------------------------------------------------------------------------------------------


def _load_converter() -> Ask:
    from underthesea import convert_address

    return lambda message: convert_address(message.joined)


def _read_converted(result: Any) -> Answer:
    """What it converted; where it could not, the ward it parsed if that is the full name of a unit of today."""
    from benchmarks import names

    if result.new.province and "Hà Nội" not in result.new.province:
        return Answer(outside=True)
    return answer(names.called(result.new.ward) or names.called(result.old.ward))


def _load_tagger() -> Ask:
    from underthesea import ner

    return lambda message: ner(message.joined)


def _read_tagged(tagged: Any) -> Answer:
    """Every location it marks that is exactly a name, its level word left out, counts as what the name can mean."""
    from benchmarks import names

    found: set[str] = set()
    for words in _locations(tagged):
        found |= names.exactly(words)
    return answer(found)


def _locations(tagged: Any) -> list[str]:
    spans: list[list[str]] = []
    for word, _speech, _chunk, entity in tagged:
        if entity == "B-LOC":
            spans.append([word])
        elif entity == "I-LOC" and spans:
            spans[-1].append(word)
    return [" ".join(span) for span in spans]


# --- The plainest baseline ------------------------------------------------------------------------------------------


def _load_longest() -> Ask:
    from benchmarks.names import LongestName

    longest = LongestName()
    return lambda message: longest.find(message.joined)


CONTESTANTS = (
    Contestant(
        "resolver",
        "`classifier.wards.Resolver`, the one in use",
        ("ahocorasick-rs", "rapidfuzz"),
        ("classifier.wards",),
        _load_resolver,
        _read_resolver,
        ours=True,
    ),
    Contestant(
        "vietnamadminunits 2025",
        '`parse_address(text, mode="FROM_2025")`',
        ("vietnamadminunits",),
        ("vietnamadminunits",),
        _load_parser("FROM_2025"),
        _read_parsed_2025,
    ),
    Contestant(
        "vietnamadminunits legacy",
        '`parse_address(text, mode="LEGACY")`; an old unit counts as the set of its heirs, a district as its units',
        ("vietnamadminunits",),
        ("vietnamadminunits",),
        _load_parser("LEGACY"),
        _read_parsed_legacy,
    ),
    Contestant(
        "underthesea convert",
        "`convert_address(text)`, or its parsed ward where that is a unit of today; for a split unit the one it names",
        ("underthesea",),
        ("underthesea", "underthesea.address"),
        _load_converter,
        _read_converted,
    ),
    Contestant(
        "underthesea ner",
        "`ner(text)`; each location that is exactly a name of the 126 or the 526 counts as what the name can mean",
        ("underthesea",),
        ("underthesea",),
        _load_tagger,
        _read_tagged,
    ),
    Contestant(
        "longest name",
        "the longest of the names of the 126 and the 526 units in the text without accents",
        ("ahocorasick-rs",),
        ("benchmarks.names",),
        _load_longest,
        answer,
    ),
)
BY_NAME = {each.name: each for each in CONTESTANTS}
