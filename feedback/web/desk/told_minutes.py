"""One round of an explanation in the words of the screen: days, holders, deadlines, picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import lazy_gettext

from feedback.clock import in_hanoi
from feedback.domain.counting import Cause, Step
from feedback.domain.explanation import Deadline, RoundTold
from feedback.domain.terms import Part, Unit
from feedback.domain.timeline import Holder, How, Interval, Off
from feedback.services.explain import Explanation
from feedback.web.desk import words
from feedback.web.desk.badges import Badge
from feedback.web.desk.charts.days import COLOURS
from feedback.web.desk.pictures import DAYS
from feedback.web.language import gettext
from feedback.web.look import term_length

Tones = Mapping[tuple[str, str | None], str]
"""Names of colours by desk."""
OFF = {
    Off.NIGHT: lazy_gettext("đêm"),
    Off.LUNCH: lazy_gettext("nghỉ trưa"),
    Off.WEEKEND: lazy_gettext("cuối tuần"),
    Off.HOLIDAY: lazy_gettext("nghỉ lễ"),
}
WAITS = {"citizen": lazy_gettext("Người dân"), "agency": lazy_gettext("Cơ quan khác")}
PARTS = {Part.RECEIVE: lazy_gettext("Hạn tiếp nhận"), Part.ANSWER: lazy_gettext("Hạn trả lời")}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One interval of a day's row. `tone`: the colour of its holder, or of a pause."""

    clock: str
    what: str
    holder: str
    seconds: int
    tone: str


@dataclass(frozen=True, slots=True)
class Day:
    """One day, or several in a row (`until`) on which nothing ran. `closed`: why time was not counted."""

    day: date
    until: date
    stretches: Sequence[Stretch]
    closed: str
    counted: int

    @property
    def name(self) -> str:
        first = _day(self.day)
        return first if self.until == self.day else f"{first} – {_day(self.until)}"


@dataclass(frozen=True, slots=True)
class Held:
    name: str
    seconds: int
    tone: str


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words. `steps`: how it was counted, a sentence each."""

    title: str
    due: datetime
    badge: Badge
    rule: str
    assumed: bool
    source: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything the page shows of one round."""

    told: RoundTold
    held: Sequence[Held]
    days: Sequence[Day]
    dues: Sequence[Due]

    @property
    def name(self) -> str:
        if self.told.number == 0:
            return gettext("Từ lúc nhận")
        return gettext("Mở lại lần %(number)s", number=self.told.number)


def of_round(found: Explanation, told: RoundTold) -> Told:
    tones = tones_of(found)
    held = [Held(_desk(found, *desk), seconds, tones[desk]) for desk, seconds in told.timeline.held().items()]
    days = list(_days(found, told.timeline.intervals, tones))
    return Told(told, held, days, [_due(one) for one in told.deadlines])


def span(seconds: int) -> str:
    """ "9 giờ 12 phút"; seconds only where there are some."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [
        gettext("%(number)s giờ", number=hours) if hours else "",
        gettext("%(number)s phút", number=minutes) if minutes else "",
        gettext("%(number)s giây", number=left) if left or not seconds else "",
    ]
    return " ".join(filter(None, parts))


def tones_of(found: Explanation) -> Tones:
    """A colour for each desk, in the order in which they held the ticket."""
    parts = [part for told in found.rounds for part in told.timeline.intervals]
    desks = dict.fromkeys(part.holder.desk for part in parts)
    return {desk: f"hold-{number % COLOURS}" for number, desk in enumerate(desks)}


def _days(found: Explanation, parts: Sequence[Interval], tones: Tones) -> Iterator[Day]:
    idle: list[Interval] = []
    for day, group in groupby(parts, lambda part: part.day):
        of_day = list(group)
        running = [part for part in of_day if part.how is not How.OFF]
        if not running:
            idle += of_day
            continue
        yield from _idle(idle)
        idle = []
        stretches = [stretch_of(found, part, tones) for part in running]
        counted = sum(part.seconds for part in running if part.how is How.COUNTED)
        yield Day(day, day, stretches, _closed(part for part in of_day if part.how is How.OFF), counted)
    yield from _idle(idle)


def _idle(parts: Sequence[Interval]) -> Iterator[Day]:
    if parts:
        yield Day(parts[0].day, parts[-1].day, (), _closed(parts), 0)


def why_off(part: Interval) -> str:
    """The holiday's name, or what kind of closed hours these are."""
    return part.title or str(OFF[Off(part.why or Off.NIGHT)])


