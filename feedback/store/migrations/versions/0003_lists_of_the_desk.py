"""Indexes for the lists of the desk

Each list is one short partial index in the order in which it is shown; the conditions are repeated word for word in
`feedback.store.queries`. Measured with 50,000 tickets.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_ticket_waiting_due": (("answer_due_at", "id"), "state IN ('review', 'open')"),
    "ix_ticket_review_due": (("answer_due_at", "id"), "state IN ('new', 'review')"),
    "ix_ticket_centre_due": (("answer_due_at", "id"), "queue = 'centre' AND state = 'open'"),
    "ix_ticket_fresh": (("id",), "last_citizen_at > COALESCE(answered_at, received_at)"),
    "ix_ticket_restricted": (
        ("state", "answer_due_at", "id"),
        "restricted OR queue IN ('denunciation', 'reception') OR kind = 'denunciation'",
    ),
    "ix_ticket_mine": (("assigned_to",), "assigned_to IS NOT NULL"),
}


def upgrade() -> None:
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "ticket", list(columns), postgresql_where=text(where))
    op.create_index("ix_raw_event_channel", "raw_event", ["channel", "received_at"])


def downgrade() -> None:
    op.drop_index("ix_raw_event_channel", "raw_event")
    for name in reversed(INDEXES):
        op.drop_index(name, "ticket")
