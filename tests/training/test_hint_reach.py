"""How far a hint carries: all the way for who paints the truth once told, not at all for grey, and no farther than the object."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training import evaluate, hint_reach, metrics
from training.lab import lab_to_srgb

COLOURS = np.zeros((96, 96, 3), np.uint8)
COLOURS[:] = (150, 90, 60)
COLOURS[10:90, 30:90] = (60, 110, 170)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    Image.fromarray(COLOURS).save(tmp_path / "one.png")
    return evaluate.photos_in(tmp_path)


def painted(image: np.ndarray, chroma: torch.Tensor) -> np.ndarray:
    """`image` with these a*, b* (2, h, w)."""
    lab = metrics.lab_of(torch.from_numpy(image.astype(np.float64)).permute(2, 0, 1))
    return evaluate.as_picture(lab_to_srgb(torch.cat([lab[:1], chroma])[None])[0])


def hint_of(guide: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The hint's a*, b* (2, 1, 1), and how far each pixel's row and column is from the nearest of its square."""
    rows, columns = np.nonzero(guide[..., 2])
    colour = torch.from_numpy(110 * guide[rows[0], columns[0], :2].astype(np.float64))[:, None, None]
    y, x = (torch.arange(side, dtype=torch.float64) for side in guide.shape[:2])
    down = torch.maximum(rows.min() - y, y - rows.max()).clamp_min(0)
    across = torch.maximum(columns.min() - x, x - columns.max()).clamp_min(0)
    return colour, down[:, None].expand(guide.shape[:2]), across[None].expand(guide.shape[:2])


def test_reach_is_one_for_who_paints_the_truth_once_hinted(files: list[Path]) -> None:
    def obedient(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        return (COLOURS / 255).astype(np.float32) if guide.any() else image

    figures = hint_reach.judge(obedient, files, size=96)
    for name in ("reach", "at_hint", "ring"):
        assert figures[name] == pytest.approx(1.0, abs=0.02)
    assert figures["ring_90"] == 1 and figures["stray"] > 10, "the rest of the photo got its colour from that hint too"


def test_grey_goes_no_way_and_changes_nothing(files: list[Path]) -> None:
    figures = hint_reach.judge(evaluate.grey, files, size=96)
    for name in ("reach", "at_hint", "ring", "ring_90", "stray"):
        assert figures[name] == pytest.approx(0.0, abs=0.02)
    assert figures["reach_photos"] == figures["ring_photos"] == figures["stray_photos"] == 1


def test_a_colouriser_that_colours_the_square_alone_has_no_ring(files: list[Path]) -> None:
    def timid(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        if not guide.any():
            return image
        return painted(image, torch.from_numpy(110 * guide[..., :2].astype(np.float64)).permute(2, 0, 1))

    figures = hint_reach.judge(timid, files, size=96)
    assert figures["at_hint"] == pytest.approx(1.0, abs=0.02)
    assert figures["ring"] == pytest.approx(0.0, abs=0.02) and figures["ring_90"] == 0
    assert figures["stray"] == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(("reaching", "ring"), [(7.5, 0.0), (24.5, 1.0)])
def test_the_ring_is_from_8_to_24_pixels_off_the_square(files: list[Path], reaching: float, ring: float) -> None:
    """Colour that ends just before the ring has none of it; colour that ends just behind it has all, and need not go on."""

    def near(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        if not guide.any():
            return image
        colour, down, across = hint_of(guide)
        return painted(image, colour * (torch.hypot(down, across) <= reaching))

    figures = hint_reach.judge(near, files, size=96)
    assert figures["ring"] == pytest.approx(ring, abs=0.02)
    assert figures["reach"] < 0.95


def test_a_hint_that_floods_everything_strays(files: list[Path]) -> None:
    def flooding(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        return painted(image, hint_of(guide)[0].expand(2, *image.shape[:2])) if guide.any() else image

    figures = hint_reach.judge(flooding, files, size=96)
    assert figures["ring"] == pytest.approx(1.0, abs=0.02) and figures["stray"] > 10


def test_photos_without_a_place_for_a_hint_are_left_out_and_counted(files: list[Path], tmp_path: Path) -> None:
    """Who paints everything right needs no hint anywhere; nothing is then said but that no photo could be used."""
    Image.fromarray(np.full((96, 96, 3), 128, np.uint8)).save(tmp_path / "grey.png")
    both = evaluate.photos_in(tmp_path)
    one, two = (hint_reach.judge(evaluate.grey, those, size=96) for those in (files, both))
    assert len(both) == 2 and one == two
    knowing = hint_reach.judge(lambda image, guide: (COLOURS / 255).astype(np.float32), files, size=96)
    assert knowing == {"reach_photos": 0}


def test_a_photo_of_one_colour_has_nothing_to_stray_to(tmp_path: Path) -> None:
    Image.fromarray(np.full((48, 48, 3), (150, 90, 60), np.uint8)).save(tmp_path / "plain.png")
    figures = hint_reach.judge(evaluate.grey, evaluate.photos_in(tmp_path), size=48)
    assert figures["reach_photos"] == 1 and "stray" not in figures
