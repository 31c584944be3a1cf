"""A run begins with the weights of another: out of its checkpoint, or out of its exported generators."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.training.photographs import folder_of
from training import checkpoint, config, methods, onnx_weights, start
from training.loop import Run

CYCLE = config.RunConfig(
    name="pair",
    method="cycle-gan",
    batch=2,
    steps=1,
    precision="no",
    terms="made here",
    limits="everything",
    generator=config.Generator(network="resnet", width=4, blocks=1, norm="pixel"),
    discriminator=config.Discriminator(width=4, layers=1, spectral=False),
    stages=(config.Stage(1.0, 64, adversarial=True),),
)


def run(folder: Path, seed: int) -> Run:
    chosen = config.dataclasses.replace(
        CYCLE, seed=seed, data=config.Data((config.Source(str(folder_of(folder / "photos", 2))),))
    )
    return Run(chosen, methods.load("cycle-gan").feed(chosen), folder / f"run{seed}")


@pytest.fixture
def first(tmp_path: Path) -> Run:
    return run(tmp_path, 1)


def weights(of: Run) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in of.method.generators.state_dict().items()}


def write_weights(network: torch.nn.Module, file: Path) -> None:
    """An ONNX file that holds a network's weights by name as an export does; the exporter takes a minute."""
    import onnx
    from onnx import numpy_helper

    named = {onnx_weights.PREFIX + name: value.numpy() for name, value in network.state_dict().items()}
    constants = [numpy_helper.from_array(value, name) for name, value in named.items()]
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "g", [], [], constants)), file)


def test_both_generators_of_a_pair_come_from_either_file(first: Run, tmp_path: Path) -> None:
    for name, network in first.average.networks.items():
        write_weights(network, tmp_path / f"pair-{name}.onnx")
    for word in ("colorize", "fade"):
        second = run(tmp_path, 2)
        start.begin(second, tmp_path / f"pair-{word}.onnx")
        expected = weights(first)
        for found in (weights(second), second.average.networks.state_dict()):
            assert max(float((value - found[name]).abs().max()) for name, value in expected.items()) == 0
    assert second.step == 0
    (tmp_path / "pair-fade.onnx").unlink()
    with pytest.raises(ValueError, match=r"pair-fade\.onnx is not there"):
        start.begin(second, tmp_path / "pair-colorize.onnx")


def test_the_averaged_generators_of_a_checkpoint_are_taken_whole(first: Run, tmp_path: Path) -> None:
    first.save("last.pt")
    second = run(tmp_path, 2)
    start.begin(second, first.folder / "last.pt")
    assert all(torch.equal(value, weights(second)[name]) for name, value in weights(first).items())


def test_what_the_weights_do_not_hold_is_said() -> None:
    """The style encoder of the run that made them: a fine-tuned generator's styles come to mean something else."""
    replace = config.dataclasses.replace
    styled = config.RunConfig(generator=config.Generator(style=6), init="models/colorize-decoder.onnx")
    said = start.begins_afresh(styled)
    assert said.startswith("of models/colorize-decoder.onnx") and "style encoder begins afresh" in said
    assert start.begins_afresh(replace(styled, init_as="small.toml")) == "", "the smaller one had none"
    assert start.begins_afresh(replace(styled, generator=config.Generator())) == ""
    assert start.begins_afresh(replace(styled, hints=config.Hints(styles=0.0))) == "", "what it knows of styles stays"


@pytest.mark.parametrize("state", [{"method": {}}, {"method": {}, "average": [1]}, {"method": {}, "average": {"a": 1}}])
def test_a_checkpoint_without_these_generators_is_refused(first: Run, tmp_path: Path, state: dict) -> None:
    checkpoint.save(state, tmp_path / "odd.pt")
    with pytest.raises(checkpoint.CheckpointError):
        start.begin(first, tmp_path / "odd.pt")


@pytest.mark.parametrize(
    ("name", "words"), [("a.txt", "neither a generator"), ("a.onnx", "none of NAME-colorize.onnx")]
)
def test_what_cannot_be_begun_with_is_said_to_be_so(first: Run, name: str, words: str) -> None:
    with pytest.raises(config.ConfigError, match=words):
        start.begin(first, Path(name))
