"""The detector's answers lie in pixels, every place has one, and it begins by seeing nothing."""

from __future__ import annotations

import torch

from training.networks.face_net import STRIDES, FaceNet, places


def test_every_place_of_every_stride_answers() -> None:
    """Fresh, each place guesses a face of a few strides round itself, and hardly believes in it."""
    network = FaceNet((4, 8, 8, 8, 8), 8).eval()
    rows = network(torch.rand(2, 1, 64, 96))
    middles = torch.cat([places(64 // stride, 96 // stride, stride) for stride in STRIDES])
    assert rows.shape == (2, len(middles), 15)
    away = (rows[..., :2] + rows[..., 2:4] / 2 - middles).abs().amax(-1)
    assert (away < torch.cat([torch.full(((64 // s) * (96 // s),), float(s)) for s in STRIDES])).all()
    assert (torch.sigmoid(rows[..., 14]) < 0.1).all()


def test_it_moves_with_the_picture() -> None:
    """A picture moved by 32 pixels has its answers 32 pixels further, away from the edges."""
    network = FaceNet((4, 8, 8, 8, 8), 8).eval()
    picture = torch.rand(1, 1, 512, 512)
    still, moved = network(picture), network(torch.roll(picture, (32, 32), (2, 3)))

    def finest(rows: torch.Tensor) -> torch.Tensor:
        return rows[0, : 64 * 64].reshape(64, 64, 15)

    there, here = finest(moved)[32:40, 32:40], finest(still)[28:36, 28:36]
    assert torch.allclose(there[..., :2], here[..., :2] + 32, atol=1e-3)
    assert torch.allclose(there[..., 14], here[..., 14], atol=1e-4)


def test_it_is_small() -> None:
    """Under a megabyte in 16 bits, with room to spare."""
    assert 2 * sum(p.numel() for p in FaceNet().parameters()) < 400_000
