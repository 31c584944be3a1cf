"""Each word gives a norm, and each norm takes its statistics from where it says."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from training.config import ConfigError
from training.networks.norms import NORMS, norm


@pytest.mark.parametrize("kind", NORMS)
def test_every_norm_keeps_the_shape(kind: str) -> None:
    assert norm(kind, 5)(torch.rand(3, 5, 4, 7)).shape == (3, 5, 4, 7)


def test_another_word_is_refused_with_the_words_there_are() -> None:
    with pytest.raises(ConfigError, match="'layer' is not one of instance, batch, pixel, none"):
        norm("layer", 4)


def test_a_pixels_norm_is_zero_mean_and_unit_deviation_over_its_channels() -> None:
    x = norm("pixel", 16)(5 + 3 * torch.randn(2, 16, 4, 4))
    assert torch.allclose(x.mean(1), torch.zeros(2, 4, 4), atol=1e-5)
    assert torch.allclose(x.std(1, correction=0), torch.ones(2, 4, 4), atol=1e-3)


@pytest.mark.parametrize(("kind", "local"), [("pixel", True), ("batch", True), ("none", True), ("instance", False)])
def test_at_inference_all_but_the_instance_norm_look_at_one_pixel_only(kind: str, local: bool) -> None:
    layer: nn.Module = norm(kind, 4).eval()
    picture = torch.rand(1, 4, 8, 8)
    changed: Tensor = picture.clone()
    changed[..., 4:, :] += 1
    assert torch.equal(layer(picture)[..., :4, :], layer(changed)[..., :4, :]) == local
