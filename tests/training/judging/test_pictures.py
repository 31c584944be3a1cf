"""Pictures keep what they show through reading, resizing and cutting."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.photographs import folder_of
from training.config import ConfigError
from training.judging import pictures


def test_a_photo_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = pictures.photos_in(folder_of(tmp_path, 1))[0]
    photo = pictures.read(file)
    assert (photo.dtype, tuple(photo.shape)) == (torch.float64, (3, 72, 96))
    assert 0 <= float(photo.min()) < float(photo.max()) <= 1
    back = pictures.as_tensor(pictures.as_picture(photo))
    assert float((back - photo).abs().max()) < 1e-7


def test_shrinking_averages(tmp_path: Path) -> None:
    fine = torch.zeros(3, 32, 32, dtype=torch.float64)
    fine[:, ::2] = 1
    small = pictures.resized(fine, 8, 8)
    assert small[:, 2:-2].numpy() == pytest.approx(0.5, abs=0.01)


def test_the_short_side_is_as_asked_and_no_side_too_small() -> None:
    photo = torch.rand(3, 40, 80, dtype=torch.float64)
    assert pictures.of_short_side(photo, 20).shape == (3, 20, 40)
    assert pictures.of_short_side(photo.transpose(1, 2), 100).shape == (3, 200, 100)
    assert pictures.of_short_side(photo, 2).shape == (3, 8, 8)


def test_a_look_is_the_middle_squares_side_by_side() -> None:
    photo = torch.zeros(3, 10, 30, dtype=torch.float64)
    photo[:, :, 10:20] = 1
    row = pictures.look(photo, 1 - photo, side=16)
    assert row.shape == (16, 32, 3) and row.dtype == np.uint8
    assert (row[:, :16] == 255).all() and (row[:, 16:] == 0).all()


def test_a_close_look_shows_pixels_as_they_are_and_of_a_small_picture_all() -> None:
    fine = torch.zeros(3, 40, 60, dtype=torch.float64)
    fine[:, ::2] = 1
    far, close = (pictures.look(fine, side=20, closely=closely)[1:-1] for closely in (False, True))
    assert set(np.unique(close)) == {0, 255}, "the middle, row by row"
    assert abs(far.astype(int) - 128).max() < 20, "shrunk to a half, rows run together"
    small = torch.rand(3, 10, 12, dtype=torch.float64)
    assert np.array_equal(pictures.look(small, side=20, closely=True), pictures.look(small, side=20))


def test_a_folder_without_photos_is_said_to_be_so(tmp_path: Path) -> None:
    """Before a run learns for an hour and is judged on nothing; what the system hides beside photos is none."""
    (tmp_path / "._0.jpg").write_bytes(b"not a photo")
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ConfigError, match="no photos in the folder"):
            pictures.photos_in(folder)
