"""`feedback terms …`"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from feedback import bootstrap
from feedback.clock import in_hanoi
from feedback.domain.errors import DomainError
from feedback.domain.permissions import Actor, Role
from feedback.domain.terms_document import Document, TermsInvalid, read_file
from feedback.services import legislate, rejudge
from feedback.services.app import App
from feedback.services.rejudge import Effect, Target
from feedback.settings import Settings
from feedback.store.tables import Move

OPERATOR = Actor(None, "command line", frozenset({Role.ADMIN}))


def listing(settings: Settings) -> int:
    """Every version, the one in force marked, with the running tickets that are judged by it."""
    book = legislate.book(_app(settings), OPERATOR)
    for row in book.versions:
        mark = "*" if row.version == book.in_force.version else " "
        since, running = in_hanoi(row.valid_from), book.running(row.version)
        print(f"{mark} {row.version:<24} from {since:%Y-%m-%d %H:%M}  {running:>7} running")
    print(f"  calendar {book.calendar_version}; {book.calendar_moves} running tickets by an older one")
    return 0


def show(settings: Settings, version: str | None) -> int:
    """The document of a version (the one in force) as JSON, to be edited and published again."""
    book = legislate.book(_app(settings), OPERATOR)
    wanted = version or book.in_force.version
    for row in book.versions:
        if row.version == wanted:
            print(json.dumps(row.document, ensure_ascii=False, indent=2))
            return 0
    print(f"no such version: {wanted}", file=sys.stderr)
    return 1


def preview(settings: Settings, path: Path) -> int:
    """What publishing this file and moving the running tickets would do. Nothing is changed."""
    app = _app(settings)
    try:
        terms = legislate.drafted(app, OPERATOR, _read(path))
        _tell(rejudge.effect(app, OPERATOR, Target(terms=terms)))
    except (DomainError, OSError) as refusal:
        return _refused(refusal)
    print(f"would be version {terms.version}")
    return 0


def publish(settings: Settings, path: Path, note: str, *, move: bool) -> int:
    """Publish the file; with `move` take the running tickets over, showing how far it is."""
    app = _app(settings)
    try:
        base = legislate.book(app, OPERATOR).latest.version
        terms = legislate.publish(app, OPERATOR, _read(path), base=base, note=note, move=move)
    except (DomainError, OSError) as refusal:
        return _refused(refusal)
    print(f"published {terms.version}")
    return _carry_out(app) if move else 0


def move_calendar(settings: Settings, note: str, *, really: bool) -> int:
    """Take running tickets over to the shipped calendar; without `really` only say what that would do."""
    app = _app(settings)
    target = Target(calendar_version=legislate.book(app, OPERATOR).calendar_version)
    try:
        if not really:
            _tell(rejudge.effect(app, OPERATOR, target))
            return 0
        rejudge.ask(app, OPERATOR, target, note)
    except DomainError as refusal:
        return _refused(refusal)
    return _carry_out(app)


def _carry_out(app: App) -> int:
    rejudge.run(app, _progress)
    last = legislate.book(app, OPERATOR).moves[0]
    if last.done_at is None:
        print("another process carries the move out; see the page of the terms")
        return 0
    print(f"{last.seen} looked at, {last.moved} moved, {last.failed} cannot be judged")
    return 1 if last.failed else 0


def _progress(move: Move) -> None:
    if sys.stderr.isatty():
        print(f"\r{move.seen}/{move.total}", end="", file=sys.stderr)


def _tell(effect: Effect) -> None:
    print(
        f"running tickets        {effect.running:>8}  (restricted ones move with them and are not counted here)"
    )
    print(f"  deadline unchanged   {effect.unchanged:>8}")
    print(f"  earlier              {effect.earlier:>8}")
    print(f"  later                {effect.later:>8}")
    print(f"  overdue at once      {effect.newly_overdue:>8}")
    print(f"  no longer overdue    {effect.rescued:>8}")
    print(f"  cannot be judged     {effect.impossible:>8}")


def _read(path: Path) -> Document:
    """Raises TermsInvalid, OSError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as fault:
        raise TermsInvalid("Tệp không phải văn bản UTF-8.") from fault
    return read_file(text, toml=path.suffix == ".toml")


def _refused(refusal: DomainError | OSError) -> int:
    said = (
        refusal.message_vi if isinstance(refusal, DomainError) else f"{refusal.filename}: {refusal.strerror}"
    )
    print(said, file=sys.stderr)
    return 1


def _app(settings: Settings) -> App:
    return bootstrap.build(settings, pool_size=4)
