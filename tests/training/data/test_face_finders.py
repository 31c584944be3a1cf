"""Detectors of two forms answer in one: rows of boxes, landmarks and score in pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.engine.detector_files import write_detector
from tests.onnx_files import Graph, write_colorizer
from training.config import ConfigError
from training.data import face_finders


def write_yunet(file: Path) -> Path:
    """Outputs as YuNet's: every place finds a face of two strides whose middle is a quarter of a stride to the right of it and
    whose landmarks lie half a stride below; the score is the mean of blue, as class and as objectness."""
    graph = Graph()
    blue = graph.channel(graph.input("input", ("n", 3, "h", "w")), 0)
    for stride in face_finders.STRIDES:
        mean = graph.op("AveragePool", blue, kernel_shape=[stride, stride], strides=[stride, stride])
        score = graph.op("Reshape", graph.mul(mean, graph.constant(1 / 255)), graph.constant([1, -1, 1], np.int64))
        zero = graph.mul(score, graph.constant(0.0))
        graph.output(f"cls_{stride}", score, ("n", f"m{stride}", 1))
        graph.output(f"obj_{stride}", score, ("n", f"m{stride}", 1))
        graph.output(
            f"bbox_{stride}", graph.add(zero, graph.constant([0.25, 0, *np.log([2, 2])])), ("n", f"m{stride}", 4)
        )
        graph.output(f"kps_{stride}", graph.add(zero, graph.constant([0, 0.5] * 5)), ("n", f"m{stride}", 10))
    onnx.save(graph.model(), str(file))
    return file


def test_yunets_outputs_are_read_as_opencv_reads_them(tmp_path: Path) -> None:
    """The middle of the n-th place lies at n strides plus its offset; the score is the root of class times objectness."""
    image = np.zeros((64, 70, 3), np.float32)
    image[32:40, 16:24] = (0, 0, 1)
    rows = face_finders.load(write_yunet(tmp_path / "yunet.onnx"))(image)
    assert len(rows) == sum((64 // stride) * (96 // stride) for stride in face_finders.STRIDES)
    best = rows[rows[:, 14].argmax()]
    assert best[14] == pytest.approx(1, abs=1e-5)
    assert best[:4] == pytest.approx((2 * 8 + 2 - 8, 4 * 8 - 8, 16, 16), abs=1e-3)
    assert best[4:6] == pytest.approx((16, 36), abs=1e-3)


def test_one_of_ours_is_named_by_its_card(tmp_path: Path) -> None:
    card = write_detector(tmp_path)
    assert card.path is not None
    assert face_finders.load(card.path)(np.ones((64, 64, 3), np.float32)).shape == (4, 15)


@pytest.mark.parametrize("what", ["nothing", "text", "colouriser", "its card"])
def test_what_is_no_detector_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    (tmp_path / "text.onnx").write_text("no network")
    card = write_colorizer(tmp_path)
    assert card.path is not None
    files = {
        "nothing": tmp_path / "nothing.onnx", "text": tmp_path / "text.onnx",
        "colouriser": tmp_path / card.files["generator"], "its card": card.path,
    }  # fmt: skip
    with pytest.raises(ConfigError, match=r"detector|outputs of YuNet"):
        face_finders.load(files[what])
