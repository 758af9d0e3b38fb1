"""Nothing in the ordinary tables leads from a denunciation to the person who has other business here."""

from __future__ import annotations

from datetime import UTC

import psycopg
import pytest

from feedback.domain.errors import IllegalChange
from feedback.domain.kinds import Kind
from feedback.domain.permissions import Actor, Role
from feedback.domain.retention import Request
from feedback.services import rights, rights_desk
from feedback.services.app import App
from feedback.services.rights import Decision
from feedback.settings import Settings
from tests.feedback.matters import routed, ticket
from tests.feedback.people import DUNG
from tests.feedback.services.test_sealing import NAME, PHONE, denounced, reclassified
from tests.servers import DatabaseUrls

PRIVACY = Actor(None, "Phúc", frozenset({Role.PRIVACY_OFFICER}))


def test_no_instant_of_the_person_is_one_of_the_denunciation(
    app: App, settings: Settings, database_urls: DatabaseUrls
) -> None:
    ordinary = routed(app, settings, name=NAME, phone=PHONE)
    denounced(app, settings)
    contact = ticket(app, ordinary).contact
    with psycopg.connect(database_urls.app, options="-c role=feedback_app") as connection:
        instants = connection.execute(
            "SELECT t.received_at, t.last_citizen_at, t.sealed_at, m.created_at FROM ticket t"
            " JOIN message m ON m.ticket_id = t.id WHERE t.sealed_at IS NOT NULL"
        ).fetchall()
    told = {moment.astimezone(UTC) for row in instants for moment in row}
    assert told
    assert not told & {contact.created_at.astimezone(UTC), contact.last_seen_at.astimezone(UTC)}


@pytest.mark.parametrize("known_otherwise", [True, False])
def test_a_request_made_before_stays_with_the_person_and_leaves_the_ticket(
    app: App, settings: Settings, known_otherwise: bool
) -> None:
    if known_otherwise:
        routed(app, settings, name=NAME, phone=PHONE)
    secret = routed(app, settings, name=NAME, phone=PHONE)
    asked = rights.ask(app, secret, Request.DELETE)
    reclassified(app, DUNG, secret, Kind.DENUNCIATION, reason_id="accuses_violation")
    opened = rights_desk.open_request(app, PRIVACY, asked.id)
    assert (opened.code, opened.contact.name) == (None, NAME)
    assert opened.contact.id != ticket(app, secret).contact_id
    assert ticket(app, secret).received_at not in (opened.contact.created_at, opened.contact.last_seen_at)
    with pytest.raises(IllegalChange):  # what lies under seal was not deleted, and nobody may be told so
        rights.settle(app, PRIVACY, asked.id, Decision(grant=True))
