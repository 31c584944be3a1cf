"""The network begins as the identity, can only bend curves and light, and tells a histogram."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from training.config import ConfigError
from training.networks.tone_net import BINS, PIECES, RANKS, ToneNet, curved, histogram, laid, values_at


@pytest.fixture(scope="module")
def network() -> ToneNet:
    torch.manual_seed(3)
    return ToneNet(16, pretrained=False).eval()


def picture(height: int = 64, width: int = 96) -> torch.Tensor:
    return torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(5))


def test_before_it_learns_it_changes_next_to_nothing(network: ToneNet) -> None:
    with torch.no_grad():
        torch.testing.assert_close(network(picture()), picture(), atol=0.01, rtol=0)


def test_what_is_told_of_a_small_picture_can_be_laid_over_a_large_one(network: ToneNet) -> None:
    with torch.no_grad():
        tones = network.tell(picture())
        torch.testing.assert_close(laid(picture(), tones), network(picture()))
        assert laid(picture(200, 300), tones).shape == (2, 3, 200, 300)


def test_ends_that_are_drawn_out_become_black_and_white(network: ToneNet) -> None:
    faded = 0.2 + 0.5 * picture()
    with torch.no_grad():
        tones = network.tell(faded)
        whole = laid(faded, tones._replace(drawn=torch.ones_like(tones.drawn), light=0 * tones.light))
    assert float(whole.amin()) == pytest.approx(0, abs=0.03) and float(whole.amax()) == pytest.approx(1, abs=0.03)


def test_curves_rise_whatever_is_told() -> None:
    ramp = torch.linspace(0, 1, 200)[None, None, None].expand(1, 3, 1, 200)
    told = 8 * torch.randn(1, 3, PIECES + 1, generator=torch.Generator().manual_seed(1))
    assert (curved(ramp, told).diff(dim=3) > 0).all()


def test_a_straight_curve_begins_where_it_is_told() -> None:
    told = torch.zeros(1, 3, PIECES + 1)
    told[..., 0] = -0.1
    torch.testing.assert_close(curved(picture()[:1], told), picture()[:1] - 0.1, atol=1e-5, rtol=0)


def test_equal_pixels_near_each_other_stay_equal(network: ToneNet) -> None:
    """Light changes over tens of pixels, so nothing can be drawn."""
    loud = ToneNet(16, pretrained=False).eval()
    with torch.no_grad():
        for parameter in (*loud.light[2].parameters(), *loud.curves.parameters()):
            parameter.normal_(0, 0.3, generator=torch.Generator().manual_seed(2))
        flat = picture(128, 128)
        flat[:, :, 60:68, 60:68] = 0.5
        answer = loud(flat)[:, :, 60:68, 60:68]
    assert float((answer.amax((2, 3)) - answer.amin((2, 3))).max()) < 0.06


def test_a_histogram_counts_every_pixel_once() -> None:
    torch.testing.assert_close(histogram(picture()).sum(2), torch.ones(2, 3))
    dark = histogram(torch.zeros(1, 3, 32, 32))[0]
    assert (dark[:, 0] == 1).all() and (dark[:, 1:] == 0).all() and dark.shape == (3, BINS)


def test_values_at_ranks_are_quantiles_to_a_bin() -> None:
    skewed = picture(128, 128) ** 2
    found = values_at(histogram(skewed))
    wanted = torch.stack([skewed.flatten(2).quantile(rank, dim=2) for rank in RANKS], 2)
    assert float((found - wanted).abs().max()) < 1 / (BINS - 1)


def test_an_unknown_encoder_is_refused_by_name() -> None:
    with pytest.raises(ConfigError, match="no-such"):
        ToneNet(16, "no-such")


def test_it_learns_to_undo_one_fading() -> None:
    torch.manual_seed(0)
    network = ToneNet(16, pretrained=False).train()
    optimiser = torch.optim.Adam([p for n, p in network.named_parameters() if not n.startswith("encoder")], 3e-3)
    fresh = picture(64, 64)
    faded = 0.2 + 0.5 * fresh
    first = None
    for _ in range(40):
        loss = (network(faded) - fresh).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        first = first or float(loss.detach())
    assert float(loss.detach()) < 0.3 * first
    assert np.isfinite(float(loss.detach()))
