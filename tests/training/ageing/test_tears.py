"""Missing paper is missing where the mask says, and edges wear from the outside."""

from __future__ import annotations

import numpy as np

from tests.training.ageing.prints import flat
from training.ageing import creases, tears


def test_a_missing_corner_is_wholly_lost() -> None:
    """Behind it lies one tone of lid, however far from the tear, and the mask has no holes."""
    for seed in range(12):
        torn = tears.missing(flat(0.4), np.random.default_rng(seed), 0.4, size=0.4, fibre=2)
        corners = [torn.mask[0, 0], torn.mask[0, -1], torn.mask[-1, 0], torn.mask[-1, -1]]
        gone = torn.mask > 0.99
        assert max(corners) == 1 or gone.any()
        assert not (np.abs(torn.picture - 0.4).max(2)[gone] < 1e-4).any()


def test_edges_wear_from_the_outside() -> None:
    worn = tears.worn_edges(flat(0.4), np.random.default_rng(1), 1.0, width=3, corner=8)
    assert worn.mask[0].mean() > 0.3 and worn.mask[:, 0].mean() > 0.3
    assert worn.mask[30:-30, 40:-40].max() == 0


def test_a_tear_starts_at_an_edge() -> None:
    for seed in range(8):
        torn = tears.tears(flat(0.4), np.random.default_rng(seed), 0.4, count=1, length=0.7, width=6, offset=1)
        border = np.concatenate([torn.mask[0], torn.mask[-1], torn.mask[:, 0], torn.mask[:, -1]])
        assert border.max() > 0.5


def test_a_band_follows_its_line() -> None:
    """The pixels near the line and no others, each with its distance; straight where it may not swing."""
    line = creases.band(np.random.default_rng(1), 50, 80, (40.0, 25.0), 0.0, 0.0, 4, 6.0)
    rows = line.index // 80
    assert set(rows.tolist()) == set(range(20, 31))
    assert np.allclose(line.beyond, rows - 25)
