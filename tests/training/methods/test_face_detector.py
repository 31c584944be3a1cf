"""The face detector learns a face by heart, and its export answers through the engine as it does itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from engine.card import Card
from engine.detector import Detector
from engine.faces import find_rows
from engine.photo import Photo
from engine.session import Device
from training import config, export, methods
from training.contract import DetectorContract
from training.data.face_crops import FaceBatch
from training.methods.face_detector import FaceDetector
from training.onnx_weights import load_into

CONFIG = config.RunConfig(
    method="face-detector",
    generator=config.Generator(network="face-net", widths=(8, 16, 16, 16, 16), width=16, pretrained=False),
    optimiser=config.Optimiser(rate=1e-2, warm_up=1, gradient_norm=10.0),
)


def one_face() -> FaceBatch:
    """A bright disc with two dark eyes in noise."""
    random = torch.Generator().manual_seed(3)
    grey = 0.3 * torch.rand(2, 1, 128, 128, generator=random)
    y, x = torch.meshgrid(torch.arange(128.0), torch.arange(128.0), indexing="ij")
    rows = torch.full((2, 1, 15), -1.0)
    for index, (cx, cy) in enumerate(((50.0, 60.0), (80.0, 70.0))):
        grey[index, 0][torch.hypot(x - cx, y - cy) < 20] = 0.9
        marks = [(cx - 7, cy - 5), (cx + 7, cy - 5), (cx, cy), (cx - 6, cy + 9), (cx + 6, cy + 9)]
        for mx, my in marks[:2]:
            grey[index, 0][torch.hypot(x - mx, y - my) < 3] = 0.0
        rows[index, 0] = torch.tensor([cx - 20, cy - 20, 40, 40, *(n for mark in marks for n in mark), 1])
    return FaceBatch(grey, rows)


@pytest.fixture(scope="module")
def learned() -> tuple[FaceDetector, list[dict[str, float]]]:
    made = FaceDetector(CONFIG, Accelerator(cpu=True, mixed_precision="no"))
    batch = one_face()
    return made, [made.step(batch, config.Stage(), 0.1) for _ in range(60)]


def test_a_method_is_its_file() -> None:
    assert methods.load("face-detector") is FaceDetector


def test_it_learns_a_face_by_heart(learned: tuple[FaceDetector, list[dict[str, float]]]) -> None:
    """All three losses fall, and the surest row is the face."""
    made, told = learned
    for name in ("score", "box", "landmarks"):
        assert told[-1][name] < 0.5 * told[0][name]
    batch = one_face()
    with torch.no_grad():
        made.generators.train()
        rows = made.generators["faces"](batch.grey)
    best = rows[0, rows[0, :, 14].argmax()]
    assert (best[:4] - batch.faces[0, 0, :4]).abs().max() < 8


def test_its_export_answers_as_it_does(learned: tuple[FaceDetector, list[dict[str, float]]], tmp_path: Path) -> None:
    """Parity is checked by export itself; the file keeps the contract, is found by its card, and holds all to go on from."""
    made, _ = learned
    network = made.generators["faces"]
    exportable = FaceDetector.exportable("faces", network, CONFIG)
    card = export.export(
        exportable, export.draft_card("faces", "Faces", 1, exportable, trained_on=("x",), terms="", limits="", figures={},
        made_by=export.made_by("test", 1.0)), tmp_path,
    )  # fmt: skip
    assert (card.kind, dict(card.outputs), dict(card.inputs)) == ("detector", {"boxes": "boxes"}, {"image": "image"})
    detector = Detector.load(Card.read(tmp_path / "faces.json"), Device("cpu"))
    rows = find_rows(Photo(np.zeros((90, 120, 3), np.uint8)), detector.finder(), sure=0.0, looks=(128,))
    assert rows.shape[1] == 15
    again = FaceDetector.exportable("faces", FaceDetector.networks(CONFIG)["faces"], CONFIG)
    load_into(again, tmp_path / "faces.onnx")
    image = torch.rand(1, 3, 64, 96)
    with torch.no_grad():
        first, second = (DetectorContract(e.module.network).eval()(image) for e in (exportable, again))  # type: ignore[arg-type]
    assert torch.allclose(first, second, atol=0.05, rtol=0.01)


def test_its_state_is_taken_up_strictly(learned: tuple[FaceDetector, list[dict[str, float]]]) -> None:
    made, _ = learned
    other = FaceDetector(CONFIG, Accelerator(cpu=True, mixed_precision="no"))
    other.load_state_dict(made.state_dict())
    for name, value in made.generators.state_dict().items():
        assert torch.equal(value, other.generators.state_dict()[name])


def test_another_network_is_refused() -> None:
    with pytest.raises(config.ConfigError, match="face-net"):
        FaceDetector.networks(config.RunConfig(method="face-detector"))
