"""One message in, one honest reading out: an asserted ward, a short list, outside Hanoi, or nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import timedelta, timezone

from classifier.normalise import Folded, fold, has_accents
from classifier.prediction import Evidence, Query, WardReading, WardScore
from classifier.wards import calibration, combine, gazetteer, position, words
from classifier.wards.around import belongs_to, writer_of
from classifier.wards.clue import Clue
from classifier.wards.clues import Reader
from classifier.wards.combine import Group
from classifier.wards.levels import LEVEL_SYLLABLES
from classifier.wards.matcher import Hit, Matcher
from classifier.wards.senses import Kind
from classifier.wards.telex import Retyper
from classifier.wards.typos import Typos
from classifier.wards.units import VALID_FROM, unit

# A ward is asserted from this strength of evidence on; measured in docs/adr/0003-ward-resolution.md.
ASSERT_AT = 0.6
HANOI = timezone(timedelta(hours=7))
MAX_CANDIDATES = 12
MAX_EVIDENCE = 12
_NEAREST = 4
# Units that a doubtful clue has thrown out fill a short list up to here.
_LISTED, _SPARE = 6, 0.02
# The sender's position is not always the place of the trouble, so that it never asserts alone.
_POSITION_ALONE = 0.69
_FAR = 0.05
# People may turn to any point of the city, but most turn to their own: odds, an estimate, too weak to decide between two.
_RECEIVED_HERE = 1.6


class Resolver:
    """Reads wards; immutable after loading, safe to share between threads."""

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
        sources = [(*self.clues(query.text, early), False)]
        if query.subject:
            sources.append((*self.clues(query.subject, early), True))
        return _reading(query, sources, self._calibrated)

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
    return (at if at.tzinfo is None else at.astimezone(HANOI)).date() < VALID_FROM


Source = tuple[Folded, list[Clue], bool]


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


def _reading(query: Query, sources: list[Source], calibrated: bool) -> WardReading:
    clues = [clue for _, found, _ in sources for clue in found]
    ours = [clue for clue in clues if clue.kind is not Kind.OUTSIDE and clue.codes]
    elsewhere = len(ours) < len(clues)
    evidence = _evidence(sources)
    if not ours:
        return _without_names(query, evidence, elsewhere)
    found = combine.groups(ours)
    sure = combine.confidence(found)
    if elsewhere and (sure < 0.6 or not found[0].explicit):
        return WardReading(None, (), evidence, True, (words.NOT_HANOI,))
    _weigh_by_surroundings(query, found[0])
    return _decide(found, sure * (0.9 if elsewhere else 1.0), evidence, calibrated)


def _decide(found: list[Group], sure: float, evidence: tuple[Evidence, ...], calibrated: bool) -> WardReading:
    best = found[0]
    total = sum(best.weights.values())
    scores = {code: sure * weight / total for code, weight in best.weights.items()}
    ranked = sorted(scores, key=lambda code: (-scores[code], code))
    whys = list(dict.fromkeys(clue.why for clue in best.clues))
    top = ranked[0]
    if scores[top] >= ASSERT_AT:
        scores = _calibrated(scores, top) if calibrated else scores
        candidates = tuple(_score(code, scores[code]) for code in ranked if scores[code] >= 0.02)
        return WardReading(candidates[0], candidates, evidence, False, (words.asserted(unit(top), whys),))
    rivals = [group for group in found[1:] if not group.aside and group.explicit]
    reasons = [words.unsure(whys[0]) if len(ranked) == 1 else words.undecided(ranked, whys[0])]
    if rivals and best.explicit:
        reasons.append(words.several_places())
        for rival in rivals:
            _add_rival(scores, rival, max(0.0, 1 - sure) / len(rivals))
        ranked = sorted(scores, key=lambda code: (-scores[code], code))
    spare = [code for code in best.spare() if code not in scores]
    ranked += spare[: max(0, _LISTED - len(ranked))]
    scores |= dict.fromkeys(spare, _SPARE)
    return WardReading(
        None,
        tuple(_score(code, scores[code]) for code in ranked[:MAX_CANDIDATES]),
        evidence,
        False,
        tuple(reasons),
    )


def _calibrated(scores: dict[str, float], top: str) -> dict[str, float]:
    """The assertion with its measured probability; the others share what is left."""
    sure = calibration.probability(scores[top])
    left = (1 - sure) / max(1e-9, 1 - scores[top])
    return {code: sure if code == top else score * min(1.0, left) for code, score in scores.items()}


def _add_rival(scores: dict[str, float], rival: Group, mass: float) -> None:
    if len(scores) + len(rival.weights) > 4 and len(rival.weights) > 1:
        return
    for code in rival.weights:
        if code not in scores and len(scores) < 4:
            scores[code] = mass / len(rival.weights)


def _score(code: str, score: float) -> WardScore:
    return WardScore(code, unit(code).full_name, round(min(score, 0.99), 4))


def _evidence(sources: list[Source]) -> tuple[Evidence, ...]:
    found = []
    for folded, clues, in_subject in sources:
        for clue in clues[:MAX_EVIDENCE]:
            start, end = folded.span(clue.start, clue.end)
            found.append(Evidence(start, end, folded.original[start:end], clue.why, in_subject))
    return tuple(found)


def _without_names(query: Query, evidence: tuple[Evidence, ...], elsewhere: bool) -> WardReading:
    if elsewhere:
        return WardReading(None, (), evidence, True, (words.NOT_HANOI,))
    if query.lat is None or query.lon is None:
        return WardReading(None, (), evidence, False, (words.NOTHING,))
    if not position.in_hanoi(query.lat, query.lon):
        return WardReading(None, (), evidence, True, (words.NOT_HANOI,))
    shares = position.shares(query.lat, query.lon)
    near = list(shares)[:_NEAREST]
    if not near:
        return WardReading(None, (), evidence, False, (words.NOTHING,))
    scores = tuple(_score(code, _POSITION_ALONE * shares[code]) for code in near)
    return WardReading(None, scores, evidence, False, (words.position(near),))


def _weigh_by_surroundings(query: Query, group: Group) -> None:
    """Position and receiving ward re-weight the units left over; neither adds one, and a far position says nothing."""
    if len(group.weights) < 2:
        return
    if query.lat is not None and query.lon is not None:
        shares = position.shares(query.lat, query.lon)
        if any(code in group.weights for code in shares):
            for code in group.weights:
                group.weights[code] *= _FAR + shares.get(code, 0.0)
    if query.receiving_ward in group.weights:
        group.weights[query.receiving_ward] *= _RECEIVED_HERE
