"""Three ways to the same hash: of a row that is written, of one that is read in bulk, and offline."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.clock import utc_now
from feedback.domain import row_hash
from feedback.domain.permissions import Actor
from feedback.services.app import App
from feedback.store.audit import digest
from feedback.store.audit.links import Part, digest_row, walk
from feedback.store.audit.seals import driver
from feedback.store.tables import AuditEvent

AWKWARD = [
    'quotes " and \\ and /',
    "line\nfeed\ttab\rreturn \b \f \x01 \x1f \x7f",
    "Đường Nguyễn Trãi — “ngõ 5” \u2028 \U0001f6a7",
    "",
    "{}",
    "\ufeff",
]


def test_the_form_of_the_hashed_text_never_changes() -> None:
    event = AuditEvent(
        chain="ticket:1",
        seq=2,
        at=datetime(2026, 11, 22, 3, 4, 5, 6, UTC),
        actor="Lan",
        actor_id=7,
        action="routed",
        reason=None,
        before={"b": 1, "a": ["đ", None, True]},
        after={},
        prev_hash="0" * 64,
    )
    assert digest(event) == "da460e5d074dd8078a6d07eab61fb667b0e986ffb6a5b0b54bee7ab782b07968"


@pytest.mark.parametrize("words", AWKWARD)
def test_words_of_any_kind_come_back_from_the_database_with_the_same_hash(app: App, words: str) -> None:
    with app.store.transaction(Actor.system(words)) as tx:
        tx.audit(
            f"x:{words}",
            words,
            reason=words,
            before={words: words, "longer": [words, 1, True, None]},
            after={"at": utc_now(), "big": 10**30, "n": -1},
        )
        tx.commit()
    with app.store.reading() as session:
        found = walk(driver(session), Part())
    assert (found.rows, found.findings.count) == (1, 0)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each, max_size=3)
)


@given(
    st.text(),
    st.none() | st.text(),
    st.none() | st.integers(),
    st.dictionaries(st.text(), VALUES, max_size=4),
)
def test_the_quick_way_is_the_same_as_the_plain_one(
    text: str, reason: str | None, actor_id: int | None, after: dict[str, object]
) -> None:
    text = text.encode("utf-8", "ignore").decode()
    values = [text, 3, "2026-11-22T03:04:05.000006+00:00", text, actor_id, text, reason, {}, after, "0" * 64]
    row = (*values[:7], "{}", row_hash.canonical(after), values[9], "", 1)
    if _encodable(values):
        assert digest_row(row) == row_hash.of(values)


def _encodable(values: object) -> bool:
    try:
        row_hash.canonical(values).encode()
    except UnicodeEncodeError:
        return False
    return True
