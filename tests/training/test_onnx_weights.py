"""What is shipped is enough to go on training: the weights in the file make the network that was exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from engine.assets import asset
from engine.card import Card
from engine.generator import Generator
from engine.session import Device
from training import config, export, methods, onnx_weights
from training.contract import Exportable, runner
from training.methods.conditional_gan import ConditionalGAN

SMALL = config.RunConfig(generator=config.Generator(widths=(16, 16, 8, 8), pretrained=False, encoder="plain"))


def exportable(chosen: config.RunConfig, seed: int) -> Exportable:
    torch.manual_seed(seed)
    network = ConditionalGAN.networks(chosen)["colorize"]
    if chosen.generator.encoder == "plain":
        for _ in range(3):  # batch statistics of its own, or folding a norm would change nothing
            network.train()(100 * torch.rand(4, 1, 64, 64), torch.rand(4, 3, 64, 64))
    return ConditionalGAN.exportable("colorize", network.eval(), chosen)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Exportable, Card]:
    made = exportable(SMALL, 5)
    card = export.draft_card(
        "small",
        "Small",
        1,
        made,
        trained_on=("noise",),
        terms="",
        limits="",
        figures={},
        made_by=export.made_by("x", 1),
    )
    return made, export.export(made, card, tmp_path_factory.mktemp("models"))


def scene(height: int = 64, width: int = 96) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    guide = np.zeros((height, width, 3), np.float32)
    guide[8:16, 8:16] = (0.3, -0.2, 1)
    return np.repeat(random.uniform(0.1, 0.9, (height, width, 1)), 3, 2).astype(np.float32), guide


def test_a_file_read_back_answers_as_before(small: tuple[Exportable, Card]) -> None:
    made, card = small
    other = exportable(SMALL, 6)
    image, guide = scene()
    before = runner(made)(image, guide)
    assert np.abs(runner(other)(image, guide) - before).mean() > 5e-3
    onnx_weights.load_into(other, card.folder / "small.onnx")
    assert np.abs(runner(other)(image, guide) - before).mean() < 1e-3  # weights are stored in 16 bits


def test_the_bundled_generator_holds_all_its_weights() -> None:
    card = Card.read(asset("models", "colorize-lite0.json"))
    chosen = config.load(Path(config.__file__).parent / "configs" / "colorize-lite0.toml")
    chosen = replace(chosen, generator=replace(chosen.generator, pretrained=False))
    network = methods.load(chosen.method).networks(chosen)["colorize"]
    made = ConditionalGAN.exportable("colorize", network, chosen)
    onnx_weights.load_into(made, card.folder / "colorize-lite0.onnx")
    image, guide = scene(96, 128)
    difference = np.abs(runner(made)(image, guide) - Generator.load(card, Device("cpu")).run(image, guide=guide).image)
    assert difference.mean() < 1e-4 and difference.max() < 2e-2


def test_the_first_training_step_answers_as_the_file_does(small: tuple[Exportable, Card]) -> None:
    """A folded norm has lost its input's statistics; the first batch gives them back, in either mode."""
    other = exportable(SMALL, 6)
    onnx_weights.load_into(other, small[1].folder / "small.onnx")
    network = other.module.network
    lightness, guide = 100 * torch.rand(4, 1, 64, 64), torch.zeros(4, 3, 64, 64)
    with torch.no_grad():
        as_exported = network.eval()(lightness, guide)
        unsettled = network.train()(lightness, guide)
        onnx_weights.load_into(other, small[1].folder / "small.onnx")
        onnx_weights.settle_on_first_batch(network, Accelerator(cpu=True))
        settled = network.train()(lightness, guide)
        afterwards = network.eval()(lightness, guide)
    assert (unsettled - as_exported).abs().mean() > 0.01
    assert (settled - as_exported).abs().mean() < 1e-4
    # The step itself moves the running statistics by a tenth towards the batch, which they already are.
    assert (afterwards - as_exported).abs().mean() < 1e-3


@pytest.mark.parametrize("widths", [(16, 16, 8, 4), (32, 16, 8, 8)])
def test_another_network_is_refused_by_name(small: tuple[Exportable, Card], widths: tuple[int, ...]) -> None:
    other = exportable(replace(SMALL, generator=replace(SMALL.generator, widths=widths)), 1)
    with pytest.raises(onnx_weights.WeightsError, match="export of another network"):
        onnx_weights.load_into(other, small[1].folder / "small.onnx")


def test_what_is_no_onnx_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.onnx").write_text("no network")
    for name in ("text.onnx", "missing.onnx"):
        with pytest.raises(onnx_weights.WeightsError, match="not a generator"):
            onnx_weights.load_into(exportable(SMALL, 1), tmp_path / name)


def test_a_hostile_file_is_refused_in_words(tmp_path: Path) -> None:
    """Metadata that is no table of numbers, a tensor that is cut off, one that points to a file outside."""
    import onnx
    from onnx import TensorProto, helper

    def written(remembered: str, *constants: TensorProto) -> Path:
        model = helper.make_model(helper.make_graph([], "g", [], [], list(constants)))
        model.metadata_props.add(key=onnx_weights.REMEMBERED, value=remembered)
        onnx.save(model, str(tmp_path / "hostile.onnx"))
        return tmp_path / "hostile.onnx"

    short = TensorProto(name="x", dims=[10], data_type=TensorProto.FLOAT, raw_data=b"123")
    outside = TensorProto(name="x", dims=[10], data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value="../secret")
    made = exportable(SMALL, 1)
    for remembered, constants in (("[1", ()), ("[1]", ()), ('{"a": "b"}', ()), ("{}", (short,)), ("{}", (outside,))):
        with pytest.raises(onnx_weights.WeightsError, match="not a generator"):
            onnx_weights.load_into(made, written(remembered, *constants))


def test_a_weight_of_another_order_is_not_taken_for_its_own(tmp_path: Path) -> None:
    """As many numbers are not enough: a matrix that an exporter turned would be read crosswise."""
    import onnx
    from onnx import numpy_helper

    class Turned(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = torch.nn.Linear(2, 3, bias=False)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return image

    for shape, fits in (((3, 2), True), ((2, 3), False)):
        constant = numpy_helper.from_array(np.ones(shape, np.float32), "network.weight")
        onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], [constant])), tmp_path / "a.onnx")
        made = Exportable(Turned(), "age", 8, 8, 8)
        if fits:
            onnx_weights.load_into(made, tmp_path / "a.onnx")
            assert bool((made.module.network.weight == 1).all())
        else:
            with pytest.raises(onnx_weights.WeightsError, match="another network"):
                onnx_weights.load_into(made, tmp_path / "a.onnx")
