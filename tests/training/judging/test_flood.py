"""The flood gives a hint its colour where it lies, spreads it to what is alike and near, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from training import metrics
from training.evaluate import grey
from training.judging.flood import Flood, flooded
from training.judging.pictures import as_tensor

HALVES = np.full((64, 96, 3), 0.35, np.float32)
HALVES[:, 48:] = 0.75
COLOUR = np.array([20.0, -15.0])


def answered(flood: Flood, *places: tuple[int, int]) -> np.ndarray:
    """a*, b* (2, 64, 96) of two grey halves with hints of COLOUR on 8 x 8 pixels at these rows and columns."""
    guide = np.zeros_like(HALVES)
    for y, x in places:
        guide[y : y + 8, x : x + 8, :2] = COLOUR / 110
        guide[y : y + 8, x : x + 8, 2] = 1
    lab = metrics.lab_of(as_tensor(flooded(grey, flood)(HALVES, guide)))
    assert lab[0].numpy() == pytest.approx(metrics.lab_of(as_tensor(HALVES))[0].numpy(), abs=1e-2)
    return np.asarray(lab[1:])


@pytest.mark.parametrize("place", [(20, 16), (21, 17), (0, 0), (56, 40)])
def test_a_hint_gets_its_colour_and_what_is_alike_some_of_it(place: tuple[int, int]) -> None:
    chroma = answered(Flood(lightness=10, reach=0.5, fade=1e-3), place)
    y, x = place
    assert chroma[:, y : y + 8, x : x + 8].mean((1, 2)) == pytest.approx(COLOUR, abs=0.3)
    assert np.hypot(*chroma[:, :, 60:]).max() < 0.1, "the other half is 40 L* away"


def test_the_correction_fades_with_distance() -> None:
    along = np.hypot(*answered(Flood(lightness=10, reach=0.3, fade=0.1), (28, 4))[:, 32, 8:48])
    assert (np.diff(along) <= 1e-3).all() and along[0] > 20 and along[-1] < 5


def test_a_second_equal_hint_only_helps() -> None:
    flood = Flood(lightness=10, reach=0.3, fade=0.3)
    one, two = (np.hypot(*answered(flood, *places)) for places in (((28, 4),), ((28, 4), (40, 20))))
    assert (two >= one - 1e-3).all() and two[:, :48].mean() > one[:, :48].mean()


def test_without_hints_it_is_the_answer_itself() -> None:
    def tint(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        assert not guide.any(), "the flood lies over the hint-free answer"
        return (image * np.array([1.0, 0.9, 0.8], np.float32)).astype(np.float32)

    guide = np.zeros_like(HALVES)
    answer = flooded(tint, Flood(lightness=10, reach=0.3, fade=0.1))(HALVES, guide)
    expected = metrics.lab_of(as_tensor(tint(HALVES, guide)))[1:]
    assert metrics.lab_of(as_tensor(answer))[1:].numpy() == pytest.approx(expected.numpy(), abs=0.05)
    guide[8:16, 8:16] = (0, 0, 1)
    hinted = metrics.lab_of(as_tensor(flooded(tint, Flood(10, 0.3, 1e-3))(HALVES, guide)))[1:]
    assert hinted[:, 8:16, 8:16].abs().max() < 0.5, "a neutral hint takes the tint away"
