"""Lab in torch agrees with published values, with its own inverse, and has finite gradients everywhere."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training import lab

KNOWN = {  # sRGB -> CIE Lab D65, as published by Lindbloom's calculator (rounded to 0.01)
    (1.0, 0.0, 0.0): (53.24, 80.09, 67.20),
    (0.0, 1.0, 0.0): (87.73, -86.18, 83.18),
    (0.0, 0.0, 1.0): (32.30, 79.19, -107.86),
    (1.0, 1.0, 1.0): (100.0, 0.0, 0.0),
    (0.0, 0.0, 0.0): (0.0, 0.0, 0.0),
}


@pytest.mark.parametrize(("rgb", "expected"), KNOWN.items())
def test_primaries(rgb: tuple[float, ...], expected: tuple[float, ...]) -> None:
    found = lab.srgb_to_lab(torch.tensor(rgb, dtype=torch.float64).view(1, 3, 1, 1)).flatten()
    assert torch.allclose(found, torch.tensor(expected, dtype=torch.float64), atol=0.02)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_there_and_back(seed: int) -> None:
    picture = torch.rand(1, 3, 4, 5, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    assert torch.allclose(lab.lab_to_srgb(lab.srgb_to_lab(picture)), picture, atol=1e-6)


def test_lightness_alone_is_the_first_of_lab() -> None:
    picture = torch.rand(2, 3, 6, 6, dtype=torch.float64)
    assert torch.allclose(lab.srgb_to_lightness(picture), lab.srgb_to_lab(picture)[:, :1], atol=1e-9)


def test_grey_keeps_the_lightness() -> None:
    lightness = torch.linspace(0, 100, 50, dtype=torch.float64).view(1, 1, 5, 10)
    grey = lab.lightness_to_grey(lightness).expand(-1, 3, -1, -1)
    assert torch.allclose(lab.srgb_to_lightness(grey), lightness, atol=1e-4)


@pytest.mark.parametrize("value", [0.0, 0.02, 0.5, 1.0])
def test_gradients_are_finite_at_the_joints(value: float) -> None:
    picture = torch.full((1, 3, 2, 2), value, requires_grad=True)
    lab.lab_to_srgb(lab.srgb_to_lab(picture)).sum().backward()
    assert picture.grad is not None and bool(picture.grad.isfinite().all())


def test_one_channel_of_grey_has_the_lightness_of_three() -> None:
    grey = torch.linspace(0, 1, 256, dtype=torch.float64).view(1, 1, 16, 16)
    found = lab.grey_to_lightness(grey)
    assert torch.allclose(found, lab.srgb_to_lightness(grey.expand(-1, 3, -1, -1)), atol=1e-4)
    assert torch.allclose(lab.lightness_to_grey(found), grey, atol=1e-4)
