"""Distances of features: zero for the truth, one for what was shown, and each name's own."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from training.config import ConfigError
from training.features import Backbone
from training.judging.feature_figures import FeatureFigures


def moments(picture: np.ndarray) -> np.ndarray:
    return np.concatenate([picture.mean((0, 1)), picture.std((0, 1))])


def maps(pictures: Tensor) -> list[Tensor]:
    return [torch.cat([pictures, 1 - pictures], 1)]


@pytest.fixture
def collected() -> FeatureFigures:
    figures = FeatureFigures(Backbone("moments", 24, moments, maps))
    random = torch.Generator().manual_seed(0)
    for _ in range(30):
        true = torch.rand(3, 1, 1, generator=random).double() * torch.rand(3, 32, 40, generator=random).double()
        shown = true.mean(0, keepdim=True).expand(3, -1, -1)
        figures.add(shown, true, {"truth": true, "nothing": shown, "half": (true + shown) / 2})
    return figures


def test_the_truth_is_at_zero_and_what_was_shown_at_one(collected: FeatureFigures) -> None:
    found = {name: collected.figures(name, np.random.default_rng(0)) for name in ("truth", "half", "nothing")}
    for figure in ("kid", "frechet", "perceptual"):
        assert found["truth"][figure] == pytest.approx(0, abs=1e-6)
        assert found["truth"][figure] < found["half"][figure] < found["nothing"][figure]
        assert found["half"][f"{figure}_low"] < found["half"][figure] < found["half"][f"{figure}_high"]
    assert found["nothing"]["kid"] == pytest.approx(1) == found["nothing"]["frechet"]
    assert found["half"]["frechet_raw"] / found["nothing"]["frechet_raw"] == pytest.approx(found["half"]["frechet"])


def test_damaged_places_are_told_by_themselves_over_the_photos_that_have_some() -> None:
    """Answers that are wrong in their damage alone: the less of the photo that is, the less it shows in the whole."""
    figures, nowhere = FeatureFigures(Backbone("moments", 24, moments, maps)), np.zeros((32, 40), bool)
    damage = nowhere.copy()
    damage[:8] = True
    random = torch.Generator().manual_seed(1)
    for index in range(12):
        true = torch.rand(3, 32, 40, generator=random).double()
        wrong = torch.where(torch.from_numpy(damage), 1 - true, true)
        figures.add(true.flip(0), true, {"wrong": wrong, "truth": true}, damage if index else nowhere)
    told, truth = (figures.figures(name, np.random.default_rng(0)) for name in ("wrong", "truth"))
    assert told["perceptual_damaged"] == pytest.approx(4 * told["perceptual"], rel=0.05)
    assert told["perceptual_damaged_low"] <= told["perceptual_damaged"] <= told["perceptual_damaged_high"]
    assert truth["perceptual_damaged"] == pytest.approx(0, abs=1e-6)


def test_the_same_draws_give_the_same_intervals(collected: FeatureFigures) -> None:
    first, second = (collected.figures("half", np.random.default_rng(4)) for _ in range(2))
    assert first == second


def test_a_handful_of_photos_is_refused() -> None:
    figures = FeatureFigures(Backbone("moments", 24, moments))
    for _ in range(9):
        figures.add(torch.rand(3, 32, 32), torch.rand(3, 32, 32), {"any": torch.rand(3, 32, 32)})
    with pytest.raises(ConfigError, match="at least 10 photos, not 9"):
        figures.figures("any", np.random.default_rng(0))
