"""Zalo's error codes, which come with HTTP 200, as failures of ours."""

from __future__ import annotations

from channels.errors import DeliveryFailed

TOKEN = frozenset({-216, -220, -124})
RECIPIENT = frozenset({-213, -217, -218, -227, -230, -232, -244})
QUOTA = frozenset({-211, -221, -224, -320, -321})
CONFIGURATION = frozenset({-204, -205, -209, -212, -219, -223, -235, -242})
OUR_BUG = frozenset({-201, -210, -233, -240, -248})


def failure(code: int) -> DeliveryFailed:
    """What the application should do about error `code`; one we do not know is tried again."""
    text = str(code)
    if code in RECIPIENT:
        return DeliveryFailed("Zalo không chuyển được tới người nhận này", permanent=True, code=text)
    if code in OUR_BUG:
        return DeliveryFailed("Zalo từ chối nội dung yêu cầu", permanent=True, code=text)
    if code in QUOTA:
        return DeliveryFailed("hết hạn mức hoặc gói dịch vụ Zalo", hold=True, code=text)
    if code in CONFIGURATION:
        return DeliveryFailed("cấu hình Official Account không hợp lệ", hold=True, code=text)
    if code in TOKEN:
        return DeliveryFailed("mã truy cập Zalo không còn hiệu lực", hold=True, code=text)
    return DeliveryFailed("Zalo tạm thời không nhận tin", code=text)
