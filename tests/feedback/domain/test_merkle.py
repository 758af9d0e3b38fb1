"""The tree is that of RFC 6962, however it grows; a path proves its leaf and nothing else."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.domain import merkle

LEAVES = [merkle.leaf(number, hashlib.sha256(str(number).encode()).hexdigest()) for number in range(1, 71)]


def by_definition(leaves: list[bytes]) -> bytes:
    """Section 2.1 word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    left, right = by_definition(leaves[:half]), by_definition(leaves[half:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@pytest.mark.parametrize("size", range(71))
def test_a_growing_tree_has_the_root_of_the_definition(size: int) -> None:
    assert merkle.root(LEAVES[:size]) == by_definition(LEAVES[:size])


def test_a_leaf_covers_the_id_and_the_hash() -> None:
    row_hash = "ab" * 32
    expected = hashlib.sha256(b"\x00" + bytes([0, 0, 0, 0, 0, 0, 1, 2]) + bytes.fromhex(row_hash)).digest()
    assert merkle.leaf(258, row_hash) == expected
    with pytest.raises(ValueError, match="hex"):
        merkle.leaf(1, "no hash")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 70])
def test_every_leaf_is_proven_by_its_path(size: int) -> None:
    leaves = LEAVES[:size]
    root = merkle.root(leaves)
    for index, leaf in enumerate(leaves):
        path = merkle.path(leaves, index)
        assert merkle.root_by_path(leaf, index, size, path) == root
        assert len(path) <= size.bit_length()


@given(st.integers(2, 70), st.data())
def test_another_leaf_place_or_path_proves_nothing(size: int, data: st.DataObject) -> None:
    leaves = LEAVES[:size]
    root = merkle.root(leaves)
    index = data.draw(st.integers(0, size - 1))
    path = merkle.path(leaves, index)
    other = data.draw(st.integers(0, size - 1).filter(lambda found: found != index))
    assert merkle.root_by_path(leaves[other], index, size, path) != root
    assert merkle.root_by_path(leaves[index], other, size, path) != root
    assert merkle.root_by_path(leaves[index], index, size, path[:-1]) != root
    assert merkle.root_by_path(leaves[index], index, size, [*path, path[-1]]) != root


def test_a_place_outside_the_tree_proves_nothing() -> None:
    assert merkle.root_by_path(LEAVES[0], 1, 1, []) is None
    assert merkle.root_by_path(LEAVES[0], -1, 1, []) is None
    with pytest.raises(IndexError):
        merkle.path(LEAVES[:3], 3)
