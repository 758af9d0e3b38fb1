"""Reports turned into pictures, with their words in the language of the page. Empty reports have no picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext
from markupsafe import Markup

from feedback.domain.proportions import Count
from feedback.services.league import League
from feedback.services.report import Report, Spread
from feedback.store.queries.spread import Point
from feedback.web.desk.amounts import interval, share, whole
from feedback.web.desk.charts import counts, shares
from feedback.web.desk.charts.scale import floor_of_shares
from feedback.web.desk.charts.shares import Dot, Mark, Words
from feedback.web.language import gettext

DAYS = (
    lazy_gettext("T2"),
    lazy_gettext("T3"),
    lazy_gettext("T4"),
    lazy_gettext("T5"),
    lazy_gettext("T6"),
    lazy_gettext("T7"),
    lazy_gettext("CN"),
)


@dataclass(frozen=True, slots=True)
class LeaguePictures:
    """`whiskers` by ward code."""

    axis: Markup
    whiskers: dict[str, Markup]
    funnel: Markup | None


def over_time(report: Report) -> Markup | None:
    return _shares("over-time", gettext("Tỷ lệ đúng hạn theo thời gian"), report.series)


def months(points: Sequence[Point]) -> Markup | None:
    """The same for the twelve months of a printed report."""
    return _shares("months", gettext("Tỷ lệ đúng hạn mười hai tháng"), points)


def _shares(id: str, title: str, series: Sequence[Point]) -> Markup | None:
    points = [
        Mark(one.start, Count(one.on_time, one.judged), complete=one.judged == one.received) for one in series
    ]
    on_time, judged = sum(one.count.hits for one in points), sum(one.count.of for one in points)
    if not judged:
        return None
    words = Words(
        title,
        gettext(
            "Đường: tỷ lệ của từng kỳ nhỏ; dải màu: khoảng tin cậy 95 %%; nét đứt: %(share)s của cả kỳ. "
            "Bảng số liệu ở ngay bên dưới.",
            share=share(on_time / judged),
        ),
    )
    return shares.over_time(id, words, points, on_time / judged)


def histogram(spread: Spread) -> Markup | None:
    if not any(one.on_time + one.late for one in spread.bins):
        return None
    words = Words(
        gettext("Thời gian đến lần trả lời đầu tiên"),
        gettext("Số hồ sơ theo giờ làm việc, phần đúng hạn và phần trễ hạn. Bảng số liệu ở ngay bên dưới."),
    )
    return counts.histogram("hours", words, spread.bins, gettext("giờ làm việc"))


def heat(spread: Spread) -> Markup | None:
    if not any(any(row) for row in spread.week):
        return None
    words = Words(
        gettext("Khi nào người dân gửi"),
        gettext("Số hồ sơ nhận theo thứ và giờ; ô càng đậm càng nhiều. Bảng số liệu ở ngay bên dưới."),
    )
    return counts.heat("week", words, spread.week, [str(day) for day in DAYS])


def league(found: League) -> LeaguePictures:
    low = floor_of_shares(one.interval.low for one in found.ranked)
    city = found.city.share if found.city.of else 0.0
    whiskers = {
        one.ward_code: shares.whisker(
            one.interval,
            one.count.share,
            low,
            city,
            Words(
                one.name,
                gettext(
                    "%(share)s, khoảng %(interval)s",
                    share=share(one.count.share),
                    interval=interval(one.interval),
                ),
            ),
            f"w-{one.ward_code}",
        )
        for one in found.ranked
    }
    return LeaguePictures(shares.whisker_axis(low), whiskers, _funnel(found))


def _funnel(found: League) -> Markup | None:
    everyone = [*found.ranked, *found.few]
    if not everyone or not found.city.of:
        return None
    words = Words(
        gettext("Biểu đồ phễu: tỷ lệ đúng hạn và số hồ sơ"),
        gettext(
            "Mỗi chấm là một phường/xã. Giữa hai đường trong, khác biệt với mức chung %(share)s chỉ là ngẫu nhiên (95 %%); "
            "ngoài hai đường ngoài (99,8 %%) thì không phải ngẫu nhiên. Bảng ở trên có mọi con số.",
            share=share(found.city.share),
        ),
    )
    dots = [Dot(one.name, one.count) for one in everyone]
    across = gettext("số hồ sơ được đánh giá (%(wards)s phường/xã)", wards=whole(len(dots)))
    return shares.funnel("funnel", words, dots, found.funnel, found.city.share, across)
