"""Two scans of a print: the paper's texture and dust go, relief is marked, and the photo keeps its kind."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from engine.morphology import grown
from engine.photo import Photo
from engine.registration import Registration, register
from engine.two_scans import TwoScans, combined
from tests.engine import photos
from tests.engine.scans import photo, print_of, two
from training.ageing.noise import Array
from training.ageing.relief import Scan, damage_of

pytest.importorskip("cv2")


@lru_cache(maxsize=2)
def done() -> tuple[Scan, Scan, TwoScans]:
    one, other = two()
    first, second = photo(one), photo(other)
    return one, other, combined(first, second, register(first, second))


def error(picture: Array, where: np.ndarray) -> float:
    """Mean squared difference from the print's own picture."""
    return float(np.mean((picture - print_of()[0])[where] ** 2))


def test_the_texture_of_the_paper_goes() -> None:
    """On sound places free of dust less than half of the squared error is left, scanner's noise and all."""
    one, other, both = done()
    picture, relief = print_of()
    sound = ~grown(damage_of(picture, relief, (one.light_deg, other.light_deg)) | (one.dust > 0), 3)
    assert error(both.photo.pixels / np.float32(255), sound) < 0.5 * error(one.picture, sound)


def test_creases_and_scratches_are_marked_and_sound_places_are_not() -> None:
    """On paper that is nearly smooth: under a coarse texture fine scratches hide."""
    one, other = two(texture=0.02)
    first, second = photo(one), photo(other)
    both = combined(first, second, register(first, second))
    worn = damage_of(*print_of(texture=0.02), (one.light_deg, other.light_deg))
    marked = both.marks.damaged > 0
    assert worn.mean() > 0.002
    assert grown(marked, 2)[worn].mean() > 0.5 and marked[~grown(worn | (one.dust > 0), 12)].mean() < 0.02
    assert both.damaged == pytest.approx(marked.mean()) and not both.marks.sound.any()


def test_dust_on_the_glass_is_taken_from_neither_scan() -> None:
    """Each scan has specks of its own; where one has them the other counts."""
    one, _, both = done()
    core = one.dust > 0.6
    core[:8] = core[-8:] = core[:, :8] = core[:, -8:] = False
    assert core.sum() > 20 and both.dust > 0
    assert error(both.photo.pixels / np.float32(255), core) < 0.35 * error(one.picture, core)


@pytest.mark.parametrize("grey", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_photo_keeps_size_depth_channels_and_metadata(dtype: type, grey: bool) -> None:
    one, other = two(scale=0.8)
    first, second = photo(one, dtype, grey, format="tiff", dpi=(600.0, 600.0)), photo(other)
    both = combined(first, second, register(first, second))
    assert both.photo.pixels.shape == first.pixels.shape and both.photo.pixels.dtype == dtype
    assert both.photo.metadata == first.metadata and both.marks.damaged.shape == first.pixels.shape[:2]
    assert not np.array_equal(both.photo.pixels, first.pixels)


def test_the_same_scan_twice_changes_nothing() -> None:
    """No difference: nothing is marked, and the pixels stay as they are."""
    first = photos.grey(160, 200)
    same = Registration(np.eye(3), (160, 200), (160, 200), error_px=0.0)
    both = combined(first, first, same)
    assert both.damaged == both.dust == 0
    assert np.abs(both.photo.pixels.astype(int) - first.pixels).max() <= 1


def test_where_the_second_scan_shows_nothing_the_first_stays() -> None:
    """It lies 100 pixels to the right, and its tones are others."""
    first = photos.coloured(160, 300)
    moved = np.array([[1.0, 0, -100], [0, 1, 0], [0, 0, 1]])
    fit = Registration(moved, (160, 300), (160, 200), error_px=0.0)
    both = combined(first, Photo((first.pixels[:, 100:] * 0.9).astype(np.uint8)), fit)
    assert np.abs(both.photo.pixels[:, :98].astype(int) - first.pixels[:, :98]).max() <= 1
    assert not both.marks.damaged[:, :98].any()
