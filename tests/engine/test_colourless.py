"""Grey, sepia, stained and toned prints count as colourless; real colours do not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from engine.assets import asset
from engine.colourless import is_colourless
from engine.photo import Photo
from tests.engine import photos


def through_jpeg(photo: Photo, quality: int) -> Photo:
    file = io.BytesIO()
    Image.fromarray(photo.pixels).save(file, "JPEG", quality=quality)
    return Photo(np.array(Image.open(file)))


def stained() -> Photo:
    """Sepia with a yellow-brown stain over one corner."""
    pixels = photos.sepia().pixels.astype(float)
    down, across = np.mgrid[-1:1:120j, -1:1:160j]
    pixels *= 1 - np.exp(-((down - 1) ** 2 + (across + 1) ** 2) / 0.8)[..., None] * [0.05, 0.12, 0.35]
    return Photo(pixels.astype(np.uint8))


def in_two_tones(second: tuple[float, float, float]) -> Photo:
    """Sepia whose lower third is toned otherwise: the dress of a print in which the silver turned."""
    pixels = photos.sepia().pixels.astype(float)
    pixels[80:, 20:140] *= second
    return Photo(np.clip(np.rint(pixels), 0, 255).astype(np.uint8))


def through_the_sepia_matrix(pixels: np.ndarray) -> Photo:
    """What most programs call sepia; its highlights are clipped in red and green before they are in blue."""
    matrix = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
    return Photo(np.clip(np.rint(pixels.astype(float) @ matrix.T), 0, 255).astype(np.uint8))


def bright_portrait() -> np.ndarray:
    """The bundled portrait, a little overexposed as many scans are."""
    with Image.open(asset("samples", "portrait.jpg")) as image:
        return np.clip(np.asarray(image.convert("RGB")) * 1.1, 0, 255)


COLOURLESS = {
    "portrait through the sepia matrix": through_the_sepia_matrix(bright_portrait()),
    "nothing but clipped": Photo(np.full((30, 30, 3), (255, 240, 200), np.uint8)),
    "one channel": photos.grey(),
    "one channel, 16 bit": photos.grey(dtype=np.uint16),
    "three equal channels": photos.grey(channels=3),
    "sepia": photos.sepia(),
    "sepia, 16 bit": photos.sepia(dtype=np.uint16),
    "sepia, poor JPEG": through_jpeg(photos.sepia(), 40),
    "stained": stained(),
    "sepia, in part purplish": in_two_tones((1.0, 0.88, 1.02)),
    "one red pixel": Photo(np.full((1, 1, 3), (200, 60, 60), np.uint8)),
    "all blue (cyanotype)": Photo(
        np.round(photos.scene()[..., None] ** np.array([1.5, 1.1, 0.7]) * 255).astype(np.uint8)
    ),
}


@pytest.mark.parametrize("name", COLOURLESS)
def test_a_photo_without_real_colour_is_colourless(name: str) -> None:
    assert is_colourless(COLOURLESS[name])


def test_real_colours_are_seen() -> None:
    assert not is_colourless(photos.coloured())
    assert not is_colourless(through_jpeg(photos.coloured(), 40))


def test_the_same_difference_is_colour_where_it_turns_green() -> None:
    assert not is_colourless(in_two_tones((0.7, 0.95, 1.1)))


def test_many_warm_colours_are_colour() -> None:
    """Brown, pink and yellow side by side, nothing cold: a portrait close by."""
    down, across = np.mgrid[0:1:120j, 0:1:160j]
    rosy, yellow = 6 * np.sin(11 * across + 3 * down), 10 * np.sin(13 * down + 5 * across)
    warm = np.stack([190 + rosy, 140 - rosy, 105 + yellow], -1)
    assert not is_colourless(Photo(np.rint(warm).astype(np.uint8)))


def test_one_coloured_thing_in_a_grey_photo_is_seen() -> None:
    """A flag of a fiftieth of the picture, as a painter would colour it."""
    pixels = photos.grey(channels=3).pixels.copy()
    pixels[10:26, 20:46] = (190, 30, 40)
    assert not is_colourless(Photo(pixels))


@pytest.mark.parametrize("shape", [(1, 500), (500, 1), (2, 3)])
def test_strips_and_specks_are_judged_too(shape: tuple[int, int]) -> None:
    assert is_colourless(Photo(np.full((*shape, 3), 77, np.uint8)))
