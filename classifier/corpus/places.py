"""Places drawn independently of the label, so that no model learns that a street means a field."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from classifier.corpus import Message
from classifier.corpus.corrupt import without_accents
from classifier.normalise import fold_key, has_accents
from classifier.wards.units import units

# Words of a place that tell what stands there stay: a school gate is about schools wherever it is.
_LEVEL_WORDS = frozenset(
    """
    số nhà ngõ ngách hẻm phố đường phường xã quận huyện thôn xóm tổ khu vực đoạn toà tòa chung cư kđt đô
    thị tập thể chợ trường tiểu học mầm non thpt thcs trung tâm bệnh viện trạm y tế công viên hồ sông
    cầu bến ga cổng ngã ba tư cụm nghiệp làng nghề đình chùa đền bãi nghĩa trang hầm chân đầu cuối gần
    cạnh sau trước trong đối diện cũ vành đai quốc lộ cao tốc đê kênh mương ký kí túc xá đại sân bóng
    máy điểm phục vụ hành chính ubnd tdp cc p q x h kdt kcn ngo duong pho
    """.split()
)
_LEVEL_KEYS = frozenset(map(fold_key, _LEVEL_WORDS))
_WORD = re.compile(r"\w+")


def names() -> tuple[str, ...]:
    """Names to draw from: the 126 units."""
    return tuple(unit.name for unit in units())


def moved(message: Message, pool: Sequence[str], rng: random.Random) -> Message:
    """The message with the names in its place words replaced by a drawn one; level words and numbers stay."""
    place = message.place.strip()
    if not place:
        return message
    name = rng.choice(pool)
    elsewhere = _renamed(place, name if has_accents(place) else without_accents(name))
    subject = message.subject.replace(place, elsewhere) if message.subject else message.subject
    return replace(message, text=message.text.replace(place, elsewhere), subject=subject, place=elsewhere)


def _renamed(place: str, name: str) -> str:
    """`ngõ 105 Doãn Kế Thiện` becomes `ngõ 105 <name>`."""
    out: list[str] = []
    named = False
    for match in _WORD.finditer(place):
        word = match[0]
        if _is_level(word) or any(char.isdigit() for char in word):
            out.append(word)
        elif not named:
            out.append(name.lower() if place.islower() else name)
            named = True
    return " ".join(out)


def _is_level(word: str) -> bool:
    """With accents a word must be written like the level word: "Doãn" is a name, "đoạn" a stretch of road."""
    return word.lower() in _LEVEL_WORDS if has_accents(word) else fold_key(word) in _LEVEL_KEYS
