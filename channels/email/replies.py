"""What the citizen wrote now, without the mail they answer. A forwarded mail is content and stays."""

from __future__ import annotations

import re

SEPARATOR = "--- Vui lòng trả lời phía trên dòng này ---"

_ATTRIBUTION = re.compile(
    r"^(?:(?:Vào|Ngày|Lúc|Thứ)\b.{0,300}(?:đã viết|viết)\s*:|On\b.{0,300}\bwrote\s*:)\s*$",
    re.IGNORECASE | re.DOTALL,
)
_ORIGINAL = re.compile(
    r"^[-_\s]{2,}(?:Thư gốc|Tin nhắn gốc|Thư ban đầu|Original Message)[-_\s]{2,}$", re.IGNORECASE
)
_FORWARD = re.compile(
    r"^[-_\s]*(?:Forwarded message|Begin forwarded message|Tin nhắn chuyển tiếp"
    r"|Thư (?:đã )?(?:được )?chuyển tiếp|Bắt đầu thư (?:được )?chuyển tiếp)[-_\s:]*$",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^(?:(?:Được )?Gửi từ (?:iPhone|iPad|điện thoại|thiết bị|máy|Outlook|Yahoo|Zalo|Samsung|Mail)\b.{0,80}"
    r"|Sent from (?:my|Mail|Outlook|Yahoo)\b.{0,80}"
    r"|(?:Tải (?:về )?Outlook cho|Get Outlook for) \S.{0,40})$",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"^\*?(From|Từ|Người gửi|Sent|Đã gửi|Gửi|Date|Ngày|To|Đến|Tới|Kính gửi|Cc|Subject|Chủ đề|Tiêu đề)"
    r"\s*:\*?\s*(.*)$",
    re.IGNORECASE,
)
_FROM = {"from", "từ", "người gửi"}
_SUBJECT = {"subject", "chủ đề", "tiêu đề"}


def strip(text: str) -> str:
    """Cut at the first sign of a quoted mail, drop device lines; all of it where nothing would remain."""
    own = _without_tail(_above_quote(text.split("\n")))
    kept = "\n".join(own).strip()
    return kept or text.replace(SEPARATOR, "").strip()


def _above_quote(lines: list[str]) -> list[str]:
    for number, current in enumerate(lines):
        bare = current.strip().lstrip("> ")
        if SEPARATOR in current:
            return _without_attribution(lines[:number])
        if _FORWARD.match(bare):
            return lines
        if _ORIGINAL.match(bare) or _is_header_block(lines, number) or _is_attribution(lines, number):
            return lines[:number]
    return lines


def _is_attribution(lines: list[str], number: int) -> bool:
    """A client may wrap the line, but never beyond the third."""
    return any(
        _ATTRIBUTION.match("\n".join(lines[number : number + span]).strip().lstrip("> "))
        for span in (1, 2, 3)
    ) and bool(lines[number].strip())


def _without_attribution(lines: list[str]) -> list[str]:
    for number in range(max(0, len(lines) - 6), len(lines)):
        if _is_attribution(lines, number) or _is_header_block(lines, number):
            return lines[:number]
    return lines


def _is_header_block(lines: list[str], number: int) -> bool:
    """A citizen's "Từ: ngõ 12 … / Ngày: hôm qua" is no header block: it takes an address or a subject."""
    if not _KEY.match(lines[number].strip()):
        return False
    block = []
    for current in lines[number : number + 8]:
        match = _KEY.match(current.strip())
        if match is None:
            break
        block.append((match.group(1).lower(), match.group(2)))
    keys = {name for name, _ in block}
    has_sender_address = any(name in _FROM and "@" in text for name, text in block)
    is_whole = len(keys) >= 3 and bool(keys & _FROM) and bool(keys & _SUBJECT)
    return block[0][0] in _FROM and (is_whole or (has_sender_address and len(keys) >= 2))


def _without_tail(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and (not kept[-1].strip() or kept[-1].startswith(">") or _DEVICE.match(kept[-1].strip())):
        kept.pop()
    return kept
