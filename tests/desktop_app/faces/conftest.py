"""A detector for which bright squares are faces, a generator that darkens what it cleans, and photos with such faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_app.document import slow_part
from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS
from tests.engine.detector_files import CELL, write_detector
from tests.onnx_files import enlarger, multiply, write_colorizer, write_generator

WIDTH, HEIGHT = 640, 480
"""As long as what the detector looks at, so that a face is found where it was drawn."""
CLEAN = RecipeEntry("clean", STEPS["clean"].settings(strength=1.0, texture=0.0, faces="full", force=True))
RECIPE = Recipe("clean", "Clean", "", (CLEAN,))
LARGER = RecipeEntry("upscale", STEPS["upscale"].settings(factor="2", faces="gentle"))
GROUND = 40
FACES = ((4, 3, 250), (12, 9, 240), (16, 3, 230))
"""Column and row among squares of CELL pixels, and how bright it is: the brightest is the first face."""


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("faces")
    write_colorizer(folder)
    write_detector(folder)
    write_generator(folder, multiply(0.5), "darken", kind="clean", multiple=8, minimum=16)
    write_generator(folder, enlarger(2), "enlarge", kind="upscale", scale=2)
    return folder


def write_people(path: Path, faces: tuple[tuple[int, int, int], ...] = FACES) -> Path:
    pixels = np.full((HEIGHT, WIDTH), GROUND, np.uint8)
    for column, row, value in faces:
        pixels[row * CELL : (row + 1) * CELL, column * CELL : (column + 1) * CELL] = value
    Image.fromarray(pixels).save(path)
    return path


def middle(number: int) -> tuple[float, float]:
    """Of one of FACES, 0..1 of the photo."""
    column, row, _ = FACES[number]
    return (column + 0.5) * CELL / WIDTH, (row + 0.5) * CELL / HEIGHT


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_people(tmp_path / "people.png")


@pytest.fixture
def opened(hand, photo):
    """With a recipe that cleans, all of it in faces too."""
    hand.drop(photo)
    document(hand).set_recipe(RECIPE)
    hand.wait_for_preview()
    wait_for_answer(hand)
    hand.wait(lambda: document(hand).faces is not None)
    return hand


def document(hand, number: int = 0):
    return hand.app.queue.items[number].document


def wait_for_answer(hand) -> None:
    """Until the engine knows of everything that was decided."""
    one = document(hand)
    hand.wait(lambda: one.analyses is not None and one.analyses.slow_part == slow_part(one.state))
