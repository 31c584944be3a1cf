"""A trained generator as an ONNX file that keeps the contract, and its card; written only if the engine gives the same answers."""

from __future__ import annotations

import copy
import hashlib
import logging
import platform
import subprocess
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.atomic import write_atomically
from engine.card import CONTRACT, Card, MadeBy
from training import onnx_weights, parity
from training.contract import Exportable, runner

OPSET = 20
HINTED_PHOTOS = 150
"""On how many validation photos a card's figures with hints are measured; they move little with more."""
SMALLEST_HALVED = 256
"""Constants of fewer numbers stay float32: their rounding costs more than their bytes."""


def export(exportable: Exportable, card: Card, folder: Path, *, opset: int = OPSET, dtype: str = "float16") -> Card:
    """Write `card.files["generator"]` and the card into `folder`; returns the card with sizes, hash, opset and parameters.

    dtype: "float16" or "float32", how large weights are stored; either way they are computed in float32.

    Raises:
        parity.ParityError: the engine's answers differ from torch's; nothing is written then.
    """
    module = copy.deepcopy(exportable.module).eval().float().cpu()
    exportable = replace(exportable, module=module)
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / card.files["generator"]
        _write_onnx(exportable, file, card, opset, halved=dtype == "float16")
        content = file.read_bytes()
        card = replace(
            card,
            size={"generator": len(content)},
            sha256={"generator": hashlib.sha256(content).hexdigest()},
            opset=opset,
            producer=f"torch {torch.__version__.split('+')[0]}",
            parameters=sum(parameter.numel() for parameter in module.parameters()),
        )
        card.write(Path(temporary) / f"{card.name}.json")
        parity.check(exportable, Card.read(Path(temporary) / f"{card.name}.json"))
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / card.files["generator"], content, overwrite=True)
    card.write(folder / f"{card.name}.json")
    return Card.read(folder / f"{card.name}.json")


def _write_onnx(exportable: Exportable, file: Path, card: Card, opset: int, halved: bool) -> None:
    import onnx

    example = tuple(torch.rand(1, 3, 96, 128) for _ in exportable.inputs)
    free = {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
    with warnings.catch_warnings():
        # The exporter speaks of its own future, and of torchvision, which nothing here needs; parity decides.
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
        program = torch.onnx.export(
            exportable.module, example, dynamo=True, opset_version=opset, input_names=list(exportable.inputs),
            output_names=["restored"], dynamic_shapes=tuple(free for _ in example), verbose=False, external_data=False,
        )  # fmt: skip
    assert program is not None
    model = program.model_proto
    if halved:
        _halve(model)
    del model.metadata_props[:]
    for key, value in (card.metadata_props | onnx_weights.remembered(exportable.module, model)).items():
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
        stored = constant.name + onnx_weights.HALF
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


def draft_card(name: str, title: str, version: int, exportable: Exportable, **known: Any) -> Card:
    """A card whose sizes and hashes `export` fills in."""
    return Card(
        name=name, title=title, kind=exportable.kind, version=version, files={"generator": f"{name}.onnx"},
        size={"generator": 1}, sha256={"generator": "0" * 64}, contract=CONTRACT,
        inputs={word: word for word in exportable.inputs}, outputs={"restored": "restored"}, range="rgb 0..1",
        scale=exportable.scale, multiple=exportable.multiple, minimum=exportable.minimum,
        working_size=exportable.working_size, opset=OPSET, producer="torch", parameters=0, licence="MIT", **known,
    )  # fmt: skip


def figures_for_card(exportable: Exportable, photos: Path) -> dict[str, float]:
    """What the card says of a colouriser: grey's figures and its own; with hints, and how far one carries, on fewer photos.

    Names are `evaluate`'s; `grey_…` is the all-grey answer, `hinted_grey_psnr`, `5_hints_…`, `20_hints_…` and `reach…` are of
    `hinted_photos` photos, evenly spread over the folder. Without a guide there are none with hints; other kinds have none yet.
    """
    from training import evaluate, hint_reach

    if exportable.kind != "colorize":
        return {}
    colourise = runner(exportable)
    files, some = evaluate.photos_in(photos), evaluate.photos_in(photos, HINTED_PHOTOS)
    found: dict[str, float] = {"photos": float(len(files))}
    rows: list[tuple[str, evaluate.Colouriser, list[Path], int]] = [
        ("grey", evaluate.grey, files, 0),
        ("", colourise, files, 0),
    ]
    if "guide" in exportable.inputs:
        found["hinted_photos"] = float(len(some))
        rows += [
            ("hinted_grey", evaluate.grey, some, 0),
            ("5_hints", colourise, some, 5),
            ("20_hints", colourise, some, 20),
        ]
    for label, candidate, judged, hints in rows:
        figures = evaluate.judge(candidate, judged, hints=hints).figures
        for name in ("psnr", "delta_e", "colourfulness", "luma_error"):
            found["_".join(filter(None, (label, name)))] = round(figures[name], 4)
    if "guide" in exportable.inputs:
        found |= {name: round(value, 4) for name, value in hint_reach.judge(colourise, some).items()}
    return found
