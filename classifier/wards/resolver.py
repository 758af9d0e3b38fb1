"""One message in, one honest reading out: an asserted ward, a short list, outside Hanoi, or nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import datetime, time, timedelta, timezone

from classifier.normalise import Folded, fold, has_accents
from classifier.prediction import Query, WardReading
from classifier.wards import gazetteer
from classifier.wards.around import belongs_to, writer_of
from classifier.wards.clue import Clue
from classifier.wards.clues import Reader
from classifier.wards.decision import Source, decide
from classifier.wards.levels import LEVEL_SYLLABLES
from classifier.wards.matcher import Hit, Matcher
from classifier.wards.senses import Kind
from classifier.wards.telex import Retyper
from classifier.wards.typos import Typos
from classifier.wards.units import VALID_FROM

HANOI = timezone(timedelta(hours=7))
# Compared, never converted: a date at either end of the calendar must not overflow.
_MERGED_AT = datetime.combine(VALID_FROM, time(), HANOI)


class Resolver:
    """Reads wards; answers never depend on what was read before; safe to share between threads."""

    def __init__(self, names: gazetteer.Gazetteer, calibrated: bool = True) -> None:
        self._calibrated = calibrated
        self._reader = Reader(names.common, names.houses)
        self._matcher = Matcher(names)
        self._typos = Typos(names)
        self._retyper = Retyper(names.syllables | LEVEL_SYLLABLES)

    @classmethod
    def load(cls, calibrated: bool = True) -> Resolver:
        """The resolver over the packaged tables; raises TableFault when a table is broken.

        Without `calibrated` an asserted ward carries the bare strength of its evidence.
        """
        return cls(gazetteer.load(), calibrated)

    def resolve(self, query: Query) -> WardReading:
        """The ward of one message. Total: any text gives a reading."""
        early = _before_merger(query)
        sources = [Source(*self.clues(query.text, early))]
        if query.subject:
            sources.append(Source(*self.clues(query.subject, early), in_subject=True))
        return decide(query, sources, self._calibrated)

    def resolve_many(self, queries: Iterable[Query]) -> list[WardReading]:
        """`resolve` for each, in order."""
        return [self.resolve(query) for query in queries]

    def names(self, text: str) -> tuple[Folded, list[Hit], bool]:
        """Every name of the tables in the text with all it can mean, and whether the writer types accents."""
        folded = self._retyper.untyped(fold(text))
        hits = self._matcher.find(folded)
        accented = has_accents(text)
        hits = self._typos.find(folded, hits, accented)
        return folded, hits, accented

    def clues(self, text: str, before_merger: bool = False) -> tuple[Folded, list[Clue]]:
        """What the text says about places, before anything is decided."""
        folded, hits, accented = self.names(text)
        if not hits:
            return folded, []
        writer = writer_of(folded, accented, before_merger)
        return folded, _drop_outside_addresses(folded, hits, self._reader.read(folded, hits, writer))


def _before_merger(query: Query) -> bool:
    """Written when "phường X" still meant the unit of before; a time without a zone is Hanoi's."""
    at = query.received_at
    if at is None:
        return False
    return (at.replace(tzinfo=HANOI) if at.tzinfo is None else at) < _MERGED_AT


def _drop_outside_addresses(folded: Folded, hits: list[Hit], clues: list[Clue]) -> list[Clue]:
    """In "phường Hòa Bình, tỉnh Phú Thọ" the first name is no longer ours."""
    by_end = {hit.end: hit for hit in hits}
    after = {left.end: right for left, right in itertools.pairwise(hits)}
    elsewhere = {clue.end for clue in clues if clue.kind is Kind.OUTSIDE}
    dropped: set[int] = set()
    for clue in reversed(clues):
        right = after.get(clue.end)
        if right is None or clue.kind is Kind.OUTSIDE:
            continue
        if right.end in elsewhere | dropped and belongs_to(folded, by_end[clue.end], right):
            dropped.add(clue.end)
    return [clue for clue in clues if clue.end not in dropped]
