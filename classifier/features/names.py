"""Names of places taken out of a text before its features are counted: a bridge named Giấy says nothing about paper."""

from __future__ import annotations

import re
from collections.abc import Iterable

from classifier.normalise import fold_key, has_accents
from classifier.prediction import Evidence

# Words of a place that tell what stands there stay: a school gate is about schools wherever it is.
LEVELWORDS = frozenset(
    """
    số nhà ngõ ngách hẻm phố đường phường xã quận huyện thôn xóm tổ khu vực đoạn toà tòa chung cư kđt
    tập thể chợ trường tiểu học mầm non thpt thcs trung tâm bệnh viện trạm y tế công viên hồ sông
    cầu bến ga cổng ngã ba tư cụm nghiệp làng nghề đình chùa đền bãi hầm chân đầu cuối gần
    cạnh sau trước trong đối diện cũ vành đai quốc lộ cao tốc đê kênh mương ký kí túc xá đại sân bóng
    máy điểm phục vụ hành chính ubnd tdp cc p q x h kdt kcn ngo duong pho
    """.split()
)
_LEVEL_KEYS = frozenset(map(fold_key, LEVELWORDS))
# Together two words say what stands there (nghĩa trang, đô thị), apart they are parts of names.
WORD = re.compile(r"ngh[ĩi]a\s+trang\b|[đd][ôo]\s+th[ịi]\b|\w+", re.IGNORECASE)


def is_level(word: str) -> bool:
    """With accents a word must be written like the level word: "Doãn" is a name, "đoạn" a stretch of road.

    Two words, as WORD finds them, are one level word.
    """
    if " " in word:
        return True
    return word.lower() in LEVELWORDS if has_accents(word) else fold_key(word) in _LEVEL_KEYS


def blanked(text: str, evidence: Iterable[Evidence], in_subject: bool) -> str:
    """`text` with the names in the ward's evidence turned to blanks; as long as before, so that spans still fit."""
    spans = [(each.start, each.end) for each in evidence if each.in_subject == in_subject]
    if not spans:
        return text
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            parts += (text[at:start], WORD.sub(_blank, text[start:end]))
            at = end
    return "".join((*parts, text[at:]))


def _blank(match: re.Match[str]) -> str:
    return match[0] if is_level(match[0]) else " " * len(match[0])
