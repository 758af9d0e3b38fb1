"""A town whose clock the test sets: every use case then happens at the instant the story says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feedback.clock import HANOI
from feedback.domain.history import History, fold
from feedback.domain.permissions import Actor
from feedback.domain.rebuild import COLUMNS, rebuild
from feedback.services.accounts import NewAccount, insert
from feedback.services.app import App
from feedback.services.recompute import Book
from feedback.settings import Settings
from feedback.store import Store, histories
from tests.feedback import matters
from tests.feedback.matters import reading


def at(text: str) -> datetime:
    """An instant on a Hanoi wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


@dataclass
class Town:
    """`app` lives at `now`. Move it forward, never back."""

    real: App
    settings: Settings
    now: datetime
    app: App = field(init=False)

    def __post_init__(self) -> None:
        self.app = replace(self.real, store=Store(self.real.store.engine, clock=lambda: self.now))

    def to(self, text: str) -> None:
        self.now = at(text)

    def later(self, amount: timedelta) -> None:
        self.now += amount

    def hire(self, person: Actor) -> Actor:
        """The same person with an account, so that rows can name it."""
        with self.app.store.transaction(Actor.system("demo")) as tx:
            mail = f"{len(person.name.encode())}-{person.name.encode().hex()}@example.org"
            account = insert(tx, NewAccount(mail, person.name, person.roles, "", person.ward_code), "!")
            tx.commit()
        return replace(person, user_id=account)

    def receive(self, text: str = "Rác ba ngày chưa ai dọn") -> str:
        """A new ticket, unread."""
        from feedback.services import intake

        delivery = matters.form_delivery(self.settings, text, phone=f"09{matters.next_number():08d}")
        code = intake.receive(self.app, delivery).code
        assert code is not None
        return code

    def write_again(self, code: str, text: str) -> None:
        """The citizen adds something on the portal."""
        from feedback.services import intake

        intake.receive(self.app, matters.form_delivery(self.settings, text, ticket_code=code))

    def version(self, code: str) -> int:
        return matters.ticket(self.app, code).version

    def read(self, **says: object) -> None:
        """The classifier reads what waits."""
        matters.read(self.app, reading(**says))  # type: ignore[arg-type]

    def history(self, code: str) -> History:
        with self.app.store.reading() as session:
            return fold(histories.events(session, matters.ticket(self.app, code).id))

    def disagreements(self, code: str) -> dict[str, tuple[object, object]]:
        """Columns that are not what the trail says: (stored, recomputed)."""
        stored = matters.ticket(self.app, code)
        with self.app.store.reading() as session:
            found = rebuild(self.history(code), Book(self.app.rules, session))
        assert not found.unknown
        columns = {name: getattr(stored, name) for name in COLUMNS}
        return {name: (columns[name], found.columns[name]) for name in found.disagreements(columns)}
