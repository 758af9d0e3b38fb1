"""What a piece of personal data is called, and the placeholder that stands in its stead."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACEHOLDERS = {
    "id": "[số căn cước]",
    "passport": "[số hộ chiếu]",
    "tax": "[mã số thuế]",
    "phone": "[số điện thoại]",
    "email": "[thư điện tử]",
    "plate": "[biển số xe]",
    "account": "[số tài khoản]",
    "insurance": "[số bảo hiểm]",
    "name": "[họ tên]",
}
"""Kind → what `mask` writes; the keys are every kind there is."""

KINDS = tuple(PLACEHOLDERS)
IN_TEXT = re.compile("|".join(map(re.escape, PLACEHOLDERS.values())))


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: `start` and `end` (exclusive) count code points of the original text."""

    kind: str
    start: int
    end: int
