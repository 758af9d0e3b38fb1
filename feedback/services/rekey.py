"""Changing the key of the restricted store, batch by batch: whoever is interrupted begins again where it stopped."""

from __future__ import annotations

from collections.abc import Iterator

from feedback.domain.errors import SealedUnreadable
from feedback.domain.permissions import Actor
from feedback.services import sealing
from feedback.services.app import App
from feedback.store import sealed, tickets
from feedback.store.sealed import Step

OPERATOR = Actor.system("command line")
BATCH = 100


def waiting(app: App) -> int:
    """Pieces that are not closed with the newest key."""
    with app.store.reading() as session:
        return sealed.waiting_for_key(session, app.box)


def steps(app: App, batch: int = BATCH) -> Iterator[Step]:
    """Each batch in a transaction of its own, until nothing is left that a key opens."""
    unreadable: list[sealed.Place] = []
    while True:
        with app.store.transaction(OPERATOR) as tx:
            step = sealed.rekey(tx.session, app.box, batch, unreadable)
            tx.commit()
        unreadable.extend(step.unreadable)
        if not step.done and not step.unreadable:
            return
        yield step


def seal_all(app: App) -> int:
    """Put under seal what was received before there was a restricted store; how many tickets."""
    with app.store.reading() as session:
        codes = tickets.unsealed_denunciations(session)
    for code in codes:
        with app.store.transaction(OPERATOR) as tx:
            ticket = tickets.locked(tx.session, code)
            if ticket is not None:
                sealing.settle(app, tx, ticket)
                tx.commit()
    return len(codes)


def key_fits(app: App) -> bool | None:
    """Whether the keys open the newest piece; None where nothing lies under seal."""
    with app.store.reading() as session:
        piece = sealed.any_piece(session)
    if piece is None:
        return None
    try:
        app.box.open(*piece)
    except SealedUnreadable:
        return False
    return True
