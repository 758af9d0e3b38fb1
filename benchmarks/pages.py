"""The desk's pages over a year of tickets, as a browser that is logged in gets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.desk import Browser
from benchmarks.figures import Figure, latencies
from benchmarks.sizes import Size
from benchmarks.stage import Place, run

PART = "desk"
INBOX_MS = 100.0
MONTH_MS, YEAR_MS = 100.0, 300.0
WARD = "can-bo.nghia-do@demo.test"
DISPATCHER = "dieu-phoi@demo.test"
AUDITOR = "kiem-tra@demo.test"
UNMEASURED = 3
"""First calls, which compile templates and fill caches."""


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    path: str
    limit: float | None = None


BY_PERSON = {
    WARD: (
        Page("ward officer's inbox", "/", INBOX_MS),
        Page("ward officer's ended matters", "/?tab=ended"),
        Page("ward officer searches", "/?q=rac+thai"),
    ),
    DISPATCHER: (
        Page("dispatcher's inbox", "/", INBOX_MS),
        Page("dispatcher's inbox, all open", "/?tab=open", INBOX_MS),
        Page("dispatcher's review card", "/duyet"),
        Page("dispatcher searches one word", "/?q=duong"),
        Page("dispatcher searches three words", "/?q=mat+nuoc+sach"),
    ),
    AUDITOR: (
        Page("auditor's month", "/so-lieu", MONTH_MS),
        Page("auditor's year", "/so-lieu?period=year", YEAR_MS),
        Page("auditor's table of wards, month", "/so-lieu/bang-xep-hang", MONTH_MS),
        Page("auditor's table of wards, year", "/so-lieu/bang-xep-hang?period=year", YEAR_MS),
        Page("auditor's spreads, month", "/so-lieu/phan-bo", MONTH_MS),
        Page("auditor's spreads, year", "/so-lieu/phan-bo?period=year", YEAR_MS),
        Page("auditor's late matters of a year", "/so-lieu/ho-so?counted=late&period=year", MONTH_MS),
    ),
}


def measure(place: Place, size: Size) -> Iterator[Figure]:
    """One reader at a time, over HTTP. `place` holds the tickets already."""
    run(place, "feedback accounts demo")
    with place.process("desk"):
        for email, pages in BY_PERSON.items():
            browser = Browser(place.settings.web.desk.url, email)
            for page in pages:
                for _ in range(UNMEASURED):
                    browser.get(page.path)
                seen = [browser.get(page.path) for _ in range(size.page_requests)]
                note = f"{seen[0].tickets} tickets shown"
                yield from latencies(PART, page.name, [one.seconds for one in seen], page.limit, note)
            browser.close()
