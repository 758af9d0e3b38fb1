"""The words before a number that say what it is: `stk`, `cccd`, `mã vận đơn`."""

from __future__ import annotations

import re

WINDOW = 48

_BANKS = (
    "vietcombank|vcb|techcombank|tech|tcb|bidv|agribank|vietinbank|mb ?bank|mb|acb|vp ?bank|tp ?bank|sacombank"
    "|vib|shb|hd ?bank|msb|ocb"
    "|sea ?bank|lp ?bank|lienvietpostbank|exim ?bank|ngan hang quan doi|ngan hang"
)
_LABELS = re.compile(
    r"(?<![a-z])(?:"
    r"(?P<id>c?ccd|cm[nt]d?|cmtnd|can cuoc(?: cong dan)?|chung minh(?: thu| nhan dan)?|dinh danh(?: ca nhan)?)"
    r"|(?P<tax>mst|ma so thue)"
    r"|(?P<insurance>bhxh|bhyt|bao hiem(?: xa hoi| y te)?|so bh|the bh)"
    r"|(?P<account>stk|so tai khoan|so tk|so the|the (?:atm|visa|mastercard|tin dung|ghi no|napas)|the ngan hang)"
    rf"|(?P<bank>tai khoan|tk|ck|chuyen khoan|account|{_BANKS})"
    r"|(?P<phone>sdt|dt|dien thoai|tel|phone|so ban|may ban|so may|zalo|lien he|lien lac|lh|goi|alo|hotline|tong dai)"
    r"|(?P<passport>ho chieu|so hc|passport)"
    r"|(?P<plate>bien so(?: xe)?|bks|bsx|bien kiem soat|bien|xe|taxi)"
    r"|(?P<code>ma (?:so )?(?:ho so|don|giao dich|gd|khach hang|kh|hoa don|tra cuu|buu|phan anh|doanh nghiep)"
    r"|van don|seri|serial|imei"
    r"|hoa don|cong to|dong ho|so hieu|so khung|phat hanh|to ban do|so vao so)"
    r"|(?P<money>so tien|tien|gia|phi|phat|nop|luong|muc|tri gia|hon|gan|khoang|tru|lai|vay)"
    r")(?![a-z])"
)
_DIGITS_BETWEEN = re.compile(r"[0-9]{6}")
_BANK_AFTER = re.compile(rf"[ \-,(:]{{0,4}}(?:tai |cua |mo tai |o )?(?:nh |{_BANKS})(?![a-z])")
_MONEY_AFTER = re.compile(
    r" ?(?:d|dong|vnd|usd|trieu|tr|k|nghin|ngan(?! hang)|ty|ti|lan|nguoi|ho|m2|m3|m|ha|kg|kwh|%)(?![a-z])"
)
_FAR = 150
# `đồng hồ, hẹn qua số …`: the number is not that of the meter.
_ENDS_CODE = re.compile(r"[,;.][^,;.]*(?:qua|so|goi|hen|lien he)[^,;.]*\Z")
_OWNER = re.compile(
    r"(?:mst|thue)(?: cua)? (?:ca nhan|nguoi phu thuoc"
    r"|toi|em|minh|mk|e|t|chau|con|vo|chong|ck|vk|bo|me|ba|ong|chi|anh|co|bac)(?![a-z])"
)
_FIRM = re.compile(r"(?<![a-z])(?:cong ty|doanh nghiep|cty|tnhh|co phan|hop tac xa|tap doan)(?![a-z])")


def label(plain: str, start: int) -> str:
    """The kind that the nearest words before `start` announce, or nothing."""
    window = plain[max(0, start - WINDOW) : start]
    last = None
    for match in _LABELS.finditer(window):
        last = match
    if last is None or _DIGITS_BETWEEN.search(window, last.end()):
        return ""
    if last.lastgroup == "code" and _ENDS_CODE.search(window, last.end()):
        return ""
    return last.lastgroup or ""


def far(plain: str, start: int) -> str:
    """`tax` or `insurance` when these were spoken of further before, and of no other number since."""
    last = None
    for match in _LABELS.finditer(plain, max(0, start - _FAR), start):
        if match.lastgroup not in ("money", "plate"):
            last = match
    if (
        last is None
        or last.lastgroup not in ("tax", "insurance")
        or _DIGITS_BETWEEN.search(plain, last.end(), start)
    ):
        return ""
    return last.lastgroup


def of_a_person(plain: str, start: int) -> bool:
    """`mã số thuế của tôi`, `MST cá nhân`."""
    return _OWNER.search(plain, max(0, start - WINDOW), start) is not None


def bank_follows(plain: str, end: int) -> bool:
    """`0011… Vietcombank`, `1020… - ngân hàng …`."""
    return _BANK_AFTER.match(plain, end) is not None


def counted(plain: str, end: int) -> bool:
    """True when a unit follows: an amount, not a number that somebody owns."""
    return _MONEY_AFTER.match(plain, end) is not None


def of_a_firm(plain: str, start: int) -> bool:
    """True when a firm is spoken of before."""
    return _FIRM.search(plain, max(0, start - 2 * WINDOW), start) is not None
