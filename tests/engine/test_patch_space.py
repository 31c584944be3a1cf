"""Vectors of patches: the same patch the same vector; colour about it and liveliness count as they should."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.morphology import grown
from engine.patch_space import COMPONENTS, RADIUS_PX, SIDE_PX, PatchSpace, Places

Array = NDArray[np.float32]


def space_of(picture: Array, hole: NDArray[np.bool_], guidance: float = 1.0) -> tuple[PatchSpace, Places, Places]:
    near = grown(hole, RADIUS_PX)
    sources, targets = (np.nonzero(mask) for mask in (~near, near))
    return PatchSpace(picture, hole, picture, sources, targets, guidance), sources, targets


def noisy(height: int = 60, width: int = 80) -> Array:
    """Lively at left, nearly flat at right."""
    random = np.random.default_rng(5)
    amount = np.where(np.arange(width) < width // 2, 0.2, 0.005)[:, None]
    return (0.5 + random.standard_normal((height, width, 3)) * amount).astype(np.float32)


def test_distances_are_those_of_the_pixels() -> None:
    """But for what the components leave out: of smooth pictures next to nothing."""
    rows, columns = np.mgrid[:60, :80] / 10
    picture = np.stack([np.sin(rows), np.cos(columns), np.sin(rows + columns)], 2).astype(np.float32) / 4 + 0.5
    space, sources, _ = space_of(picture, np.zeros((60, 80), bool) | ((rows > 5) & (columns > 7)))
    padded = np.pad(picture, [(RADIUS_PX, RADIUS_PX)] * 2 + [(0, 0)], "reflect")
    one, other = ((sources[0][i], sources[1][i]) for i in (100, 2000))
    patches = [padded[y : y + SIDE_PX, x : x + SIDE_PX] for y, x in (one, other)]
    true = float(((patches[0] - patches[1]) ** 2).sum())
    vectors = [space.of_sources[place][:COMPONENTS] for place in (one, other)]
    assert float(((vectors[0] - vectors[1]) ** 2).sum()) == pytest.approx(true, rel=0.01)


def test_a_smooth_filling_of_a_lively_place_asks_for_lively_patches() -> None:
    picture = noisy()
    hole = np.zeros((60, 80), bool)
    hole[25:37, 12:24] = True
    picture[hole] = 0.5
    space, (rows, columns), targets = space_of(picture, hole)
    middle = np.flatnonzero((targets[0] == 31) & (targets[1] == 18))[0]
    wanted = space.of_targets(picture)[middle]
    away = ((space.of_sources[rows, columns] - wanted) ** 2)[:, COMPONENTS:].sum(1)
    inside = (columns > 8) & (columns < 71)
    assert away[inside & (columns < 32)].max() < away[inside & (columns > 48)].min()


def test_the_guides_colour_counts_as_much_as_it_is_told() -> None:
    picture = noisy()
    hole = np.zeros((60, 80), bool)
    hole[25:37, 50:62] = True
    spaces = [space_of(picture, hole, guidance)[0] for guidance in (1.0, 4.0)]
    colours = [space.of_targets(picture)[:, COMPONENTS : COMPONENTS + 3] for space in spaces]
    np.testing.assert_allclose(colours[1], 2 * colours[0], rtol=1e-5)


def test_the_whole_picture_may_be_known() -> None:
    picture = noisy()
    hole = np.zeros((60, 80), bool)
    hole[0, 0] = True
    space, sources, targets = space_of(picture, hole)
    assert np.isfinite(space.of_sources[sources]).all() and np.isfinite(space.of_targets(picture)).all()
    assert space.of_targets(picture).shape == (len(targets[0]), COMPONENTS + 5)
