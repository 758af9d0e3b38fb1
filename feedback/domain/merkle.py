"""A Merkle tree over the rows of a day, in the shape of RFC 6962 (Certificate Transparency), section 2.1.

Leaf: SHA-256(0x00 ‖ row id, 8 bytes big-endian ‖ row hash). Node: SHA-256(0x01 ‖ left ‖ right). The left part of a tree is
always the largest full one; the two prefixes keep a leaf from being taken for a node.
The tree of nothing is SHA-256 of nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

BYTES = 32
EMPTY = hashlib.sha256(b"").digest()


def leaf(row_id: int, row_hash: str) -> bytes:
    """`row_hash` in hexadecimal. Raises ValueError where it is none, OverflowError for an id beyond 64 bits."""
    return hashlib.sha256(b"\x00" + row_id.to_bytes(8, "big", signed=True) + bytes.fromhex(row_hash)).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that takes one leaf after another and keeps only the roots of its full parts: log2(n) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._full: list[bytes] = []

    def add(self, grown: bytes) -> None:
        full = self.size
        while full & 1:
            grown = node(self._full.pop(), grown)
            full >>= 1
        self._full.append(grown)
        self.size += 1

    def root(self) -> bytes:
        if not self._full:
            return EMPTY
        *rest, found = self._full
        for left in reversed(rest):
            found = node(left, found)
        return found


def root(leaves: Iterable[bytes]) -> bytes:
    tree = Growing()
    for each in leaves:
        tree.add(each)
    return tree.root()


def path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from leaf `index` up to the root, lowest first (RFC 6962, section 2.1.1)."""
    found: list[bytes] = []
    low, high = 0, len(leaves)
    if not 0 <= index < high:
        raise IndexError(index)
    while high - low > 1:
        middle = low + _largest_full(high - low)
        if index < middle:
            found.append(root(leaves[middle:high]))
            high = middle
        else:
            found.append(root(leaves[low:middle]))
            low = middle
    return found[::-1]


def _largest_full(size: int) -> int:
    """The largest power of two below `size` (at least 2)."""
    return 1 << (size - 1).bit_length() - 1


def root_by_path(leaf_hash: bytes, index: int, size: int, beside: Sequence[bytes]) -> bytes | None:
    """The root that leaf `index` of `size` and its path lead to; None where the path does not fit (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    at, last, found = index, size - 1, leaf_hash
    for each in beside:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = node(each, found)
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            found = node(found, each)
        at >>= 1
        last >>= 1
    return found if last == 0 else None
