"""A style is a short bounded vector of the colours, and of nothing but them and where they stand."""

from __future__ import annotations

import torch

from training.networks.style_encoder import StyleEncoder


def test_a_style_is_bounded_and_tells_colours_apart() -> None:
    torch.manual_seed(0)
    encoder = StyleEncoder(5)
    lightness = 100 * torch.rand(2, 1, 32, 40)
    red = torch.tensor([0.5, 0.3])[None, :, None, None].expand(2, 2, 32, 40)
    with torch.no_grad():
        style, other = encoder(red, lightness), encoder(-red, lightness)
    assert style.shape == (2, 5) and float(style.abs().max()) <= 1
    assert float((style - other).abs().max()) > 1e-3
