"""Hashes of passwords, readable by the log-in library as well: argon2id over the NFKD form."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher

from feedback.domain.errors import InvalidInput

MIN_LENGTH = 12
MAX_LENGTH = 128
LEAST_VARIED = 5
"""Different characters that a password has at least."""
MEMORY_KIB, ROUNDS, LANES = 19_456, 2, 1
"""OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 iterations, 1 lane."""


def hashed(password: str, *names: str) -> str:
    """Raises InvalidInput for a password that is too short, too long or too easy to guess."""
    checked(password, *names)
    hasher = PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)
    return hasher.hash(unicodedata.normalize("NFKD", password))


def checked(password: str, *names: str) -> None:
    """`names`: what anybody knows of the account. Raises InvalidInput."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise InvalidInput(f"Mật khẩu cần từ {MIN_LENGTH} đến {MAX_LENGTH} ký tự.", field="password")
    known = {part.casefold() for name in names for part in (name, name.partition("@")[0])}
    if len(set(password)) < LEAST_VARIED or password.casefold() in known:
        raise InvalidInput("Mật khẩu này quá dễ đoán.", field="password")
