"""A trained generator as an ONNX file that keeps the contract, and its card; written only if the engine gives the same answers."""

from __future__ import annotations

import copy
import hashlib
import platform
import subprocess
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engine.atomic import write_atomically
from engine.card import CONTRACT, Card, MadeBy
from training import parity
from training.lab import CHROMA_SCALE, lab_to_srgb, srgb_to_lightness

OPSET = 20
HINTED_PHOTOS = 150
"""On how many validation photos a card's figures with hints are measured; they move little with more."""
SMALLEST_HALVED = 256
"""Constants of fewer numbers stay float32: their rounding costs more than their bytes."""


class ExportedColour(nn.Module):
    """The contract around a colour network: image, guide (N, 3, H, W) -> restored (N, 3, H, W), Lab inside the graph.

    The picture's own L* is kept; of its colour nothing is used.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor, guide: Tensor) -> Tensor:
        lightness = srgb_to_lightness(image)
        chroma = self.network(lightness, guide)
        chroma = nn.functional.interpolate(chroma, size=image.shape[2:], mode="bilinear", align_corners=False)
        return lab_to_srgb(torch.cat([lightness, CHROMA_SCALE * chroma], 1))


def export(network: nn.Module, card: Card, folder: Path) -> Card:
    """Write `card.files["generator"]` and the card into `folder`; returns the card with sizes, hash, opset and parameters.

    Raises:
        parity.ParityError: the engine's answers differ from torch's; nothing is written then.
    """
    network = copy.deepcopy(network).eval().float().cpu()
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / card.files["generator"]
        _write_onnx(ExportedColour(network).eval(), file, card)
        content = file.read_bytes()
        card = replace(
            card,
            size={"generator": len(content)},
            sha256={"generator": hashlib.sha256(content).hexdigest()},
            opset=OPSET,
            producer=f"torch {torch.__version__.split('+')[0]}",
            parameters=sum(parameter.numel() for parameter in network.parameters()),
        )
        card.write(Path(temporary) / f"{card.name}.json")
        parity.check(network, Card.read(Path(temporary) / f"{card.name}.json"))
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / card.files["generator"], content, overwrite=True)
    card.write(folder / f"{card.name}.json")
    return Card.read(folder / f"{card.name}.json")


def _write_onnx(module: nn.Module, file: Path, card: Card) -> None:
    import onnx

    example = (torch.rand(1, 3, 96, 128), torch.zeros(1, 3, 96, 128))
    free = {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the exporter speaks of its own future; parity decides whether the file is right
        program = torch.onnx.export(
            module, example, dynamo=True, opset_version=OPSET, input_names=["image", "guide"], output_names=["restored"],
            dynamic_shapes=(free, free), verbose=False, external_data=False,
        )  # fmt: skip
    assert program is not None
    model = program.model_proto
    _halve(model)
    del model.metadata_props[:]
    for key, value in card.metadata_props.items():
        model.metadata_props.add(key=key, value=value)
    for node in model.graph.node:
        del node.metadata_props[:]  # source lines of whoever exported
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def _halve(model: Any) -> None:
    """Store large float32 constants as float16 with a Cast behind each: half the file, the same arithmetic (Casts fold at load)."""
    import onnx
    from onnx import numpy_helper

    casts = []
    for constant in model.graph.initializer:
        values = numpy_helper.to_array(constant)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED or np.abs(values).max() > 6e4:
            continue
        stored = constant.name + ".half"
        casts.append(onnx.helper.make_node("Cast", [stored], [constant.name], to=onnx.TensorProto.FLOAT))
        constant.CopyFrom(numpy_helper.from_array(values.astype(np.float16), stored))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def made_by(config_name: str, seconds: float) -> MadeBy:
    """Commit, configuration, seconds and machine of this run, for the card."""
    return MadeBy(commit=_commit(), config=config_name, seconds=round(seconds, 1), machine=_machine())


def _commit() -> str:
    try:
        answer = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short=12", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return answer.stdout.strip()


def _machine() -> str:
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    cores = torch.get_num_threads()
    amx = ", AMX" if torch.cpu._is_amx_tile_supported() else ""
    return f"{cores} cores {platform.machine()}{amx}"


def draft_card(name: str, title: str, version: int, **known: Any) -> Card:
    """A colorize card whose sizes and hashes `export` fills in."""
    return Card(
        name=name, title=title, kind="colorize", version=version, files={"generator": f"{name}.onnx"}, size={"generator": 1},
        sha256={"generator": "0" * 64}, contract=CONTRACT, inputs={"image": "image", "guide": "guide"},
        outputs={"restored": "restored"}, range="rgb 0..1", scale=1, multiple=32, minimum=32, working_size=256, opset=OPSET,
        producer="torch", parameters=0, licence="MIT", **known,
    )  # fmt: skip


def figures_for_card(colourise: Any, photos: Path) -> dict[str, float]:
    """What the card says of a colouriser: grey's figures and its own; with hints, and how far one carries, on fewer photos.

    Names are `evaluate`'s; `grey_…` is the all-grey answer, `hinted_grey_psnr`, `5_hints_…`, `20_hints_…` and `reach…` are of
    `hinted_photos` photos, evenly spread over the folder.
    """
    from training import evaluate, hint_reach

    files, some = evaluate.photos_in(photos), evaluate.photos_in(photos, HINTED_PHOTOS)
    found: dict[str, float] = {"photos": float(len(files)), "hinted_photos": float(len(some))}
    for label, candidate, judged, hints in (
        ("grey", evaluate.grey, files, 0),
        ("", colourise, files, 0),
        ("hinted_grey", evaluate.grey, some, 0),
        ("5_hints", colourise, some, 5),
        ("20_hints", colourise, some, 20),
    ):
        figures = evaluate.judge(candidate, judged, hints=hints).figures
        for name in ("psnr", "delta_e", "colourfulness", "luma_error"):
            found["_".join(filter(None, (label, name)))] = round(figures[name], 4)
    return found | {name: round(value, 4) for name, value in hint_reach.judge(colourise, some).items()}
