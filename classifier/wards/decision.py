"""From clues to a reading: an asserted ward, a short list, outside Hanoi, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from classifier.normalise import Folded
from classifier.prediction import Evidence, Query, WardReading, WardScore
from classifier.wards import calibration, combine, position, words
from classifier.wards.clue import Clue
from classifier.wards.combine import Group
from classifier.wards.senses import Kind
from classifier.wards.units import unit

# A ward is asserted from this strength of evidence on; measured in docs/adr/0003-ward-resolution.md.
ASSERT_AT = 0.6
# Below this strength our own names yield to a place outside Hanoi.
_OURS_AT = 0.6
_WITH_OUTSIDE = 0.9
_ADDRESS = frozenset({Kind.NEW, Kind.OLD, Kind.DISTRICT, Kind.STREET})
MAX_CANDIDATES = 12
MAX_EVIDENCE = 12
_NEAREST = 4
# Rival places are listed while the list stays this short.
_SHORT = 4
# Units that a doubtful clue has thrown out fill a list up to here.
_LISTED, _SPARE = 6, 0.02
# Beside an assertion nothing less likely is listed.
_LEAST = 0.004
# The sender's position is not always the place of the trouble, so that it never asserts alone.
_POSITION_ALONE = 0.69
_FAR = 0.05
# People may turn to any point of the city, but most turn to their own: odds, an estimate. They order a list, nothing more.
_RECEIVED_HERE = 1.4


@dataclass(frozen=True, slots=True)
class Source:
    """The clues of one text of the message."""

    folded: Folded
    clues: Sequence[Clue]
    in_subject: bool = False


def decide(query: Query, sources: Sequence[Source], calibrated: bool) -> WardReading:
    """The reading that the clues of body and subject allow; `calibrated`: scores are probabilities, not strengths."""
    clues = [clue for source in sources for clue in source.clues]
    ours = [clue for clue in clues if clue.kind is not Kind.OUTSIDE and clue.codes]
    elsewhere = len(ours) < len(clues)
    evidence = _evidence(sources)
    if not ours:
        return _without_names(query, evidence, elsewhere)
    found = combine.groups(ours)
    sure = combine.confidence(found)
    if len(clues) - len(ours) > 1 and not any(clue.kind in _ADDRESS for clue in ours):
        # "Văn Giang, Hưng Yên" is an address; a building's name alone does not outweigh it.
        return WardReading(None, (), evidence, True, (words.NOT_HANOI,))
    if elsewhere and (sure < _OURS_AT or not found[0].explicit):
        return WardReading(None, (), evidence, True, (words.NOT_HANOI,))
    sure *= _WITH_OUTSIDE if elsewhere else 1.0
    _weigh_by_position(query, found[0])
    scores = _scores(found[0], sure)
    top = max(scores, key=lambda code: (scores[code], code))
    if scores[top] >= ASSERT_AT:
        return _asserted(found[0], _calibrated(scores, top) if calibrated else scores, top, evidence)
    return _listed(query, found, sure, evidence)


def _scores(group: Group, sure: float) -> dict[str, float]:
    total = sum(group.weights.values())
    return {code: sure * weight / total for code, weight in group.weights.items()}


def _ranked(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda code: (-scores[code], code))


def _asserted(best: Group, scores: dict[str, float], top: str, evidence: tuple[Evidence, ...]) -> WardReading:
    candidates = tuple(_score(code, scores[code]) for code in _ranked(scores) if scores[code] >= _LEAST)
    why = words.asserted(unit(top), list(dict.fromkeys(clue.why for clue in best.clues)))
    return WardReading(candidates[0], candidates, evidence, False, (why,))


def _listed(query: Query, found: list[Group], sure: float, evidence: tuple[Evidence, ...]) -> WardReading:
    best = found[0]
    why = best.clues[0].why
    if query.receiving_ward in best.weights:
        best.weights[query.receiving_ward] *= _RECEIVED_HERE
    scores = _scores(best, sure)
    reasons = [words.unsure(why) if len(scores) == 1 else words.undecided(_ranked(scores), why)]
    rivals = [group for group in found[1:] if not group.aside and group.explicit]
    if rivals and best.explicit:
        reasons.append(words.several_places())
        for rival in rivals:
            _add_rival(scores, rival, max(0.0, 1 - sure) / len(rivals))
    spare = [code for code in best.spare() if code not in scores][: max(0, _LISTED - len(scores))]
    scores |= dict.fromkeys(spare, _SPARE)
    total = max(1.0, sum(scores.values()) + 0.001)
    listed = tuple(_score(code, scores[code] / total) for code in _ranked(scores)[:MAX_CANDIDATES])
    doubtful = len(reasons) > 1 or len(best.weights) == 1
    return WardReading(None, listed, evidence, False, tuple(reasons), doubtful)


def _calibrated(scores: dict[str, float], top: str) -> dict[str, float]:
    """The assertion with its measured probability; the others share what is left."""
    sure = calibration.probability(scores[top])
    left = (1 - sure) / max(1e-9, 1 - scores[top])
    return {code: sure if code == top else score * min(1.0, left) for code, score in scores.items()}


def _add_rival(scores: dict[str, float], rival: Group, mass: float) -> None:
    if len(scores) + len(rival.weights) > _SHORT and len(rival.weights) > 1:
        return
    for code in rival.weights:
        if code not in scores and len(scores) < _SHORT:
            scores[code] = mass / len(rival.weights)


def _score(code: str, score: float) -> WardScore:
    return WardScore(code, unit(code).full_name, round(min(score, 0.99), 4))


def _evidence(sources: Sequence[Source]) -> tuple[Evidence, ...]:
    found = []
    for source in sources:
        for clue in source.clues[:MAX_EVIDENCE]:
            start, end = source.folded.span(clue.start, clue.end)
            quoted = source.folded.original[start:end]
            found.append(Evidence(start, end, quoted, clue.why, source.in_subject))
    return tuple(found)


def _position(query: Query) -> tuple[float, float] | None:
    """The position, unless it is none: not a number, or the 0, 0 of a device that knows nothing."""
    if query.lat is None or query.lon is None or not (isfinite(query.lat) and isfinite(query.lon)):
        return None
    return None if query.lat == query.lon == 0 else (query.lat, query.lon)


def _without_names(query: Query, evidence: tuple[Evidence, ...], elsewhere: bool) -> WardReading:
    if elsewhere:
        return WardReading(None, (), evidence, True, (words.NOT_HANOI,))
    place = _position(query)
    if place is None:
        return WardReading(None, (), evidence, False, (words.NOTHING,))
    if not position.in_hanoi(*place):
        return WardReading(None, (), evidence, True, (words.NOT_HANOI,))
    shares = position.shares(*place)
    near = list(shares)[:_NEAREST]
    if not near:
        return WardReading(None, (), evidence, False, (words.NOTHING,))
    scores = tuple(_score(code, _POSITION_ALONE * shares[code]) for code in near)
    return WardReading(None, scores, evidence, False, (words.position(near),))


def _weigh_by_position(query: Query, group: Group) -> None:
    """A position chooses among the units that the words leave; it adds none, and one far from all of them says nothing."""
    place = _position(query)
    if place is None or len(group.weights) < 2:
        return
    shares = position.shares(*place)
    if any(code in group.weights for code in shares):
        for code in group.weights:
            group.weights[code] *= _FAR + shares.get(code, 0.0)
