"""Reports as files: CSV for spreadsheets, JSON for the Centre's systems; audited, and without personal data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from feedback.clock import in_hanoi
from feedback.domain import fields as field_list
from feedback.domain import proportions
from feedback.domain.errors import InvalidInput
from feedback.domain.events import AuditAction
from feedback.domain.kinds import Kind, Level
from feedback.domain.permissions import Action, Actor, require
from feedback.domain.proportions import Count
from feedback.services import overdue as overdue_list
from feedback.services import spreadsheet
from feedback.services.app import App
from feedback.services.league import Standing, league
from feedback.services.overdue import Late
from feedback.services.periods import Period
from feedback.services.report import Held, Report, days, hours, overview, percent, spreads
from feedback.store.queries.figures import By, Figures
from feedback.store.queries.spread import BIN_HOURS

CHAIN = "figures"
FORMAT = 1
"""Of the JSON; keys may be added, existing ones never change."""
MOST_OVERDUE = 100_000
HEADER = (
    *("Theo", "Tên", "Tiếp nhận", "Đã trả lời", "Đúng hạn trả lời (%)", "Đúng hạn tiếp nhận (%)"),
    *("Trung vị (giờ làm việc)", "Phân vị 90 (giờ làm việc)", "Trung bình (giờ làm việc)"),
    *("Đã đến hạn đánh giá", "Trả lời đúng hạn", "Trả lời trễ hoặc quá hạn", "Cận dưới 95 % (%)"),
    *("Cận trên 95 % (%)", "Đang quá hạn", "Mở lại", "Từ chối", "Chuyển cơ quan có thẩm quyền"),
    *("Trung vị giải quyết (ngày lịch)", "Số lượt đánh giá", "Điểm đánh giá trung bình"),
)
OVERDUE_HEADER = (
    *("Mã hồ sơ", "Phường/xã", "Nơi xử lý", "Người xử lý", "Lĩnh vực", "Mức độ", "Kênh", "Tiếp nhận lúc"),
    *("Hạn trả lời", "Trễ (giờ làm việc)", "Số lần mở lại"),
)
TITLES = {
    By.WARD: "Phường/xã",
    By.FIELD: "Lĩnh vực",
    By.CHANNEL: "Kênh",
    By.LEVEL: "Mức độ",
    By.KIND: "Loại",
}


def figures_csv(app: App, actor: Actor, period: Period) -> bytes:
    """One line a group, the total first (UTF-8 with a mark). Raises NotAllowed."""
    require(actor, Action.EXPORT_FIGURES)
    report = overview(app, actor, period)
    _audit(app, actor, "csv", period)
    return spreadsheet.written(HEADER, _lines(report))


def figures_json(app: App, actor: Actor, period: Period) -> bytes:
    """Figures, series and league of a period; the keys are described in docs/FIGURES.md. Raises NotAllowed."""
    require(actor, Action.EXPORT_FIGURES)
    report, table, spread = (
        overview(app, actor, period),
        league(app, actor, period),
        spreads(app, actor, period),
    )
    found = {
        "format": FORMAT,
        "from": period.start.isoformat(),
        "to": period.end.isoformat(),
        "made_at": in_hanoi(app.store.now()).isoformat(timespec="seconds"),
        "total": _plain(report.total),
        "groups": {
            by.value: [
                {"id": one.key, "name": _name(report, by, one.key), **_plain(one.figures)} for one in all_of
            ]
            for by, all_of in report.groups.items()
        },
        "series": {"step": period.step().value, "points": [_dated(asdict(one)) for one in report.series]},
        "rejected": [{"reason": reason, "tickets": count} for reason, count in spread.reasons],
        "closed_unanswered": [{"reason": reason, "tickets": count} for reason, count in spread.closings],
        "pauses": [_held(one) for one in spread.held],
        "extensions": asdict(spread.extensions),
        "answers": {"hours_per_bin": BIN_HOURS, "bins": [asdict(one) for one in spread.bins]},
        "received_by_weekday_and_hour": spread.week,
        "league": {
            "ranked": [_standing(one) for one in table.ranked],
            "too_few": [_standing(one) for one in table.few],
        },
    }
    _audit(app, actor, "json", period)
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def overdue_csv(app: App, actor: Actor) -> bytes:
    """Every overdue ticket of the actor's reach, longest overdue first. Raises NotAllowed."""
    require(actor, Action.EXPORT_FIGURES)
    found = overdue_list.late(app, actor, MOST_OVERDUE)
    _audit(app, actor, "overdue")
    return spreadsheet.written(OVERDUE_HEADER, map(_late_line, found))


