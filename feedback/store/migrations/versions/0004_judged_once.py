"""Judged once: whether the first answer was on time is fixed when it is given, and reopening starts a term of its own

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("answered_on_time", sa.Boolean(), nullable=True))
    op.add_column("ticket", sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE ticket SET answered_on_time = first_answer_at <= answer_due_at WHERE first_answer_at IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_column("ticket", "reopened_at")
    op.drop_column("ticket", "answered_on_time")
