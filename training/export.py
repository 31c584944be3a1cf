"""A trained generator as ONNX files that keep the contract, and its card; written only if the engine gives the same answers."""

from __future__ import annotations

import copy
import hashlib
import platform
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from engine.atomic import write_atomically
from engine.card import CONTRACT, Card, MadeBy
from training import onnx_file, onnx_weights, parity
from training.contract import Exportable, pieces, runner

OPSET = 20
HINTED_PHOTOS = 150
"""On how many validation photos a card's figures with hints are measured; they move little with more."""


def export(exportable: Exportable, card: Card, folder: Path, *, opset: int = OPSET, dtype: str = "float16") -> Card:
    """Write the card's files and the card into `folder`; returns the card with sizes, hashes, opset and parameters.

    dtype: "float16" or "float32", how large weights are stored; either way they are computed in float32.

    Raises:
        parity.ParityError: the engine's answers differ from torch's; nothing is written then.
    """
    module = copy.deepcopy(exportable.module).eval().float().cpu()
    exportable = replace(exportable, module=module)
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary)
        _write_files(exportable, card, made, opset, halved=dtype == "float16")
        content = {role: (made / name).read_bytes() for role, name in card.files.items()}
        card = replace(
            card,
            size={role: len(data) for role, data in content.items()},
            sha256={role: hashlib.sha256(data).hexdigest() for role, data in content.items()},
            opset=opset,
            producer=f"torch {torch.__version__.split('+')[0]}",
            parameters=sum(parameter.numel() for parameter in module.parameters()),
        )
        card.write(made / f"{card.name}.json")
        parity.check(exportable, Card.read(made / f"{card.name}.json"))
    folder.mkdir(parents=True, exist_ok=True)
    for role, data in content.items():
        write_atomically(folder / card.files[role], data, overwrite=True)
    card.write(folder / f"{card.name}.json")
    return Card.read(folder / f"{card.name}.json")


def _write_files(exportable: Exportable, card: Card, folder: Path, opset: int, halved: bool) -> None:
    """The card's files in `folder`. What tells weights and styles stands in the last one, which a generator always has."""
    models = {role: onnx_file.trace(piece, opset) for role, piece in pieces(exportable).items()}
    for model in models.values() if halved else ():
        onnx_file.halve(model)
    last = list(models)[-1]
    for role, model in models.items():
        more = onnx_weights.remembered(exportable.module, list(models.values())) if role == last else {}
        onnx_file.write(model, folder / card.files[role], card.metadata_props | more)


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
    roles = ("encoder", "decoder") if exportable.split else ("generator",)
    files = {role: f"{name}-{role}.onnx" if exportable.split else f"{name}.onnx" for role in roles}
    return Card(
        name=name, title=title, kind=exportable.kind, version=version, files=files,
        size=dict.fromkeys(roles, 1), sha256=dict.fromkeys(roles, "0" * 64), contract=CONTRACT,
        inputs={word: word for word in exportable.inputs}, outputs={word: word for word in exportable.outputs}, range="rgb 0..1",
        scale=exportable.scale, multiple=exportable.multiple, minimum=exportable.minimum,
        working_size=exportable.working_size, opset=OPSET, producer="torch", parameters=0, licence="MIT",
        overlap=exportable.overlap, **known,
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
        figures = evaluate.judge(evaluate.enlarged(candidate), judged, hints=hints).figures
        for name in ("psnr", "delta_e", "colourfulness", "luma_error"):
            found["_".join(filter(None, (label, name)))] = round(figures[name], 4)
    if "guide" in exportable.inputs:
        found |= {name: round(value, 4) for name, value in hint_reach.judge(colourise, some).items()}
    return found