def _audit(app: App, actor: Actor, what: str, period: Period | None = None) -> None:
    dates = {} if period is None else {"from": period.start.isoformat(), "to": period.end.isoformat()}
    with app.store.transaction(actor) as tx:
        tx.audit(CHAIN, AuditAction.FIGURES_EXPORTED, after={"what": what, **dates})
        tx.commit()


def _lines(report: Report) -> Iterable[Sequence[object]]:
    yield ("Toàn bộ", "", *_numbers(report.total))
    for by, groups in report.groups.items():
        for group in groups:
            yield (TITLES[by], _name(report, by, group.key), *_numbers(group.figures))


def _numbers(found: Figures) -> Sequence[object]:
    interval = proportions.wilson(Count(found.on_time, found.judged)) if found.judged else None
    return (
        *(found.received, found.answered, percent(found.share), percent(found.taken_share)),
        *(hours(found.median), hours(found.p90), hours(found.mean)),
        *(found.judged, found.on_time, found.late),
        *((percent(interval.low), percent(interval.high)) if interval else (None, None)),
        *(found.overdue, found.reopened, found.rejected, found.handed_over),
        *(days(found.solved_median), found.rated, found.rating and round(found.rating, 2)),
    )


def _late_line(late: Late) -> Sequence[object]:
    ticket = late.ticket
    return (
        *(ticket.code, ticket.ward or "", ticket.queue, ticket.assignee or "", _field(ticket.field_id)),
        *(field_list.level_title(Level(ticket.level)).vi, ticket.channel),
        *(_instant(ticket.received_at), _instant(ticket.due)),
        *(hours(late.by.total_seconds()) if late.by else None, ticket.reopened),
    )


def _instant(moment: Any) -> str:
    return in_hanoi(moment).isoformat(sep=" ", timespec="minutes")


def _plain(found: Figures) -> dict[str, object]:
    """Raw numbers: seconds and shares unrounded, so that nothing is lost between two systems."""
    raw = {field.name: getattr(found, field.name) for field in fields(found)}
    return {**raw, "late": found.late, "share": found.share, "taken_share": found.taken_share}


def _dated(point: Mapping[str, Any]) -> dict[str, object]:
    return {**point, "start": point["start"].isoformat()}


def _held(one: Held) -> dict[str, object]:
    return {
        "reason": one.reason,
        "pauses": one.pauses,
        "tickets": one.tickets,
        "working_seconds": int(one.time.total_seconds()),
    }


def _standing(one: Standing) -> dict[str, object]:
    return {
        "id": one.ward_code,
        "name": one.name,
        "on_time": one.count.hits,
        "judged": one.count.of,
        "share": one.count.share,
        "low": one.interval.low,
        "high": one.interval.high,
        "rank_best": one.ranks.best if one.ranks else None,
        "rank_worst": one.ranks.worst if one.ranks else None,
        "change_low": one.change.low if one.before.of else None,
        "change_high": one.change.high if one.before.of else None,
    }


def _name(report: Report, by: By, key: str | None) -> str:
    if by is By.WARD:
        return report.names.get(key or "", "Không do phường/xã xử lý")
    if by is By.FIELD:
        return _field(key)
    if by is By.LEVEL and key:
        return field_list.level_title(Level(key)).vi
    if by is By.KIND and key:
        return field_list.kind_title(Kind(key)).vi
    return key or "Chưa rõ"


def _field(field_id: str | None) -> str:
    if field_id is None:
        return "Chưa rõ"
    try:
        return field_list.field_of(field_id).title.vi
    except InvalidInput:
        return field_id
