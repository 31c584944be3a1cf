"""A network's weights out of an exported generator: the file that is shipped is all that is needed to go on training.

The exporter keeps the names of weights, but folds a batch norm into the convolution before it and computes ahead what depends on
constants alone. The first is inverted here, the second is prevented from losing anything: such small weights stand in the
file's metadata.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine import styles
from training.contract import Exportable
from training.processes import mean_over_all

PREFIX = "network."
"""Where a contract's module keeps its network."""
HALF = ".half"
"""How the exporter of this program marks a weight stored in 16 bits."""
REMEMBERED = "autochrome.weights"
"""The metadata entry of the weights that do not stand in the graph under their names: JSON, name -> numbers."""
LARGEST_REMEMBERED = 64


class WeightsError(ValueError):
    """A generator's file that holds no weights for a network; the message says which file and what is missing."""


def remembered(module: nn.Module, models: Sequence[Any]) -> dict[str, str]:
    """Metadata for the ONNX `models` of a contract's `module`: its styles, and the few weights that none holds by name."""
    there = {constant.name.removesuffix(HALF) for model in models for constant in model.graph.initializer}
    lost = {
        name.removeprefix(PREFIX): value.flatten().tolist()
        for name, value in module.named_parameters()
        if name not in there and value.numel() <= LARGEST_REMEMBERED and not _is_norm(module, name)
    }
    named_by = getattr(getattr(module, "network", None), "styles", None)
    named = {styles.ENTRY: json.dumps(_short(named_by))} if named_by is not None and bool(named_by.any()) else {}
    return named | ({REMEMBERED: json.dumps(lost)} if lost else {})


def _short(styles: Tensor) -> list[list[float]]:
    return [[round(float(number), 5) for number in style] for style in styles]


def load_into(exportable: Exportable, file: Path) -> None:
    """Fill the network of `exportable` with the weights in `file`; it then answers as the file does, to 16-bit rounding, but
    for a saturation that was given at its export.

    A folded norm gets the folded shift and leaves its convolution's scale where it is; see `settle_on_first_batch`.

    Raises:
        WeightsError: The file is no ONNX file, or is the export of another network.
    """
    held: dict[str, np.ndarray] = {}
    small: dict[str, np.ndarray] = {}
    for part in _parts(file):
        constants, few = _read(part)
        held |= constants
        small |= few
    wanted = exportable.module.state_dict()
    found = {name: value for name, value in held.items() if name in wanted}
    found |= {PREFIX + name: value for name, value in small.items()}
    for convolution, norm in _folded(exportable).items():
        if f"{convolution}.weight" in held and f"{norm}.weight" not in held:
            folded = exportable.module.get_submodule(norm)
            assert isinstance(folded, nn.BatchNorm2d)
            shift = held.get(
                f"{convolution}.weight_bias", np.zeros(folded.num_features, np.float32)
            )  # zeros are left out
            found |= _as_norm(folded, norm, shift)
    state = {}
    for name, value in wanted.items():
        if name.endswith("num_batches_tracked") or (name == f"{PREFIX}styles" and name not in found):
            state[name] = value
        elif name not in found or not _fits(found[name], value):
            raise WeightsError(f"{file} is the export of another network: {name.removeprefix(PREFIX)} is not in it.")
        else:
            state[name] = torch.from_numpy(found[name].reshape(value.shape).copy()).to(value)
    exportable.module.load_state_dict(state)


