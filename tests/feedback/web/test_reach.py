"""The condition of the lists and the rules of the permissions agree on every kind of ticket."""

from __future__ import annotations

import itertools

from feedback.domain.kinds import Kind, Queue
from feedback.domain.permissions import Action, Actor, Role, allowed
from feedback.services.change import facts
from feedback.store.queries.reach import within_reach
from feedback.store.tables import Ticket
from tests.feedback.web.desk_town import HAI_BA_TRUNG, NGHIA_DO, Town

ROLES = [
    *[{role} for role in Role],
    {Role.WARD_LEAD, Role.DENUNCIATION_OFFICER},
    {Role.ADMIN, Role.AUDITOR},
    set(),
]


def test_lists_hold_exactly_what_may_be_read(town: Town) -> None:
    kinds = (Kind.REPORT, Kind.COMPLAINT, Kind.DENUNCIATION)
    for queue, ward, kind, restricted, field in itertools.product(
        Queue, (NGHIA_DO, HAI_BA_TRUNG, None), kinds, (True, False), ("trees", "official_conduct", None)
    ):
        town.ticket(queue=queue, ward_code=ward, kind=kind, restricted=restricted, field_id=field)
    with town.app.store.reading() as session:
        tickets = session.query(Ticket).all()
        assert len(tickets) == 5 * 3 * 3 * 2 * 3
        for roles, ward in itertools.product(ROLES, (NGHIA_DO, None)):
            actor = Actor(1, "Thử", frozenset(roles), ward)
            listed = {row.id for row in session.query(Ticket).filter(within_reach(actor))}
            readable = {row.id for row in tickets if allowed(actor, Action.READ, facts(row))}
            assert listed == readable, roles
