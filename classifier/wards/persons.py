"""Names of persons among names of places."""

from __future__ import annotations

_SURNAMES = frozenset(
    {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Võ", "Phan", "Bùi", "Đỗ", "Ngô", "Đặng", "Dương", "Lý", "Trịnh", "Đinh",
     "Tô", "Chu", "Cao", "Phùng", "Lương", "Mạc", "Hồ", "Đào"}
)  # fmt: skip
_VILLAGES_LIKE_PERSONS = frozenset(
    {"Hoàng Liệt", "Hoàng Mai", "Hoàng Cầu", "Hoàng Long", "Hoàng Kim", "Dương Nội", "Dương Xá", "Dương Liễu", "Dương Hà",
     "Dương Hòa", "Dương Quang", "Lê Thanh", "Cao Viên", "Cao Dương", "Phùng Xá", "Phùng Khoang", "Chu Minh", "Chu Phan"}
)  # fmt: skip


def like_a_person(name: str) -> bool:
    """Named after a person (Nguyễn Du), not a village that begins like a surname (Hoàng Liệt, Dương Nội)."""
    return name.split(" ")[0] in _SURNAMES and name not in _VILLAGES_LIKE_PERSONS