def _read(file: Path) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Constants of the graph by name, and what the metadata remembers, float32. Raises WeightsError for what is no such file."""
    import onnx
    from google.protobuf.message import DecodeError
    from onnx import numpy_helper

    try:
        model = onnx.load(str(file), load_external_data=False)  # an exported generator is one file
        if any(constant.data_location == onnx.TensorProto.EXTERNAL for constant in model.graph.initializer):
            raise ValueError("weights in another file, which could be any")
        constants = {c.name.removesuffix(HALF): c for c in model.graph.initializer if c.dims}
        held = {name: np.asarray(numpy_helper.to_array(c), np.float32) for name, c in constants.items()}
        metadata = {entry.key: entry.value for entry in model.metadata_props}
        small = json.loads(metadata.get(REMEMBERED, "{}"))
        if styles.ENTRY in metadata:
            small["styles"] = json.loads(metadata[styles.ENTRY])
        return held, {name: np.array(value, np.float32) for name, value in small.items()}
    except (OSError, DecodeError, ValueError, TypeError, AttributeError) as error:
        raise WeightsError(f"{file} is not there, or is not a generator (.onnx).") from error


def _parts(file: Path) -> list[Path]:
    """The files of a generator, of which `file` is one: itself, or both halves."""
    for role in ("encoder", "decoder"):
        if file.stem.endswith(f"-{role}"):
            stem = file.stem.removesuffix(f"-{role}")
            return [file.with_name(f"{stem}-{half}.onnx") for half in ("encoder", "decoder")]
    return [file]


def _fits(found: np.ndarray, wanted: Tensor) -> bool:
    """Whether shapes agree but for sides of 1; remembered weights are flat, and small enough to have but one order."""
    if found.ndim <= 1:
        return found.size == wanted.numel()
    return [side for side in found.shape if side > 1] == [side for side in wanted.shape if side > 1]


def settle_on_first_batch(network: nn.Module, accelerator: Any) -> None:
    """Let every batch norm that learns take its statistics from the first batch it sees, without changing what it answers.

    A norm that was folded into its convolution is left with mean 0 and deviation 1, which are not its input's: the first step
    in training mode would answer something else. Scale and shift are set so that on that batch both agree.
    """
    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm2d):
            handle: list[Any] = []
            handle.append(norm.register_forward_pre_hook(_settler(handle, accelerator)))


def _settler(handle: list[Any], accelerator: Any) -> Any:
    @torch.no_grad()
    def settle(norm: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        if not norm.training:
            return
        handle.pop().remove()
        seen = inputs[0].float()
        mean = mean_over_all(seen.mean((0, 2, 3)), accelerator)
        variance = (mean_over_all(seen.square().mean((0, 2, 3)), accelerator) - mean**2).clamp_min(0)
        assert norm.running_mean is not None and norm.running_var is not None
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        norm.bias.add_(scale * (mean - norm.running_mean))
        norm.weight.copy_(scale * torch.sqrt(variance + norm.eps))
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)

    return settle


def _folded(exportable: Exportable) -> dict[str, str]:
    """Names convolution -> batch norm, of those where the one's answer is the other's input; found by watching one run."""
    module, pairs, handles = exportable.module, dict[str, str](), list[Any]()
    outputs: dict[int, tuple[Tensor, str]] = {}  # the tensors too: a freed one's id would be given to another
    was_training = module.training
    for name, part in module.named_modules():
        if isinstance(part, nn.Conv2d):
            handles.append(
                part.register_forward_hook(lambda _, __, out, name=name: outputs.__setitem__(id(out), (out, name)))
            )
        elif isinstance(part, nn.BatchNorm2d):
            handles.append(
                part.register_forward_pre_hook(
                    lambda _, given, name=name: (
                        pairs.__setitem__(outputs[id(given[0])][1], name) if id(given[0]) in outputs else None
                    )
                )
            )
    with torch.no_grad():
        side = 2 * exportable.minimum
        module.eval()(*exportable.example(side, side))
    for handle in handles:
        handle.remove()
    module.train(was_training)
    return pairs


def _as_norm(norm: nn.BatchNorm2d, name: str, shift: np.ndarray) -> dict[str, np.ndarray]:
    """A norm that adds `shift` and changes nothing else."""
    ones = np.ones_like(shift)
    return {
        f"{name}.weight": ones * float(np.sqrt(1 + norm.eps)),
        f"{name}.bias": shift,
        f"{name}.running_mean": 0 * ones,
        f"{name}.running_var": ones,
    }


def _is_norm(module: nn.Module, name: str) -> bool:
    return isinstance(module.get_submodule(name.rpartition(".")[0]), nn.BatchNorm2d)
