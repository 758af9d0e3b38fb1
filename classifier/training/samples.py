"""From messages and phrases to training texts: with and without accents, and bent by keyboards and speech recognition."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifier.corpus import Message, Phrase, courtesy, persons, places
from classifier.corpus.corrupt import corrupted, without_accents
from classifier.features.views import Views, read_query, views
from classifier.prediction import Query
from classifier.wards import Resolver

Bend = Callable[[str, random.Random], str]


@dataclass(frozen=True, slots=True)
class Labels:
    """What a training text should be told: the acceptable fields, the primary first, kind and urgency.

    A phrase has a field alone: `kind` and `urgent` are None. `bend` names what was done to the text.
    """

    bend: str
    fields: tuple[str, ...]
    kind: str | None = None
    urgent: bool | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """One training text; `source` numbers what it comes from."""

    read: Views
    source: int
    labels: Labels


def _same(text: str, _: random.Random) -> str:
    return text


def _bare(text: str, _: random.Random) -> str:
    return without_accents(text)


BENDS: dict[str, Bend] = {"written": _same, "bare": _bare, "bent": corrupted}
WRITTEN = "written"


@lru_cache(maxsize=1)
def _resolver() -> Resolver:
    return Resolver.load()


def training(messages: Sequence[Message], seed: int) -> list[Sample]:
    """A text for each bend of a message, place and persons drawn anew; the same seed gives the same texts.

    All but the one as written also get an opening and a closing drawn without regard to the label.
    """
    pool, people = places.names(), persons.names(messages)
    samples = []
    for number, message in enumerate(messages):
        rng = random.Random(f"{seed}:{message.id}")
        for name, bend in BENDS.items():
            at = persons.redrawn(message, pool, people, rng)
            if name != WRITTEN:
                at = courtesy.courteous(at, rng)
            subject = bend(at.subject, rng) if at.subject else None
            samples.append(_sample(Query(bend(at.text, rng), subject), message, number, name))
    return samples


def plain(messages: Sequence[Message]) -> list[Sample]:
    """The messages as they were written, for measuring."""
    return [
        _sample(Query(each.text, each.subject), each, number, WRITTEN) for number, each in enumerate(messages)
    ]


def phrases(bank: Sequence[Phrase], first: int, seed: int) -> list[Sample]:
    """A short text for each bend of a phrase that changes it; sources count from `first`."""
    samples = []
    for number, phrase in enumerate(bank, first):
        rng = random.Random(f"{seed}:{phrase.text}")
        texts: dict[str, str] = {}
        for name, bend in BENDS.items():
            texts.setdefault(bend(phrase.text, rng), name)
        for text, name in texts.items():
            samples.append(Sample(views(text), number, Labels(name, (phrase.field,))))
    return samples


def _sample(query: Query, message: Message, number: int, bend: str) -> Sample:
    read = read_query(query, _resolver().resolve(query).evidence)
    return Sample(read, number, Labels(bend, message.fields, message.kind, message.urgent))
