"""What `feedback clock due`, `worked` and `check` print: text in, text or a number out."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path

from feedback.domain.calendar import differences, from_folder, shipped
from feedback.domain.calendar_page import CalendarInvalid
from feedback.domain.deadlines import due_at
from feedback.domain.instants import read_instant
from feedback.domain.terms import Term


def due(text_from: str, text_term: str) -> str:
    """When a term ends (ISO 8601, Hanoi offset). A naive instant is Hanoi time. Raises InvalidInput."""
    return due_at(Term.parse(text_term), read_instant(text_from), shipped()).isoformat()


def worked(text_from: str, text_to: str) -> int:
    """Whole working seconds between two instants. Raises InvalidInput, also when the second is earlier."""
    passed = shipped().worked_between(read_instant(text_from), read_instant(text_to))
    return passed // timedelta(seconds=1)


def warnings(*instants: str) -> list[str]:
    """One sentence for each year from the first to the last instant whose days off are only assumed."""
    moments = [read_instant(text) for text in instants]
    return [
        f"Lịch nghỉ năm {year} là giả định: chưa có thông báo chính thức."
        for year in shipped().assumed_years(min(moments), max(moments))
    ]


def check(folder: str | None) -> tuple[str, list[str]]:
    """What the calendar of `folder` (none: the shipped one) holds, and what to look at once more.

    Raises CalendarInvalid with every fault of every file.
    """
    place = files("feedback.data.calendar") if folder is None else Path(folder)
    if not place.is_dir():
        raise CalendarInvalid(f"{folder}: folder: not there")
    made = from_folder(place)
    years = range(made.first.year, made.last.year)
    published = ", ".join(str(year) for year in years if year in made.announced) or "none"
    line = (
        f"calendar {years[0]}–{years[-1]} holds: {made.version}; announced: {published}; all others assumed"
    )
    return line, list(differences(place))
