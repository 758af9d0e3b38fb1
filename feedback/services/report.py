"""How fast citizens are answered: the figures everybody is judged by, on screen and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feedback.clock import HANOI, in_hanoi
from feedback.domain import fields
from feedback.domain.errors import InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.permissions import Action, Actor, Role, require
from feedback.services.app import App
from feedback.store.queries import figures, lists
from feedback.store.queries.figures import By, Figures, Group, Range

CHAIN = "figures"
LONGEST = timedelta(days=1100)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
HEADER = (
    "Theo",
    "Tên",
    "Tiếp nhận",
    "Đã trả lời",
    "Đúng hạn trả lời (%)",
    "Đúng hạn tiếp nhận (%)",
    "Trung vị (giờ làm việc)",
    "Phân vị 90 (giờ làm việc)",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Period:
    """Hanoi days, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise InvalidInput("Ngày bắt đầu phải trước ngày kết thúc.", field="from")
        if self.start < FIRST_DAY or self.end > LAST_DAY:
            raise InvalidInput("Ngày chưa đúng.", field="from")
        if self.end - self.start > LONGEST:
            raise InvalidInput("Khoảng thời gian dài nhất là ba năm.", field="from")


@dataclass(frozen=True, slots=True)
class Report:
    """`names`: ward codes to names. `ward_code`: the one ward the report is about, if it is."""

    period: Period
    total: Figures
    by_ward: Sequence[Group]
    by_field: Sequence[Group]
    by_channel: Sequence[Group]
    names: Mapping[str, str]
    ward_code: str | None


def presets(today: date) -> dict[str, Period]:
    """Common periods up to `today`, by name."""
    monday = today - timedelta(days=today.weekday())
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    return {
        "week": Period(monday, today),
        "month": Period(first, today),
        "last_month": Period(before.replace(day=1), before),
        "quarter": Period(quarter, today),
        "year": Period(date(today.year, 1, 1), today),
    }


def overview(app: App, actor: Actor, period: Period) -> Report:
    """The figures of a period; somebody bound to a ward gets those of the ward. Raises NotAllowed."""
    require(actor, Action.VIEW_FIGURES)
    ward_code = None if actor.roles & {Role.AUDITOR, Role.DISPATCHER} else actor.ward_code
    wanted = Range(
        _midnight(period.start), _midnight(period.end + timedelta(days=1)), app.store.now(), ward_code
    )
    with app.store.reading() as session:
        return Report(
            period=period,
            total=figures.total(session, wanted),
            by_ward=figures.groups(session, wanted, By.WARD),
            by_field=figures.groups(session, wanted, By.FIELD),
            by_channel=figures.groups(session, wanted, By.CHANNEL),
            names={ward.code: ward.name for ward in lists.wards(session)},
            ward_code=ward_code,
        )


def export(app: App, actor: Actor, period: Period) -> bytes:
    """The same figures as CSV for spreadsheets (UTF-8 with a mark); the export is audited. Raises NotAllowed."""
    require(actor, Action.EXPORT_FIGURES)
    report = overview(app, actor, period)
    with app.store.transaction(actor) as tx:
        tx.audit(
            CHAIN,
            AuditAction.FIGURES_EXPORTED,
            after={"from": period.start.isoformat(), "to": period.end.isoformat()},
        )
        tx.commit()
    return as_csv(report).encode("utf-8-sig")


def as_csv(report: Report) -> str:
    """One line a group, the total first."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerow(_line("Toàn bộ", "", report.total))
    for group in report.by_ward:
        writer.writerow(_line("Phường/xã", report.names.get(group.key or "", "Chưa rõ"), group.figures))
    for group in report.by_field:
        title = fields.field_of(group.key).title.vi if group.key else "Chưa rõ"
        writer.writerow(_line("Lĩnh vực", title, group.figures))
    for group in report.by_channel:
        writer.writerow(_line("Kênh", group.key or "", group.figures))
    return out.getvalue()


def safe_cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula (OWASP: CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def hours(seconds: float | None) -> float | None:
    """Working hours with one decimal."""
    return None if seconds is None else round(seconds / 3600, 1)


def percent(share: float | None) -> float | None:
    """With one decimal; never rounded up to 100 while something was late."""
    if share is None:
        return None
    return 99.9 if 0.999 <= share < 1 else round(100 * share, 1)


def today(now: datetime) -> date:
    return in_hanoi(now).date()


def _line(by: str, name: str, found: Figures) -> list[object]:
    numbers = (
        found.received,
        found.answered,
        percent(found.share),
        percent(found.taken_share),
        hours(found.median),
        hours(found.p90),
    )
    return [safe_cell(by), safe_cell(name), *("" if number is None else number for number in numbers)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), HANOI)
