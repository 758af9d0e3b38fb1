"""The letter by which a complaint is handed over: why this service may not settle it, and how its writer goes on.

Sources: Luật Khiếu nại 2011, articles 2, 7, 8, 9 and 33; Luật Tố tụng hành chính 2015. The statutory terms come from the
table of terms and are information: the agency that settles the complaint answers for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from feedback.clock import in_hanoi
from feedback.domain.terms import LegalTerm

OFFICE = "Trung tâm Phục vụ hành chính công Hà Nội"
TITLE = "Về việc hướng dẫn thực hiện quyền khiếu nại"


@dataclass(frozen=True, slots=True)
class Section:
    """`points` are read as a list below the paragraph."""

    heading: str
    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, whole, as it was sent. `dated` is the line of place and day."""

    office: str
    dated: str
    title: str
    to: str
    opening: str
    sections: tuple[Section, ...]
    closing: str

    def as_text(self) -> str:
        """The letter for a channel that carries plain text."""
        lines = [self.office, self.dated, "", self.title.upper(), "", self.to, "", self.opening]
        for number, section in enumerate(self.sections, start=1):
            lines += ["", f"{number}. {section.heading}", section.text]
            lines += [f"- {point}" for point in section.points]
        return "\n".join([*lines, "", self.closing])

    def as_json(self) -> dict[str, Any]:
        """What is kept with the message, so that the letter never changes when the terms do."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Letter:
        """The letter as it was kept."""
        sections = tuple(
            Section(row["heading"], row["text"], tuple(row["points"])) for row in kept["sections"]
        )
        return cls(**{**kept, "sections": sections})


@dataclass(frozen=True, slots=True)
class Matter:
    """What the letter is about. `name` is the writer's, where it is known."""

    code: str
    received_at: datetime
    name: str | None


def hand_over(matter: Matter, now: datetime, terms: Sequence[LegalTerm], note: str = "") -> Letter:
    """The letter for a complaint; `note` is what the officer adds."""
    received, today = in_hanoi(matter.received_at), in_hanoi(now)
    return Letter(
        office=OFFICE,
        dated=f"Hà Nội, ngày {today:%d} tháng {today:%m} năm {today:%Y}",
        title=TITLE,
        to=f"Kính gửi: {_addressed(matter.name)}",
        opening=(
            f"{OFFICE} đã nhận được nội dung do Ông/Bà gửi lúc {received:%H:%M} ngày {received:%d/%m/%Y}, "
            f"mã hồ sơ {matter.code}. Sau khi xem xét, chúng tôi xin trả lời và hướng dẫn như sau:"
        ),
        sections=(_nature(note), _where(), _papers(), _deadline(), _terms(terms), _further()),
        closing="Trên đây là hướng dẫn của chúng tôi để Ông/Bà thực hiện quyền của mình. Trân trọng cảm ơn Ông/Bà.",
    )


def _addressed(name: str | None) -> str:
    """People often write their own title before the name."""
    if not name:
        return "Ông/Bà"
    return name if name.split()[0].lower() in _TITLES else f"Ông/Bà {name}"


_TITLES = frozenset({"ông", "bà", "anh", "chị", "cô", "chú", "bác"})


def short(code: str, follow_url: str | None, note: str = "") -> str:
    """For a channel that cannot carry the letter: the decision, the time limit, and where the whole stands."""
    where = (
        f"Văn bản hướng dẫn đầy đủ: vào {follow_url}, nhập mã hồ sơ và số điện thoại hoặc email đã gửi."
        if follow_url
        else f"Để nhận văn bản hướng dẫn đầy đủ, xin nhắn lại tại đây hoặc gọi tổng đài, kèm mã {code}."
    )
    lines = (
        "Kính chào anh/chị,",
        f"Nội dung hồ sơ {code} là khiếu nại theo Luật Khiếu nại 2011, không giải quyết được tại kênh phản ánh này.",
        note.strip(),
        "Xin gửi đơn có chữ ký đến người đã ra quyết định hoặc có hành vi bị khiếu nại, hoặc nộp tại nơi tiếp công dân "
        "của cơ quan đó, trong 90 ngày kể từ ngày nhận hoặc biết được quyết định, hành vi.",
        where,
        "Trân trọng cảm ơn anh/chị.",
    )
    return "\n".join(line for line in lines if line)


