"""An export keeps the contract, says so in its card, answers as torch does, and is refused where it does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.card import OVERLAP_PX, Card
from engine.generator import Generator
from engine.session import Device
from training import config, export, parity
from training.contract import Exportable
from training.methods.conditional_gan import ConditionalGAN
from training.methods.cycle_gan import CycleGAN
from training.methods.upscale import Upscale
from training.networks.colour_unet import ColourUNet
from training.networks.enlarger import Enlarger


def colouriser(seed: int, shift: float = 0.0) -> Exportable:
    torch.manual_seed(seed)
    network = ColourUNet((16, 16, 8, 8), pretrained=False).eval()
    with torch.no_grad():
        network.last.bias.add_(shift)
    return ConditionalGAN.exportable("colorize", network, config.RunConfig())


def draft(of: Exportable, name: str = "tiny") -> Card:
    made = export.made_by("test", 1.0)
    known = {"trained_on": ("noise",), "terms": "none", "limits": "all", "figures": {}, "made_by": made}
    return export.draft_card(name, "Tiny", 1, of, **known)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Card:
    made = colouriser(5)
    return export.export(made, draft(made), tmp_path_factory.mktemp("models"))


def test_the_card_says_what_the_file_is(exported: Card) -> None:
    assert exported.parameters == sum(parameter.numel() for parameter in colouriser(5).module.parameters())
    assert exported.size["generator"] == (exported.folder / "tiny.onnx").stat().st_size < 2.6 * exported.parameters
    assert sorted(file.name for file in exported.folder.iterdir()) == ["tiny.json", "tiny.onnx"]


def test_an_enlarger_asks_for_more_shared_pixels_and_others_for_the_usual(exported: Card) -> None:
    enlarger = Upscale.exportable("upscale", Enlarger(2, (8, 8)), config.RunConfig())
    assert draft(enlarger).overlap == 64 and exported.overlap == OVERLAP_PX


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
    with pytest.raises(parity.ParityError, match="differ by"):
        parity.check(colouriser(6, shift=0.5), exported)


def test_failing_parity_writes_nothing(exported: Card, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The exporter is stood in for by a file that it made before: it is the slow part, and not what is tried here."""
    ready = exported.folder / "tiny.onnx"
    stand_in = lambda made, card, folder, *_, **__: (folder / card.files["generator"]).write_bytes(ready.read_bytes())  # noqa: E731
    monkeypatch.setattr(export, "_write_files", stand_in)
    monkeypatch.setattr(parity, "LARGEST", -1.0)
    made = colouriser(5)
    with pytest.raises(parity.ParityError):
        export.export(made, draft(made), tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_both_directions_of_a_cyclegan_run_in_the_engine_at_any_size(tmp_path: Path) -> None:
    """Odd sizes, opset 18 and weights in 32 bits; one direction is a colouriser without a guide, the other ages."""
    chosen = config.RunConfig(
        method="cycle-gan",
        generator=config.Generator(network="resnet", width=4, blocks=1, norm="pixel"),
        stages=(config.Stage(1.0, 64),),
    )
    torch.manual_seed(2)
    networks = CycleGAN.networks(chosen)
    for name, kind in (("colorize", "colorize"), ("fade", "age")):
        made = CycleGAN.exportable(name, networks[name].eval(), chosen)
        card = export.export(made, draft(made, name), tmp_path, opset=18, dtype="float32")
        assert (card.kind, card.opset, dict(card.inputs)) == (kind, 18, {"image": "image"})
        restored = Generator.load(card, Device("cpu")).run(np.random.default_rng(1).random((37, 51, 3), np.float32))
        assert restored.image.shape == (37, 51, 3)
    assert (tmp_path / "fade.onnx").stat().st_size > 4 * card.parameters


SPLIT = config.Generator(
    widths=(16, 16, 8, 8),
    pretrained=False,
    encoder="plain",
    attention=1,
    style=3,
    certainty=True,
    split=True,
    even=200.0,
)
"""A small colouriser with all that one can have, in two files."""


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> tuple[Exportable, Card]:
    torch.manual_seed(8)
    chosen = config.RunConfig(generator=SPLIT)
    network = ConditionalGAN.networks(chosen)["colorize"].eval()
    with torch.no_grad():
        for name in ("style32", "style8", "last"):
            torch.nn.init.normal_(network.get_submodule(name).weight, 0, 0.1)
        network.get_buffer("styles").normal_()
    made = ConditionalGAN.exportable("colorize", network, chosen)
    return made, export.export(made, draft(made, "halves"), tmp_path_factory.mktemp("split"))


def test_a_split_generator_answers_as_the_network_does(split: tuple[Exportable, Card]) -> None:
    """Parity has compared hints already; here its styles and its map, and that both files hold the card's hashes."""
    made, card = split
    assert set(card.files) == {"encoder", "decoder"} and set(card.outputs) == {"restored", "map"}
    generator = Generator.load(card, Device("cpu"))
    image = np.repeat(np.random.default_rng(2).uniform(0.2, 0.8, (64, 96, 1)), 3, 2).astype(np.float32)
    assert np.allclose(generator.styles, made.module.network.styles, atol=1e-4)  # type: ignore[union-attr]
    style = generator.styles[3]
    given = [torch.from_numpy(part) for part in (image.transpose(2, 0, 1)[None], style[None])]
    with torch.no_grad():
        restored, sure = made.module(given[0], torch.zeros(1, 3, 64, 96), given[1])
    answer = generator.run(image, guide=np.zeros_like(image), style=style)
    assert float(np.abs(answer.image - restored[0].permute(1, 2, 0).numpy()).max()) < 0.03
    assert answer.map is not None and float(np.abs(answer.map - sure[0, 0].numpy()).max()) < 0.03


def test_the_network_is_read_back_from_both_halves(split: tuple[Exportable, Card]) -> None:
    from training import onnx_weights

    made, card = split
    chosen = config.RunConfig(generator=SPLIT)
    again = ConditionalGAN.exportable("colorize", ConditionalGAN.networks(chosen)["colorize"].eval(), chosen)
    onnx_weights.load_into(again, card.folder / "halves-encoder.onnx")
    inputs = (torch.rand(1, 3, 64, 64), torch.zeros(1, 3, 64, 64), torch.full((1, 3), 0.5))
    with torch.no_grad():
        for mine, theirs in zip(again.module.eval()(*inputs), made.module.eval()(*inputs), strict=True):
            assert float((mine - theirs).abs().max()) < 0.02
    assert torch.allclose(again.module.network.styles, made.module.network.styles, atol=1e-4)  # type: ignore[union-attr]
