"""How the service stands, in twelve numbers (`feedback status --json`, a published contract)."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.store import Store, status


@dataclass(frozen=True, slots=True)
class Status:
    """received = tickets + joined + duplicates + rejected + quarantined + ignored: every delivery counts once.

    `review` is how many wait now; the others count for ever. `replies_sent` includes acknowledgements;
    `replies_waiting` includes call-backs that a person has to make; restricted tickets count.
    """

    received: int
    tickets: int
    joined: int
    duplicates: int
    rejected: int
    quarantined: int
    routed: int
    review: int
    ignored: int
    replies_sent: int
    replies_waiting: int
    dead: int


def current(store: Store) -> Status:
    """One consistent picture of this moment."""
    with store.reading() as session:
        first = status.deliveries(session)
        rejected = status.refusals(session)
        outbox = status.outbox_states(session)
        return Status(
            received=sum(first.values()) + rejected,
            tickets=first.get("ticket", 0),
            joined=first.get("joined", 0),
            duplicates=first["duplicates"],
            rejected=rejected,
            quarantined=first.get("quarantined", 0),
            routed=status.routed(session),
            review=status.in_review(session),
            ignored=first.get("ignored", 0),
            replies_sent=status.replies_sent(session),
            replies_waiting=sum(outbox.get(("deliver", s), 0) for s in ("waiting", "claimed", "manual")),
            dead=sum(outbox.get((task, s), 0) for task in ("triage", "deliver") for s in ("dead", "unknown")),
        )
