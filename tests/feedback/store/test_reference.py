"""Reference data follows the files: what is retired there can no longer be chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from feedback.domain import fields
from feedback.services.app import App
from feedback.store import reference
from feedback.store.engine import connect
from feedback.store.queries import lists
from tests.servers import DatabaseUrls

FIRST_DAY = date(2025, 7, 1)


def test_a_field_is_offered_from_its_first_day_only(app: App) -> None:
    with app.store.reading() as session:
        assert lists.fields(session, date(2025, 6, 30)) == []
        assert len(lists.fields(session, FIRST_DAY)) == 22


def test_a_retired_field_is_no_longer_offered(
    database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = fields.shipped()
    first, *others = shipped.fields
    changed = replace(shipped, fields=(replace(first, valid_to=date(2026, 1, 1)), *others))
    monkeypatch.setattr(fields, "shipped", lambda: changed)
    engine = connect(database_urls.owner, role=None, pool_size=1)
    with engine.connect() as connection:
        reference.load(connection)
        with Session(connection) as session:
            assert first.id in {field.id for field in lists.fields(session, date(2025, 12, 31))}
            assert first.id not in {field.id for field in lists.fields(session, date(2026, 1, 1))}
        connection.rollback()
    engine.dispose()
