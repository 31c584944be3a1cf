"""The loader: a kind becomes a generator, once, and the user's choice counts."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from engine.errors import GeneratorBroken, GeneratorMissing
from engine.generator import Generator
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.progress import CancelToken
from engine.session import Device
from tests.broken_onnx_files import write_broken
from tests.engine.detector_files import write_detector
from tests.onnx_files import enlarger, multiply, write_colorizer, write_generator


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    write_colorizer(tmp_path, "colour")
    write_generator(tmp_path, multiply(0.5), "halves", kind="colorize")
    write_generator(tmp_path, multiply(1.0), "cleaner", kind="clean")
    return ModelLibrary([tmp_path])


def test_a_kind_becomes_its_default_and_is_loaded_once(library: ModelLibrary) -> None:
    load = Loader(library, Device("cpu"))
    first = load("colorize")
    assert first.card.name == "halves"
    assert load("colorize") is first
    assert load("clean").card.name == "cleaner"


def test_the_users_choice_counts(library: ModelLibrary) -> None:
    load = Loader(library, Device("cpu"), {"colorize": "colour"})
    assert load("colorize").card.name == "colour"
    assert load.card("colorize") is load("colorize").card
    assert load.card("clean").name == "cleaner"


def test_a_card_is_known_before_anything_is_loaded(tmp_path: Path) -> None:
    write_broken(tmp_path, "text")
    load = Loader(ModelLibrary([tmp_path]), Device("cpu"))
    assert len(load.card("colorize").digest) == 64
    with pytest.raises(GeneratorBroken):
        load("colorize")


def test_a_choice_that_is_not_there_or_of_another_kind(library: ModelLibrary) -> None:
    with pytest.raises(GeneratorMissing, match="“magic”"):
        Loader(library, Device("cpu"), {"colorize": "magic"})("colorize")
    with pytest.raises(GeneratorMissing, match=r"“cleaner for colorize”.*Known ones: colour, halves"):
        Loader(library, Device("cpu"), {"colorize": "cleaner"})("colorize")
    with pytest.raises(GeneratorMissing, match="“upscale”"):
        Loader(library, Device("cpu"))("upscale")


def test_threads_that_ask_at_once_get_the_same_generator(library: ModelLibrary) -> None:
    load, got = Loader(library, Device("cpu")), list[Generator]()
    threads = [threading.Thread(target=lambda: got.append(load("colorize"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    assert len({id(generator) for generator in got}) == 1
    assert got[0].run(np.ones((3, 3, 3), np.float32)).image.max() == 0.5


def test_a_kind_at_a_scale_is_a_generator_of_its_own(tmp_path: Path) -> None:
    for scale in (2, 4):
        write_generator(tmp_path, enlarger(scale), f"larger-{scale}", kind="upscale", scale=scale)
    load = Loader(ModelLibrary([tmp_path]), Device("cpu"))
    assert [load(kind).card.name for kind in ("upscale ×2", "upscale ×4")] == ["larger-2", "larger-4"]
    assert load("upscale") is load("upscale ×4"), "the same file is loaded once"
    assert load("upscale ×4").run(np.ones((3, 3, 3), np.float32)).image.shape == (12, 12, 3)


def test_faces_are_found_once_and_none_where_nothing_finds_them(tmp_path: Path) -> None:
    pixels = np.zeros((640, 640, 3), np.uint8)
    pixels[64:96, 128:160] = 255
    photo = Photo(pixels)
    loader = Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1))
    assert loader.detector_card() is None and loader.faces(photo) == ()
    write_detector(tmp_path)
    loader = Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1))
    (face,) = loader.faces(photo)
    assert face.box == pytest.approx((128, 64, 32, 32), abs=1)
    cancelled = CancelToken()
    cancelled.cancel()
    assert loader.faces(photo, cancelled) == (face,), "it is remembered"
