"""What is shown is the photo's L* or orthochromatic film's grey; the answer's chroma lies over the true L* in both cases."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from tests.training.photographs import picture
from training import metrics
from training.judging import colouring
from training.judging.pictures import as_picture, as_tensor


def photo(seed: int = 1) -> torch.Tensor:
    return as_tensor(np.asarray(picture(seed), np.float32) / np.float32(255))


def flat(red: float, green: float, blue: float) -> torch.Tensor:
    return torch.tensor([red, green, blue], dtype=torch.float64)[:, None, None].expand(3, 40, 40)


def test_the_photos_own_lightness_is_shown() -> None:
    true = photo()
    shown = metrics.lab_of(colouring.grey_of(true))
    assert shown[0] == pytest.approx(metrics.lab_of(true)[0], abs=1e-3)
    assert shown[1:].abs().max() < 1e-3


def test_orthochromatic_film_is_blind_to_red() -> None:
    """Red is black, blue is lighter than green, white and greys are themselves."""
    red, green, blue = (
        float(colouring.grey_of(flat(*colour), "ortho").mean()) for colour in ((1, 0, 0), (0, 1, 0), (0, 0, 1))
    )
    assert red == 0 and 0 < green < blue
    linear = [((grey + 0.055) / 1.055) ** 2.4 for grey in (green, blue)]
    assert linear == pytest.approx([0.4, 0.6])
    for grey in (0.02, 0.5, 1.0):
        assert colouring.grey_of(flat(grey, grey, grey), "ortho").numpy() == pytest.approx(grey, abs=1e-9)


@pytest.mark.parametrize("luma", colouring.LUMAS)
def test_true_chroma_gives_the_photo_back_whatever_was_shown(luma: str) -> None:
    true = photo()
    found = colouring.coloured(lambda shown, true, hints, seed: (metrics.lab_of(true)[1:], 0.0), true, luma, 0, 1)
    assert metrics.psnr(found.result, true) > 60
    assert found.shown.numpy() == pytest.approx(colouring.grey_of(true, luma).numpy())
    assert metrics.colourfulness(found.saturated(0.0)) == pytest.approx(0, abs=1e-2)
    assert metrics.colourfulness(found.saturated(0.5)) < metrics.colourfulness(found.result)


def test_the_generator_works_at_its_size_on_what_is_shown() -> None:
    seen = []

    def colourise(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        seen.append((image, guide))
        return image

    true = photo()
    shown = colouring.grey_of(true, "ortho")
    chroma, luma_error = colouring.enlarged(colourise, 48)(shown, true, 0, 1)
    assert chroma.shape == (2, *true.shape[1:]) and chroma.abs().max() < 1e-3 and luma_error < 1e-4
    assert seen[0][0].shape == (48, 64, 3) and not seen[0][1].any()
    assert seen[0][0].mean() == pytest.approx(as_picture(shown).mean(), abs=5e-3)


def test_hints_are_squares_of_the_true_mean_at_places_of_the_seed() -> None:
    true = photo()
    guide = colouring.hinted(true, 3, np.random.default_rng(5))
    places = colouring.hint_places(true.shape[1], true.shape[2], 3, np.random.default_rng(5))
    marked = torch.zeros_like(true[0])
    for place in places:
        marked[place] = 1
    assert torch.equal(guide[2], marked)
    last = metrics.lab_of(true)[1:, *places[-1]].mean((1, 2)) / 110
    assert guide[:2, *places[-1]].numpy() == pytest.approx(last[:, None, None].expand(2, 8, 8).numpy())
