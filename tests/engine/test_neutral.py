"""Greys by table are those of the formulas."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color import lab_to_srgb
from engine.neutral import grey_of, light_of


def test_greys_and_their_lightness_are_those_of_the_formulas() -> None:
    light = np.linspace(0, 100, 777, dtype=np.float32).reshape(7, 111)
    nothing = np.zeros_like(light)
    grey = grey_of(light)
    np.testing.assert_allclose(grey, lab_to_srgb(np.stack([light, nothing, nothing], -1))[..., 0], atol=3e-5)
    np.testing.assert_allclose(light_of(grey), light, atol=4e-3)
    assert light_of(np.array([-1.0, 2.0], np.float32)).tolist() == pytest.approx([0, 100], abs=1e-3)
