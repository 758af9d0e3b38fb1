"""Safety words that outrank the urgency model.

A rule names a danger to people now, unless the same clause says that it is old, feared or over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from classifier.features.names import blanked
from classifier.labels import ANSWERLESS
from classifier.lexicon import Hit, Lexicon, LexiconFault, accented
from classifier.lexicon import read as read_table
from classifier.normalise import Folded, fold
from classifier.prediction import Evidence, Query, WardReading

SAFETY = Path(__file__).parent / "lexicon" / "safety.tsv"
GUARDS = Path(__file__).parent / "lexicon" / "guards.tsv"
# Words of danger in proposals, questions, thanks and spam mostly tell of another time: there a person decides.
CAN_BE_URGENT = frozenset({"report", "complaint", "denunciation"})
# A thing and what happens to it must stand this close (characters of folded text), without a full stop between.
REACH = 30
_BREAK = re.compile(r"[.!?;\n]")
_ALONE = "!"
SEARCHED = 6_000
LIKELY = 0.5
URGENT_EVIDENCE = "khẩn cấp"
"""The beginning of what evidence of a safety rule says."""
FEARED = "feared"


@dataclass(frozen=True, slots=True)
class Danger:
    """A danger named in the text: its Vietnamese title and its span in the folded text."""

    title: str
    start: int
    end: int


class Safety:
    """Rules of the form thing + event, read from tables; immutable after loading."""

    def __init__(self, rows: list[tuple[str, str]], guards: list[tuple[str, str]]) -> None:
        self._lexicon = Lexicon(rows)
        self._guards = Lexicon(guards)

    @classmethod
    def load(cls) -> Safety:
        """The packaged rules; raises LexiconFault when a table is broken."""
        rows = read_table(SAFETY)
        roles = {name.rpartition(".")[2] for name, _ in rows}
        if roles - {"thing", "event", _ALONE}:
            raise LexiconFault(f"{SAFETY.name}: vai trò lạ {sorted(roles)}")
        return cls(rows, read_table(GUARDS))

    def find(self, text: Folded) -> Danger | None:
        """The first danger that no guard in its clause takes back."""
        hits = list(self._lexicon.find(text))
        if not accented(text.original):
            # One bare syllable means too many things: "do" is đổ, đỗ, đồ, do.
            hits = [hit for hit in hits if " " in text.text[hit.start : hit.end]]
        if not hits:
            return None
        guards = self._guards_of(text)
        for danger in self._dangers(text.text, hits):
            if not any(self._takes_back(text.text, guard, danger) for guard in guards):
                return danger
        return None

    def _guards_of(self, text: Folded) -> list[Hit]:
        found = list(self._guards.find(text))
        if accented(text.original):
            return found
        return [hit for hit in found if " " in text.text[hit.start : hit.end]]

    def _takes_back(self, plain: str, guard: Hit, danger: Danger) -> bool:
        # "Cháy rồi, sợ quá": fear that follows a danger does not take it back.
        if self._guards.names[guard.concept] == FEARED and guard.start >= danger.end:
            return False
        return _same_clause(plain, guard, danger)

    def _dangers(self, plain: str, hits: list[Hit]) -> Iterator[Danger]:
        by_role: dict[str, list[Hit]] = {}
        for hit in hits:
            by_role.setdefault(self._lexicon.names[hit.concept], []).append(hit)
        for role, found in by_role.items():
            title, _, part = role.rpartition(".")
            if part == _ALONE:
                yield from (Danger(title, hit.start, hit.end) for hit in found)
            elif part == "event":
                for event in found:
                    yield from _joined(plain, title, by_role.get(f"{title}.thing", []), event)


def _joined(plain: str, title: str, things: list[Hit], event: Hit) -> Iterator[Danger]:
    for thing in things:
        start, end = min(thing.start, event.start), max(thing.end, event.end)
        gap = plain[min(thing.end, event.end) : max(thing.start, event.start)]
        overlap = thing.start < event.end and event.start < thing.end
        if not overlap and len(gap) <= REACH and not _BREAK.search(gap):
            yield Danger(title, start, end)


def _same_clause(plain: str, guard: Hit, danger: Danger) -> bool:
    if guard.start < danger.end and danger.start < guard.end:
        return True
    gap = plain[min(guard.end, danger.end) : max(guard.start, danger.start)]
    return len(gap) <= REACH and not _BREAK.search(gap)


def outranks(score: float, kind: str, unclear_from: float) -> bool:
    """Whether a danger that is named settles the matter: where the model is not sure that all is calm.

    Where it is sure, the words are wrong nearly always: of held-out messages 1 in 100 below a probability of 0.02, 1 in 12
    from there to 0.066, 2 in 5 up to the limit of urgency.
    """
    return kind in CAN_BE_URGENT and score >= unclear_from


def urgent_from(kind: str, limit: float) -> float:
    """The probability from which a message is urgent.

    Thanks for help in danger speak of danger: only a likely one counts there, and a person looks (see review).
    """
    return max(limit, LIKELY) if kind in ANSWERLESS else limit


@lru_cache(maxsize=1)
def safety() -> Safety:
    """The packaged rules, read once."""
    return Safety.load()


def evidence(query: Query, ward: WardReading, rules: Safety) -> tuple[Evidence, ...]:
    """The words of the danger, in the subject or in the text; of a long text only the beginning is searched."""
    for text, in_subject in ((query.text[:SEARCHED], False), (query.subject or "", True)):
        folded = fold(blanked(text, ward.evidence, in_subject))
        danger = rules.find(folded)
        if danger is not None:
            start, end = folded.span(danger.start, danger.end)
            return (Evidence(start, end, text[start:end], f"{URGENT_EVIDENCE}: {danger.title}", in_subject),)
    return ()
