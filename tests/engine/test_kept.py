"""What is kept stays within its bytes, the oldest goes first, and nobody can change it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.kept import KeptArrays


def test_it_stays_within_its_bytes_and_forgets_what_was_not_asked_for() -> None:
    kept = KeptArrays(100)
    for number in range(4):
        kept.put(number, np.full(30, number, np.uint8))
        kept.get(0)
    assert [kept.get(number) is not None for number in range(4)] == [True, False, True, True]
    kept.put(0, np.zeros(10, np.uint8))
    kept.put(5, np.zeros(30, np.uint8))
    assert all(kept.get(number) is not None for number in (0, 2, 3, 5)), "a smaller one in its place makes room"
    kept.put(6, np.zeros(101, np.uint8))
    assert kept.get(6) is None and kept.get(5) is not None, "one that cannot fit drives nobody out"


def test_what_is_kept_cannot_be_changed() -> None:
    kept, array = KeptArrays(100), np.zeros(10, np.uint8)
    kept.put("a", array)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
