"""The print's own paper: a border about the picture, a texture in its mid-tones."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.ageing.prints import flat, shapes
from training.ageing import paper


def test_a_border_is_white_and_leaves_the_picture() -> None:
    picture = shapes()
    framed = paper.border(picture, np.random.default_rng(2), 0.5, width=12)
    rim = np.concatenate([framed[0], framed[-1], framed[:, 0], framed[:, -1]])
    assert (rim > 0.85).all()
    assert np.abs(framed - picture)[20:-20, 20:-20].max() < 0.02


@pytest.mark.parametrize("regular", [0.0, 1.0])
def test_texture_shows_in_mid_tones_and_keeps_them(regular: float) -> None:
    deviation = {}
    for tone in (0.02, 0.5):
        textured = paper.surface(flat(tone), np.random.default_rng(1), 1.0, amount=0.08, pitch=5, regular=regular)
        deviation[tone] = float(textured.std())
        assert float(textured.mean()) == pytest.approx(tone, abs=0.02)
    assert deviation[0.5] > 2 * deviation[0.02] > 0
