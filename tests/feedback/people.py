"""Named people, so that a test of permissions reads as a sentence. All invented."""

from __future__ import annotations

from feedback.domain.permissions import Actor, Role

THANH_LIET = "00643"
NGHIA_DO = "00160"


def staff(name: str, *roles: Role, ward: str | None = None) -> Actor:
    return Actor(None, name, frozenset(roles), ward)


LAN = staff("Lan", Role.WARD_OFFICER, ward=THANH_LIET)
HUNG = staff("Hùng", Role.WARD_OFFICER, ward=THANH_LIET)
MAI = staff("Mai", Role.WARD_OFFICER, ward=NGHIA_DO)
DUNG = staff("Dũng", Role.DISPATCHER)
AN = staff("An", Role.AUDITOR)
BINH = staff("Bình", Role.ADMIN)
HOA = staff("Hoa", Role.PRIVACY_OFFICER)
THU = staff("Thu", Role.DENUNCIATION_OFFICER)
