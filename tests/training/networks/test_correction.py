"""What a correction is added to, for every pairing of channels that a generator may have."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from training.config import ConfigError
from training.networks.correction import check_channels, picture_of, start_small


def test_colour_with_guides_behind_it_gives_its_first_channels() -> None:
    given = torch.rand(2, 5, 4, 4)
    assert torch.equal(picture_of(given, 3), given[:, :3])


def test_grey_is_repeated_for_colour() -> None:
    grey = torch.rand(2, 1, 4, 4)
    assert torch.equal(picture_of(grey, 3), torch.cat([grey, grey, grey], 1))


def test_colour_becomes_its_mean_for_grey_and_guides_have_no_part_in_it() -> None:
    given = torch.rand(2, 5, 4, 4)
    assert torch.allclose(picture_of(given, 1), given[:, :3].mean(1, keepdim=True))


def test_two_channels_cannot_become_three() -> None:
    with pytest.raises(ConfigError, match="channels_out: 3 cannot be made of 2"):
        check_channels(2, 3)
    for channels_in, channels_out in ((1, 3), (3, 1), (3, 3), (5, 3), (4, 4)):
        check_channels(channels_in, channels_out)


def test_a_small_start_is_small_and_not_nothing() -> None:
    answer = start_small(nn.Conv2d(16, 3, 3))(torch.randn(1, 16, 32, 32))
    assert 1e-4 < float(answer.detach().abs().mean()) < 0.05
