"""An export keeps the contract, says so in its card, answers as torch does, and is refused where it does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.card import Card
from engine.generator import Generator
from engine.session import Device
from training import export, parity
from training.networks.colour_unet import ColourUNet


@pytest.fixture(scope="module")
def network() -> ColourUNet:
    torch.manual_seed(5)
    return ColourUNet((16, 16, 8, 8), pretrained=False).eval()


def draft() -> Card:
    made = export.made_by("test", 1.0)
    return export.draft_card(
        "tiny", "Tiny", 1, trained_on=("noise",), terms="none", limits="all", figures={}, made_by=made
    )


@pytest.fixture(scope="module")
def exported(network: ColourUNet, tmp_path_factory: pytest.TempPathFactory) -> Card:
    return export.export(network, draft(), tmp_path_factory.mktemp("models"))


def test_the_card_says_what_the_file_is(exported: Card, network: ColourUNet) -> None:
    assert exported.parameters == sum(parameter.numel() for parameter in network.parameters())
    assert exported.size["generator"] == (exported.folder / "tiny.onnx").stat().st_size < 2.6 * exported.parameters
    assert sorted(file.name for file in exported.folder.iterdir()) == ["tiny.json", "tiny.onnx"]


def test_the_engine_runs_it_and_keeps_the_luma(exported: Card) -> None:
    generator = Generator.load(exported, Device("cpu"))
    image = np.repeat(np.random.default_rng(1).uniform(0.2, 0.8, (45, 70, 1)), 3, 2).astype(np.float32)
    guide = np.zeros((45, 70, 3), np.float32)
    guide[8:16, 8:16] = (0.1, -0.1, 1)
    restored = generator.run(image, guide=guide).image
    grey_before, grey_after = (
        image @ np.float32([0.2126, 0.7152, 0.0722]),
        restored @ np.float32([0.2126, 0.7152, 0.0722]),
    )
    assert restored.shape == (45, 70, 3)
    assert float(np.abs(grey_before - grey_after).mean()) < 0.03


def test_no_trace_of_the_exporting_machine_is_left(exported: Card) -> None:
    assert str(Path(export.__file__).parent).encode() not in (exported.folder / "tiny.onnx").read_bytes()


def test_parity_notices_another_network(exported: Card) -> None:
    torch.manual_seed(6)
    other = ColourUNet((16, 16, 8, 8), pretrained=False).eval()
    with torch.no_grad():
        other.last.bias.add_(0.5)
    with pytest.raises(parity.ParityError, match="differ by"):
        parity.check(other, exported)


def test_failing_parity_writes_nothing(
    exported: Card, network: ColourUNet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exporter is stood in for by a file that it made before: it is the slow part, and not what is tried here."""
    ready = exported.folder / "tiny.onnx"
    monkeypatch.setattr(export, "_write_onnx", lambda module, file, card: file.write_bytes(ready.read_bytes()))
    monkeypatch.setattr(parity, "LARGEST", -1.0)
    with pytest.raises(parity.ParityError):
        export.export(network, draft(), tmp_path / "models")
    assert not (tmp_path / "models").exists()
