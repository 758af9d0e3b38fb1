"""What the figures say in plain sentences, and what they leave open."""

from __future__ import annotations

from feedback.domain import proportions
from feedback.domain.proportions import Count
from feedback.services.league import ENOUGH, Standing
from feedback.services.report import Report
from feedback.web.desk.amounts import decimal, hours, interval, points, share, whole
from feedback.web.language import gettext


def of_report(report: Report) -> list[str]:
    """The share with its interval, the change, what is not judged yet, what waits."""
    total = report.total
    now = Count(total.on_time, total.judged)
    if not now.of:
        return [gettext("Chưa có hồ sơ nào đến lúc đánh giá trong kỳ này.")]
    said = [
        gettext(
            "%(on_time)s trên %(judged)s hồ sơ đã đến lúc đánh giá được trả lời đúng hạn: %(share)s "
            "(khoảng tin cậy 95 %%: %(interval)s).",
            on_time=whole(now.hits),
            judged=whole(now.of),
            share=share(now.share),
            interval=interval(proportions.wilson(now)),
        )
    ]
    if now.of < ENOUGH:
        said.append(gettext("Số hồ sơ còn ít: tỷ lệ này chưa nói lên nhiều."))
    said.append(change(report.before, now))
    if total.unjudged:
        said.append(
            gettext(
                "%(count)s hồ sơ còn trong hạn, chưa được tính; tỷ lệ của kỳ có thể còn thay đổi.",
                count=whole(total.unjudged),
            )
        )
    if total.median is not None:
        said.append(
            gettext(
                "Một nửa số hồ sơ được trả lời lần đầu trong %(median)s giờ làm việc, chín phần mười trong %(p90)s giờ.",
                median=hours(total.median),
                p90=hours(total.p90),
            )
        )
    if total.overdue:
        said.append(gettext("%(count)s hồ sơ của kỳ đang quá hạn.", count=whole(total.overdue)))
    return said


def change(before: Count, now: Count) -> str:
    """Against the period before: clear or not, in percentage points."""
    if not before.of or not now.of:
        return gettext("Kỳ trước không có số liệu để so sánh.")
    found = proportions.change(before, now)
    said = {
        "before": share(before.share),
        "points": decimal(abs(100 * (now.share - before.share))),
        "interval": points(found),
    }
    if found.low > 0:
        return gettext(
            "Tăng rõ rệt %(points)s điểm %% so với kỳ trước (%(before)s); khoảng tin cậy 95 %%: %(interval)s.",
            **said,
        )
    if found.high < 0:
        return gettext(
            "Giảm rõ rệt %(points)s điểm %% so với kỳ trước (%(before)s); khoảng tin cậy 95 %%: %(interval)s.",
            **said,
        )
    return gettext(
        "So với kỳ trước (%(before)s) chưa có thay đổi rõ rệt: khoảng tin cậy 95 %% của chênh lệch (điểm %%) "
        "%(interval)s có chứa 0.",
        **said,
    )


def of_standing(standing: Standing | None, wards: int) -> list[str]:
    """The ward's place among the wards, as sure as it is."""
    if standing is None:
        return []
    if standing.ranks is None:
        return [gettext("Chưa đủ số liệu để xếp hạng (dưới %(enough)s hồ sơ được đánh giá).", enough=ENOUGH)]
    return [
        gettext(
            "Trong %(wards)s phường/xã đủ số liệu, hạng có thể từ %(best)s đến %(worst)s; số liệu của kỳ chưa nói được "
            "chính xác hơn.",
            wards=wards,
            best=standing.ranks.best,
            worst=standing.ranks.worst,
        )
    ]
