"""The sentences that explain a reading to an officer, in plain Vietnamese."""

from __future__ import annotations

from collections.abc import Sequence

from classifier.wards.senses import Kind, Sense
from classifier.wards.units import Unit, unit

_SHOWN = 5


def names(codes: Sequence[str]) -> str:
    """`phường A, xã B và 3 đơn vị khác`."""
    shown = ", ".join(unit(code).spoken_name for code in codes[:_SHOWN])
    rest = len(codes) - _SHOWN
    return f"{shown} và {rest} đơn vị khác" if rest > 0 else shown


def new_unit(found: Unit) -> str:
    """A unit of today."""
    return f"tên {found.spoken_name} hiện nay"


def old_unit(senses: Sequence[Sense], codes: Sequence[str]) -> str:
    """A unit of before July 2025, or several of one name."""
    first = senses[0]
    where = f" ({first.district} cũ{_ended(first)})" if len(senses) == 1 else f" ({len(senses)} nơi cùng tên)"
    if len(codes) == 1:
        return f"{first.type} {first.name} cũ{where} nay thuộc {names(codes)}"
    return f"{first.type} {first.name} cũ{where} nay thuộc {len(codes)} đơn vị: {names(codes)}"


def _ended(sense: Sense) -> str:
    return f", tên dùng đến {sense.until:%-d/%-m/%Y}" if sense.until is not None else ""


def meaning(sense: Sense) -> str:
    """One thing that a name can mean, for the explanation of a reading."""
    match sense.kind:
        case Kind.NEW:
            return f"{unit(sense.codes[0]).spoken_name} (từ 1/7/2025)"
        case Kind.OLD:
            return old_unit([sense], sense.codes)
        case Kind.DISTRICT:
            return district(sense)
        case Kind.STREET:
            return street(sense)
        case Kind.LANDMARK:
            return landmark(sense)
        case Kind.OUTSIDE:
            return outside(sense)
        case Kind.PHRASE:
            return "không phải địa danh"


def district(sense: Sense) -> str:
    """A former district."""
    return f"{sense.type} {sense.name} cũ, nay chia thành {len(sense.codes)} đơn vị"


def street(sense: Sense) -> str:
    """A street."""
    return f"đường/phố {sense.name} chạy qua {names(sense.codes)}"


def house(street: str, number: int, codes: Sequence[str]) -> str:
    """A house or alley number of a street."""
    return f"số {number} đường/phố {street} thuộc {names(codes)}"


def landmark(sense: Sense) -> str:
    """A building, market, lake, village …"""
    kind = f"{sense.type} " if sense.type else ""
    return f"{kind}{sense.name} ở {names(sense.codes)}"


def named_after(sense: Sense) -> str:
    """Something that only carries the name of a place."""
    return f"mang tên {sense.name}, có thể ở {names(sense.codes)}"


def outside(sense: Sense) -> str:
    """A place elsewhere in the country."""
    return f"{sense.name} không thuộc Hà Nội"


def position(codes: Sequence[str]) -> str:
    """Coordinates sent with the message."""
    return f"toạ độ gửi kèm gần {names(codes)}"


def asserted(found: Unit, whys: Sequence[str]) -> str:
    """The deciding reason."""
    return f"Xác định {found.spoken_name}: " + "; ".join(whys)


def undecided(codes: Sequence[str], why: str) -> str:
    """Several units remain."""
    return f"{why}; chưa đủ căn cứ để chọn một trong {len(codes)} đơn vị"


def unsure(why: str) -> str:
    """One unit remains but the clue is weak."""
    return f"{why}; căn cứ còn yếu, cần xác nhận"


def several_places() -> str:
    """The message speaks of places that do not agree."""
    return "Tin nhắc nhiều nơi khác nhau, chưa rõ nơi xảy ra sự việc"


NOTHING = "Không thấy địa danh nào trong tin"
NOT_HANOI = "Địa danh trong tin nằm ngoài Hà Nội"
