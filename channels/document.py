"""JSON from outside, read without trusting its shape."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from channels.errors import UnsupportedPayload
from channels.text import clean


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON object. Readers answer None or an empty value where the shape is another one."""

    value: Mapping[str, object]

    def text(self, *names: str) -> str | None:
        """The first of `names` that holds a non-empty string or an integer, cleaned (NFC)."""
        for name in names:
            found = self.value.get(name)
            if isinstance(found, int) and not isinstance(found, bool):
                found = str(found) if abs(found) < 10**20 else None
            if isinstance(found, str) and (cleaned := clean(found)):
                return cleaned
        return None

    def number(self, *names: str) -> float | None:
        """The first of `names` that holds a finite number, also when written as a string."""
        for name in names:
            found = self.value.get(name)
            if isinstance(found, (int, float, str)) and not isinstance(found, bool):
                number = _finite(found)
                if number is not None:
                    return number
        return None

    def node(self, *names: str) -> Node:
        for name in names:
            found = self.value.get(name)
            if isinstance(found, dict):
                return Node(found)
        return Node({})

    def nodes(self, name: str) -> tuple[Node, ...]:
        found = self.value.get(name)
        return (
            tuple(Node(item) for item in found if isinstance(item, dict)) if isinstance(found, list) else ()
        )

    def texts(self, name: str) -> tuple[str, ...]:
        found = self.value.get(name)
        return (
            tuple(clean(item) for item in found if isinstance(item, str)) if isinstance(found, list) else ()
        )

    def has(self, name: str) -> bool:
        return name in self.value


def _finite(found: int | float | str) -> float | None:
    try:
        number = float(found)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def value(body: bytes | str) -> object:
    """Any JSON value. Raises UnsupportedPayload (broken UTF-8, truncated, nested too deep, NaN)."""
    try:
        text = body.decode("utf-8-sig") if isinstance(body, bytes) else body
        loaded: object = json.loads(text, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise UnsupportedPayload("nội dung không phải UTF-8") from None
    except RecursionError:
        raise UnsupportedPayload("JSON lồng nhau quá sâu") from None
    except ValueError:
        raise UnsupportedPayload("JSON hỏng hoặc bị cắt cụt") from None
    return loaded


def load(body: bytes | str) -> Node:
    """A JSON object. Raises UnsupportedPayload."""
    loaded = value(body)
    if not isinstance(loaded, dict):
        raise UnsupportedPayload("JSON không phải là một đối tượng")
    return Node(loaded)
