"""From a name and its surroundings to a clue: the rule for the level word, then what the sentence says about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from classifier.normalise import Folded
from classifier.wards import context
from classifier.wards.around import Around, Writer, linked, look, of
from classifier.wards.clue import Clue
from classifier.wards.houses import Houses
from classifier.wards.levels import Level
from classifier.wards.matcher import Hit
from classifier.wards.roles import Roles, set_homes_aside
from classifier.wards.rules.bare import bare, outside
from classifier.wards.rules.landmark import as_landmark, named_after
from classifier.wards.rules.street import as_street, numbered
from classifier.wards.rules.unit import as_district, as_unit
from classifier.wards.senses import Kind
from classifier.wards.units import district_units

__all__ = ["Clue", "Reader"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns hits into clues; holds what it must know besides the text."""

    common: Mapping[str, str]
    houses: Houses

    def read(self, folded: Folded, hits: list[Hit], writer: Writer) -> list[Clue]:
        """Every hit that speaks of a place, in order."""
        roles = Roles(folded)
        stretches = "tu " in folded.text and (" den " in folded.text or " toi " in folded.text)
        clues: list[Clue] = []
        denied: list[Hit] = []
        wrong: set[tuple[Kind, str, tuple[str, ...]]] = set()
        for place, hit in enumerate(hits):
            following = hits[place + 1] if place + 1 < len(hits) else None
            previous = hits[place - 1] if place else None
            at = look(folded, hit, following, previous, self.common, writer)
            clue = _clue(at)
            if roles.denied(hit.start) or any(linked(folded, each, hit) for each in denied):
                denied.append(hit)
                wrong |= {(clue.kind, clue.name, clue.codes)} if clue is not None else set()
                continue
            if clue is None or _spoken_to(roles, at, clue):
                continue
            clue = numbered(clue, at, self.houses)
            doubt = _doubt(folded, hit, following) * _beyond(folded, at, clue, following)
            if stretches and _end_of_stretch(folded, previous, hit, following):
                doubt *= _ELSEWHERE
            aside = roles.beside(hit.start)
            if aside or doubt < 1:
                clue = replace(clue, strength=clue.strength * doubt, aside=aside)
            clues.append(clue)
        # "Phố Đông Tác hả? – Không phải Đông Tác mà là Đông Các."
        clues = [clue for clue in clues if (clue.kind, clue.name, clue.codes) not in wrong]
        return set_homes_aside(roles, folded, hits, clues)


def _spoken_to(roles: Roles, at: Around, clue: Clue) -> bool:
    """ "Kính gửi Sở Xây dựng", or the writer's own name at the end; "Kính gửi UBND phường X" does name X."""
    if clue.kind in (Kind.LANDMARK, Kind.STREET) and roles.greeted(at.hit.start):
        return True
    return roles.signed(at.hit, clue)


_NAMED_DISTRICT = re.compile(r"[ ,]{1,3}(?:huyen|thi xa|tx|quan) ([a-z]+)")


def _beyond(folded: Folded, at: Around, clue: Clue, following: Hit | None) -> float:
    """Doubt when the district behind the name is not the name's own: no former district of Hanoi is unknown."""
    if clue.kind in (Kind.LANDMARK, Kind.STREET) and at.district:
        local = set(district_units().get(at.district, ()))
        return 1.0 if local & {*clue.codes, *clue.extra} else _ELSEWHERE
    behind = _NAMED_DISTRICT.match(folded.text, at.hit.end, at.hit.end + 40)
    if behind is None or (following is not None and following.start == behind.start(1)):
        return 1.0
    named = folded.source(behind.start(1), behind.end(1))[:1].isupper()
    return _ELSEWHERE if named and clue.kind in (Kind.NEW, Kind.OLD) else 1.0


# The name is likely not where the trouble is.
_ELSEWHERE = 0.5
_FROM = re.compile(r"(?<![a-z])tu ([a-z.]+ ){0,3}$")
_TO = re.compile(r" (den|toi) ([a-z.]+ ){0,3}")


def _end_of_stretch(folded: Folded, previous: Hit | None, hit: Hit, following: Hit | None) -> bool:
    """ "Đoạn từ X đến Y": the trouble lies somewhere between, so that neither end narrows the other."""
    pairs = [(hit, following), (previous, hit)]
    return any(
        left is not None
        and right is not None
        and _TO.fullmatch(folded.text, left.end, right.start) is not None
        and _FROM.search(folded.text, max(0, left.start - 24), left.start) is not None
        for left, right in pairs
    )


def _doubt(folded: Folded, hit: Hit, following: Hit | None) -> float:
    factor = 0.6 if context.runs_on(folded, hit, following) else 1.0
    return factor * 0.92 if hit.doubtful else factor


def _clue(at: Around) -> Clue | None:
    """The rule for the level word in front."""
    if at.hit.doubtful and not _spoken_clearly(at):
        return None
    only = of(at.hit, Kind.OUTSIDE) and not _street_or_landmark(at)
    if only and (at.after_outside or not of(at.hit, Kind.NEW, Kind.OLD)):
        return outside(at)
    match at.before.level:
        case Level.UNIT:
            return as_unit(at) or outside(at)
        case Level.DISTRICT:
            return as_district(at) or outside(at)
        case Level.PROVINCE:
            return outside(at)
        case Level.STREET:
            return as_street(at)
        case Level.FAMILY:
            return as_landmark(at, bare)
        case Level.OFFICE:
            return as_unit(at, 0.94) or as_district(at)
        case Level.BRAND:
            return named_after(at, 0.6)
        case Level.PERSON:
            return None if not at.placed else bare(at)
        case _:
            return bare(at)


def _street_or_landmark(at: Around) -> bool:
    """phố Yên Bái and thôn Thái Bình lie in Hanoi, whatever the provinces of that name."""
    if at.before.level is Level.STREET:
        return bool(of(at.hit, Kind.STREET))
    return at.before.level is Level.FAMILY and bool(of(at.hit, Kind.LANDMARK))


def _spoken_clearly(at: Around) -> bool:
    """A name with a slip in it counts only after a level word of the administration or a street, or with its district."""
    levelled = at.before.level in (Level.UNIT, Level.DISTRICT, Level.STREET, Level.OFFICE, Level.FAMILY)
    whole = any(not mark.type for mark in of(at.hit, Kind.LANDMARK))
    return bool(at.district) or at.old or whole or (levelled and at.before.word != "số")