def _nature(note: str) -> Section:
    return Section(
        "Tính chất của nội dung đã gửi",
        "Nội dung này là khiếu nại: đề nghị xem xét lại quyết định hành chính, hành vi hành chính hoặc quyết định kỷ luật "
        "theo Điều 2 Luật Khiếu nại 2011. Kênh tiếp nhận phản ánh, kiến nghị không có thẩm quyền giải quyết khiếu nại; "
        "chỉ người có thẩm quyền theo Luật Khiếu nại mới được thụ lý và ra quyết định giải quyết."
        + (f" {note.strip()}" if note.strip() else ""),
    )


def _where() -> Section:
    return Section(
        "Nơi gửi khiếu nại lần đầu",
        "Theo Điều 7 Luật Khiếu nại 2011, Ông/Bà khiếu nại lần đầu đến người đã ra quyết định hành chính hoặc cơ quan "
        "có người có hành vi hành chính đó. Ông/Bà có thể chọn một trong các cách:",
        (
            "nộp đơn hoặc trình bày trực tiếp tại nơi tiếp công dân của cơ quan có thẩm quyền;",
            "gửi đơn qua bưu chính đến cơ quan đó;",
            "ủy quyền cho người đại diện theo quy định của pháp luật.",
        ),
    )


def _papers() -> Section:
    return Section(
        "Đơn và giấy tờ cần có",
        "Theo Điều 8 Luật Khiếu nại 2011, đơn khiếu nại kèm bản sao quyết định bị khiếu nại và tài liệu liên quan, nếu có,"
        " và phải ghi rõ:",
        (
            "ngày, tháng, năm khiếu nại;",
            "họ tên, địa chỉ của người khiếu nại;",
            "tên, địa chỉ của cơ quan, tổ chức, cá nhân bị khiếu nại;",
            "nội dung, lý do khiếu nại và yêu cầu giải quyết;",
            "chữ ký hoặc điểm chỉ của người khiếu nại.",
        ),
    )


def _deadline() -> Section:
    return Section(
        "Thời hiệu khiếu nại",
        "90 ngày kể từ ngày nhận được quyết định hành chính hoặc biết được quyết định, hành vi hành chính "
        "(Điều 9 Luật Khiếu nại 2011). Thời gian ốm đau, thiên tai hoặc trở ngại khách quan khác không tính vào thời hiệu. "
        "Việc gửi nội dung đến kênh này không thay cho việc nộp đơn khiếu nại.",
    )


def _terms(terms: Sequence[LegalTerm]) -> Section:
    return Section(
        "Thời hạn giải quyết (thông tin tham khảo)",
        "Các thời hạn theo luật dưới đây do cơ quan giải quyết khiếu nại chịu trách nhiệm:",
        tuple(f"{term.title}: {term.term.title}, theo {_source(term)}." for term in terms),
    )


def _source(term: LegalTerm) -> str:
    """What a citizen needs of it; reminders to ourselves stand behind the semicolon."""
    return term.source.partition("; cần ")[0]


def _further() -> Section:
    return Section(
        "Nếu không đồng ý với kết quả",
        "Khi không đồng ý với quyết định giải quyết lần đầu, hoặc quá thời hạn mà chưa được giải quyết, Ông/Bà có quyền:",
        (
            "khiếu nại lần hai đến thủ trưởng cấp trên trực tiếp trong 30 ngày (Điều 33 Luật Khiếu nại 2011); hoặc",
            "khởi kiện vụ án hành chính tại Tòa án theo Luật Tố tụng hành chính.",
        ),
    )
