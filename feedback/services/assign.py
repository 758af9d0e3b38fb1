"""Taking a ticket into one's own hands."""

from __future__ import annotations

from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor
from feedback.services.app import App
from feedback.services.change import changing


def take(app: App, actor: Actor, code: str, version: int) -> None:
    """Assign the ticket to the actor. Raises StaleVersion, NotAllowed, IllegalChange."""
    with changing(app, actor, Action.ASSIGN, code, version) as change:
        change.ticket.assigned_to = actor.user_id
        change.audit(AuditAction.ASSIGNED)
