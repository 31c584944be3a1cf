"""What was found small arrives at full size, and lightness keeps the detail that was too fine to be found."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from engine.carrier import carrier
from engine.color import luma, srgb_to_lab, to_srgb_small
from engine.photo import Photo
from engine.steps.step import Analysis
from tests.engine import photos


def fine_stripes() -> Photo:
    """Light and dark columns two pixels wide on the scene: invisible at a quarter of the size."""
    scene = photos.grey(240, 320).pixels.astype(np.int16)
    stripes = np.where(np.arange(320) // 2 % 2, 8, -8)[:, None]
    return Photo((scene + stripes).clip(0, 255).astype(np.uint8))


def test_lightness_is_replaced_and_fine_detail_stays() -> None:
    photo = fine_stripes()
    own = luma(photo)
    small = srgb_to_lab(to_srgb_small(photo, 60, 80))[..., 0]
    darker = (small * np.float32(0.7))[..., None]
    carry = carrier(photo, Analysis("age"), darker, first_is_lightness=True)
    result = own + carry.rows(own, 0)[0]
    inside = np.s_[40:80, 20:100]
    assert abs(result[inside].mean() - 0.7 * own[inside].mean()) < 0.5
    contrast = np.abs(np.diff(result[inside], axis=1)).mean() / np.abs(np.diff(own[inside], axis=1)).mean()
    assert 0.65 < contrast < 1.05
    direct = carrier(photo, Analysis("age"), darker).rows(own, 0)[0]
    lost = np.abs(np.diff(direct[inside], axis=1)).mean() / np.abs(np.diff(own[inside], axis=1)).mean()
    assert lost < 0.5, "carried as L* itself the stripes would be gone: what the difference is for"


def test_a_preview_s_is_kept_as_long_as_photo_and_finding_live() -> None:
    photo, analysis = photos.grey(), Analysis("colorize")
    chroma = np.full((30, 40, 2), 5, np.float16)
    assert carrier(photo, analysis, chroma) is carrier(photo, analysis, chroma)
    assert carrier(photos.grey(), analysis, chroma) is not carrier(photo, analysis, chroma)
    kept = weakref.ref(carrier(photo, analysis, chroma))
    gc.collect()
    assert kept() is not None
    del analysis
    gc.collect()
    assert kept() is None


def test_what_was_found_is_left_as_it_is() -> None:
    found = np.full((30, 40, 3), 50, np.float32)
    carrier(photos.grey(), Analysis("age"), found, first_is_lightness=True)
    assert (found == 50).all()


def test_a_second_finding_in_a_photo_is_carried_as_in_a_photo_never_seen() -> None:
    """What the filter knows of the luma is kept from the first."""
    photo, fresh = photos.grey(), photos.grey()
    carrier(photo, Analysis("colorize"), np.zeros((30, 40, 2), np.float16))
    chroma = np.random.default_rng(1).normal(0, 20, (30, 40, 2)).astype(np.float16)
    second, first = (carrier(one, Analysis("colorize"), chroma) for one in (photo, fresh))
    assert np.array_equal(second.planes, first.planes)
