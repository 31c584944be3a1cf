"""A detector is loaded through its card, keeps the contract or is refused, and answers in pixels of what it was shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.detector import Detector
from engine.errors import Cancelled, GeneratorBroken
from engine.progress import CancelToken
from engine.session import Device
from tests.engine.detector_files import spotter, write_detector
from tests.onnx_files import Graph, shape, write_colorizer

CPU = Device("cpu")


@pytest.mark.parametrize("size", [(64, 96), (65, 190), (20, 20)])
def test_any_size_is_answered_in_its_own_pixels(tmp_path: Path, size: tuple[int, int]) -> None:
    """Grey lies beyond the right and lower edge only, so nothing is moved."""
    image = np.zeros((*size, 3), np.float32)
    image[:32, :32] = 1
    rows = Detector.load(write_detector(tmp_path), CPU).run(image)
    best = rows[rows[:, 14].argmax()]
    assert rows.shape[1] == 15
    assert best[:4].tolist() == [0, 0, 32, 32]


def test_colours_come_as_the_card_says(tmp_path: Path) -> None:
    """A file that takes BGR 0..255 sees the photo's blue first."""
    image = np.zeros((64, 64, 3), np.float32)
    image[:32, :32, 2] = 1
    rows = Detector.load(write_detector(tmp_path, range="bgr 0..255"), CPU).run(image)
    assert rows[:, 14].max() == pytest.approx(255)


def test_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GeneratorBroken, match="no detector"):
        Detector.load(write_colorizer(tmp_path), CPU)


def test_boxes_of_another_shape_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GeneratorBroken, match="15 numbers"):
        Detector.load(write_detector(tmp_path, spotter(numbers=5)), CPU)


def test_boxes_that_are_a_picture_are_refused(tmp_path: Path) -> None:
    graph = Graph()
    graph.output("boxes", graph.input("image", shape(3)), shape(3))
    with pytest.raises(GeneratorBroken, match="three dimensions"):
        Detector.load(write_detector(tmp_path, graph), CPU)


def test_a_file_that_gives_no_numbers_is_refused(tmp_path: Path) -> None:
    graph = spotter()
    for constant in graph.constants:
        if constant.dims == [] and constant.data_type == 1 and constant.raw_data == np.float32(32).tobytes():
            constant.raw_data = np.float32(np.nan).tobytes()
    with pytest.raises(GeneratorBroken, match="no boxes"):
        Detector.load(write_detector(tmp_path, graph), CPU)


def test_an_exchanged_file_is_refused(tmp_path: Path) -> None:
    card = write_detector(tmp_path)
    (tmp_path / card.files["generator"]).write_bytes(b"another")
    with pytest.raises(GeneratorBroken, match="not the file"):
        Detector.load(card, CPU)


def test_it_stops_when_asked(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    find = Detector.load(write_detector(tmp_path), CPU).finder(cancel)
    with pytest.raises(Cancelled):
        find(np.zeros((64, 64, 3), np.float32))


def test_what_is_no_picture_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    detector = Detector.load(write_detector(tmp_path), CPU)
    with pytest.raises(ValueError, match="float32"):
        detector.run(np.zeros((64, 64, 3), np.float64))
