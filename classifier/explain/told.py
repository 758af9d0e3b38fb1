"""The account of a reading in plain Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from classifier.explain.account import Account, Decision, RunnerUp, Span
from classifier.labels import FIELDS

_TASKS = {"field": "Lĩnh vực", "kind": "Loại tin", "urgent": "Mức khẩn"}
LEAST = 0.01
"""A runner-up less likely than this is not told."""
LANGUAGES = {"en": "Anh", "zh": "Trung", "ko": "Hàn", "other": "khác"}


def lines(found: Account) -> list[str]:
    """One line a fact, decisions first, then what a person must look at."""
    said = found.said
    out = _ward(found)
    for decision in found.decisions:
        out += _decision(found, decision)
        if decision.task == "urgent":
            out += [f"    quy tắc an toàn: “{each.text}” ({each.why})" for each in found.rule]
    if said.secondary_fields:
        out.append(f"Có thể còn việc khác: {_names(FIELDS[each.id] for each in said.secondary_fields)}")
    if said.language != "vi":
        out.append(f"Ngôn ngữ: tiếng {LANGUAGES[said.language]}")
    if said.needs_review:
        out.append("Cần người xem:")
        out += [f"    {reason}" for reason in said.reasons]
    elif said.ward is None:
        out.append("Hiểu rõ nội dung; còn thiếu địa điểm, cần hỏi lại người gửi.")
        out += [f"    {reason}" for reason in said.reasons]
    else:
        out.append("Hệ thống tự quyết định được.")
    return out


def _ward(found: Account) -> list[str]:
    said = found.said
    if said.ward is not None:
        out = [f"Đơn vị: {said.ward.name} ({said.ward.score:.0%})"]
    elif said.outside_hanoi:
        out = ["Đơn vị: ngoài Hà Nội"]
    elif said.ward_candidates:
        listed = _names(f"{each.name} ({each.score:.0%})" for each in said.ward_candidates)
        out = [f"Đơn vị: chưa xác định; có thể là {listed}"]
    else:
        out = ["Đơn vị: chưa xác định"]
    places = [each for each in said.evidence if not each.why.startswith(("lĩnh vực", "khẩn cấp"))]
    return out + [f"    “{each.text}”: {each.why}" for each in places]


def _decision(found: Account, decision: Decision) -> list[str]:
    limit = f", báo khẩn từ {found.urgent_from:.0%}" if decision.task == "urgent" else ""
    out = [f"{_TASKS[decision.task]}: {decision.title} (xác suất {decision.score:.0%}{limit})"]
    if decision.words_for:
        out.append(f"    ủng hộ: {_words(decision.words_for)}")
    if decision.words_against:
        out.append(f"    nói ngược lại: {_words(decision.words_against)}")
    likely = [each for each in decision.runners_up if each.score >= LEAST]
    return out + [_runner(each, named=each is not decision.runners_up[0]) for each in likely]


def _runner(other: RunnerUp, *, named: bool) -> str:
    """The first one's words are those that spoke against the decision, told already."""
    because = f", vì {_words(other.words)}" if named and other.words else ""
    return f"    kế tiếp: {other.title} ({other.score:.0%}){because}"


def _words(spans: Sequence[Span]) -> str:
    """The strongest first; a word that stands twice is named once."""
    return _names(dict.fromkeys(f"“{each.text.lower()}”" for each in spans))


def _names(each: Iterable[str]) -> str:
    return ", ".join(each)
