"""What the contact sheet shows is what the photo becomes."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.engine_process.colourings import colourings_of
from desktop_app.engine_process.pictures import reduced
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.recipe import load
from engine.session import Device
from engine.steps.step import Tools
from tests.desktop_app.guesses.generators import STYLES, write_styled


@pytest.fixture
def loader(tmp_path) -> Loader:
    write_styled(tmp_path)
    return Loader(ModelLibrary((tmp_path,)), Device("cpu", 1), {})


@pytest.fixture
def photo() -> Photo:
    """Pale grey, so that the step before the colours has something to do."""
    rows, columns = np.mgrid[0:90, 0:120]
    waves = 140 + 30 * np.sin(columns / 13) + 25 * np.cos(rows / 9)
    return Photo(waves.astype(np.uint8)[..., None])


def test_each_is_what_the_recipe_finds_with_that_number(loader, photo):
    """Also behind another step, whose sliders stand anywhere."""
    recipe = load("colorize").with_enabled("tone", True).with_setting("tone.fading", 0.2)
    pipeline = Pipeline(loader)
    found = colourings_of(photo, recipe, pipeline, Tools(loader))
    assert sorted(each.number for each in found) == list(range(len(STYLES) + 1))
    for each in found:
        own = pipeline.analyse(photo, recipe.with_setting("colorize.candidate", each.number))["colorize"]
        np.testing.assert_array_equal(each.analysis.arrays["chroma"], own.arrays["chroma"])


def test_a_photo_in_colour_has_none(loader):
    random = np.random.default_rng(0)
    colourful = Photo(random.integers(0, 255, (60, 80, 3)).astype(np.uint8))
    assert colourings_of(colourful, load("colorize"), Pipeline(loader), Tools(loader)) == []


def test_a_smaller_copy_keeps_the_shape_and_a_small_photo_is_itself(photo):
    assert reduced(photo, 120) is photo
    small = reduced(photo, 40)
    assert (small.height, small.width, small.pixels.shape[2]) == (30, 40, 1)
    assert abs(float(small.pixels.mean()) - float(photo.pixels.mean())) < 1
