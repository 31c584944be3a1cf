"""Paper round a print is found; a pale sky is not taken for it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.border import Border, even_border, on_paper, paper_border
from tests.engine.photos import scene


def framed(paper: float, top: int = 5, bottom: int = 9, left: int = 4, right: int = 3) -> np.ndarray:
    frame = np.full((100, 120), paper, np.float32)
    frame[top : 100 - bottom, left : 120 - right] = scene(100 - top - bottom, 120 - left - right) * 100
    return frame


def test_paper_on_four_sides_is_a_border() -> None:
    assert paper_border(framed(93)) == Border(5, 9, 4, 3)


def test_a_dark_mount_is_even_but_no_paper() -> None:
    assert even_border(framed(8)) == Border(5, 9, 4, 3)
    assert paper_border(framed(8)) is None


@pytest.mark.parametrize("missing", ["top", "bottom", "left", "right"])
def test_paper_on_three_sides_is_none(missing: str) -> None:
    assert paper_border(framed(93, **{missing: 0})) is None


def test_a_border_takes_at_most_a_fifth_of_a_side() -> None:
    found = even_border(np.full((50, 100), 90, np.float32))
    assert found == Border(10, 10, 20, 20)
    assert found.inside(50, 100) == (slice(10, 40), slice(20, 80))


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (3, 3), (4, 200)])
def test_the_smallest_photos_have_none(shape: tuple[int, int]) -> None:
    rows, columns = even_border(np.full(shape, 90, np.float32)).inside(*shape)
    assert len(range(*rows.indices(shape[0]))) > 0 and len(range(*columns.indices(shape[1]))) > 0


def test_what_lies_on_paper_is_the_border_alone() -> None:
    lightness = np.full((60, 80), 95, np.float32)
    lightness[8:52, 8:72] = np.random.default_rng(1).uniform(10, 70, (44, 64))
    paper = on_paper(lightness)
    assert paper[:6].all() and paper[:, -6:].all() and not paper[9:51, 9:71].any()
    assert not on_paper(lightness[8:52, 8:72]).any()
