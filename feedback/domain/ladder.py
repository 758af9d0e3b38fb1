"""Who is told of a step: the ladder from the officer to the Centre, narrowed to those who may read the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from feedback.domain.kinds import Queue
from feedback.domain.permissions import Action, Actor, Role, TicketFacts, allowed, is_restricted


class Rung(IntEnum):
    """Steps climb it one by one; every step beyond the last stays at the top."""

    OFFICER = 0
    LEAD = 1
    CHAIR = 2
    CENTRE = 3


ABOVE = {
    Rung.LEAD: Role.WARD_LEAD,
    Rung.CHAIR: Role.WARD_CHAIR,
    Rung.CENTRE: Role.DISPATCHER,
}


@dataclass(frozen=True, slots=True)
class Person:
    """An active member of staff."""

    id: int
    name: str
    roles: frozenset[Role]
    ward_code: str | None

    @property
    def actor(self) -> Actor:
        return Actor(self.id, self.name, self.roles, self.ward_code)


def rung_of(share: int, shares: Sequence[int]) -> Rung:
    """The rung of a step by its place among the steps of the terms."""
    return Rung(min(sum(other < share for other in shares), Rung.CENTRE))


def told(subject: TicketFacts, rung: Rung, staff: Iterable[Person]) -> list[Person]:
    """Whoever is told at `rung`, in the order of their ids. Where a rung has nobody, the next higher one is told.

    A restricted matter never leaves the officers of its desk; at the Centre's desks there is no ladder to climb. Empty
    where nobody is left.
    """
    readers = [person for person in staff if allowed(person.actor, Action.READ, subject)]
    if is_restricted(subject):
        return _with(readers, Role.DENUNCIATION_OFFICER)
    owner = [person for person in readers if person.id == subject.assigned_to]
    if subject.queue is not Queue.WARD:
        return owner or _with(readers, Role.DISPATCHER)
    for place in range(rung, Rung.CENTRE + 1):
        if found := _on(Rung(place), readers, owner):
            return found
    return []


def _on(rung: Rung, readers: Sequence[Person], owner: list[Person]) -> list[Person]:
    if rung is not Rung.OFFICER:
        return _with(readers, ABOVE[rung])
    # What nobody has taken is the lead's to give away.
    return owner or _with(readers, Role.WARD_OFFICER, Role.WARD_LEAD)


def _with(readers: Sequence[Person], *roles: Role) -> list[Person]:
    return sorted((p for p in readers if p.roles & set(roles)), key=lambda person: person.id)
