"""A note between members of staff. It never reaches the citizen and never resets a clock."""

from __future__ import annotations

from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor
from feedback.services import notes
from feedback.services.answer import checked
from feedback.services.app import App
from feedback.services.change import changing


def add(app: App, actor: Actor, code: str, version: int, text: str) -> None:
    """Raises InvalidInput, StaleVersion, NotAllowed, IllegalChange."""
    words = checked(text)
    with changing(app, actor, Action.COMMENT, code, version) as change:
        note = notes.write(change.tx, change.ticket, words)
        change.audit(AuditAction.COMMENTED, after={"message": note.id})
