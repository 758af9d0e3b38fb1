"""Plays the stream once per home: a day of messages in half a minute, with progress."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from feedback import bootstrap
from feedback.demo import staff
from feedback.demo.citizens import Citizens
from feedback.services import status
from feedback.settings import Settings
from feedback.store import Store
from feedback.store.engine import connect

PAUSE = 0.25
PATIENCE = 90.0


def stream() -> list[dict[str, Any]]:
    """The demo's messages, all invented."""
    text = (files("feedback.demo") / "stream.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def run(environ: Mapping[str, str]) -> int:
    settings = Settings.from_env(environ)
    played = settings.home / "demo" / "played"
    if played.exists():
        say("the demo stream was played before; all its tickets are there")
        return 0
    rows = _interleaved(stream())
    citizens = Citizens(environ, settings.web.public.url)
    store = Store(connect(settings.database_url, pool_size=1))
    for done, (number, row) in enumerate(rows, start=1):
        citizens.write(number, row)
        if done % 10 == 0 or done == len(rows):
            say(f"{done:>3} of {len(rows)} messages sent   {_figures(store)}")
        time.sleep(PAUSE)
    citizens.write(*rows[0])  # a provider that repeats itself
    citizens.follow()
    citizens.forge()
    _settle(store, len(rows))
    answered = staff.answer_some(bootstrap.build(settings, pool_size=1), stream())
    say(f"{answered} tickets answered by the staff of the demo")
    played.touch()
    say(f"the desk is full   {_figures(store)}")
    return 0


def _interleaved(rows: list[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """All channels from the first second, each in its own order."""
    numbered = list(enumerate(rows, start=1))
    by_channel: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for number, row in numbered:
        by_channel.setdefault(row["channel"], []).append((number, row))
    ranked = [
        (place / len(found), number, row)
        for found in by_channel.values()
        for place, (number, row) in enumerate(found)
    ]
    return [(number, row) for _, number, row in sorted(ranked, key=lambda item: item[:2])]


def _settle(store: Store, wanted: int) -> None:
    """Wait until everything was taken in and read."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        now = status.current(store)
        if now.tickets + now.joined >= wanted and now.routed + now.review >= now.tickets:
            return
        time.sleep(1)
    say("not everything has arrived yet; `feedback status` tells more")


def _figures(store: Store) -> str:
    now = status.current(store)
    return f"tickets {now.tickets}, routed {now.routed}, for review {now.review}, replies {now.replies_sent}"


def say(line: str) -> None:
    print(f"demo: {line}", flush=True)