def _closed(parts: Iterable[Interval]) -> str:
    sums: dict[str, int] = {}
    for part in parts:
        name = why_off(part)
        sums[name] = sums.get(name, 0) + part.seconds
    return ", ".join(f"{name} {span(seconds)}" for name, seconds in sums.items())


def stretch_of(found: Explanation, part: Interval, tones: Tones) -> Stretch:
    paused = part.how is How.PAUSED
    return Stretch(
        clock=clock_of(part),
        what=gettext("tạm dừng: %(reason)s", reason=words.reason_title(part.why)) if paused else "",
        holder=_held_by(found, part),
        seconds=part.seconds,
        tone="hold-paused" if paused else tones[part.holder.desk],
    )


def clock_of(part: Interval) -> str:
    """From when to when, seconds where there are some."""
    ends = (f"{moment:%H:%M:%S}".removesuffix(":00") for moment in (part.start, part.end))
    return "–".join(ends).replace("–00:00", "–24:00")


def _held_by(found: Explanation, part: Interval) -> str:
    desk, waits_for = _holder(found, part.holder), WAITS.get(part.waits_for or "")
    return f"{waits_for} ({desk})" if waits_for else desk


def _holder(found: Explanation, holder: Holder) -> str:
    desk = _desk(found, *holder.desk)
    if holder.assigned_to is None:
        return desk
    officer = found.names.get(holder.assigned_to) or gettext("cán bộ số %(id)s", id=holder.assigned_to)
    return f"{desk}, {officer}"


def _desk(found: Explanation, queue: str, ward: str | None) -> str:
    if ward is not None:
        return gettext("UBND %(ward)s", ward=found.wards.get(ward, ward))
    return str(words.QUEUES.get(queue, queue))


def _due(deadline: Deadline) -> Due:
    return Due(
        title=str(PARTS[deadline.part]),
        due=deadline.due,
        badge=_badge(deadline),
        rule=term_length(deadline.rule.term),
        assumed=deadline.rule.assumed,
        source=deadline.rule.source,
        steps=[_step(step) for step in deadline.steps],
    )


def _badge(deadline: Deadline) -> Badge:
    if deadline.on_time is None:
        return Badge(gettext("Còn trong hạn"), "info")
    if deadline.done_at is None:
        return Badge(gettext("Quá hạn"), "bad")
    return Badge(gettext("Đúng hạn"), "good") if deadline.on_time else Badge(gettext("Trễ hạn"), "bad")


def _step(step: Step) -> str:
    due = exactly(step.due)
    if step.cause is Cause.PAUSE:
        return gettext(
            "Tạm dừng từ %(start)s đến %(end)s (%(reason)s): hạn lùi %(amount)s, thành %(due)s.",
            start=exactly(step.start),
            end=exactly(step.end or step.start),
            reason=words.reason_title(step.reason),
            amount=_moved(step),
            due=due,
        )
    counted = (
        "; ".join(f"{first:%d/%m %H:%M:%S}–{last:%H:%M:%S}" for first, last in step.stretches)
        if step.term.unit is Unit.WORKING_HOURS
        else ", ".join(f"{day:%d/%m}" for day in step.days)
    )
    sentence = (
        lazy_gettext("Gia hạn %(term)s từ %(start)s: %(counted)s. Hết lúc %(due)s.")
        if step.cause is Cause.EXTENSION
        else lazy_gettext("%(term)s từ %(start)s: %(counted)s. Hết lúc %(due)s.")
    )
    values = {"term": term_length(step.term), "start": exactly(step.start), "counted": counted, "due": due}
    return str(sentence) % values


def _moved(step: Step) -> str:
    if step.term.unit is Unit.CALENDAR_DAYS:
        return gettext("%(number)s ngày", number=step.moved.days)
    return span(int(step.moved.total_seconds()))


def _day(day: date) -> str:
    return f"{DAYS[day.weekday()]} {day:%d/%m/%Y}"


def exactly(moment: datetime) -> str:
    """To the second, on a Hanoi clock."""
    return f"{in_hanoi(moment):%H:%M:%S %d/%m/%Y}"
