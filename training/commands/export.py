"""`autochrome-train export`: write a run's averaged generators and their cards."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

    from engine.card import Card
    from training.config import RunConfig


def add(commands: Any) -> None:
    """The words of this command."""
    export = commands.add_parser("export", help="write a run's averaged generators and their cards")
    export.set_defaults(command=run)
    export.add_argument("run", type=Path, help="a run's folder")
    export.add_argument("--checkpoint", default="last.pt")
    export.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    export.add_argument("--name", help="instead of the config's")
    export.add_argument("--version", type=int, default=1)
    export.add_argument("--saturation", type=float, default=1.0, help="make guessed colours so much stronger")
    export.add_argument("--trained-on", nargs="*", default=[], metavar="SET")
    export.add_argument("--opset", type=int, default=20)
    export.add_argument("--dtype", choices=("float16", "float32"), default="float16", help="how weights are stored")
    export.add_argument(
        "--validation", type=Path, metavar="PHOTOS", help="measure on these and write the figures into the card"
    )


def run(options: argparse.Namespace) -> int:
    from training import checkpoint, config, methods
    from training.networks.colour_unet import ColourUNet

    state = checkpoint.load(options.run / options.checkpoint)
    if not (isinstance(state.get("config"), dict) and {"average", "elapsed_s"} <= state.keys()):
        raise checkpoint.CheckpointError(f"{options.run / options.checkpoint} is not the checkpoint of a run.")
    chosen = config.from_table(state["config"])
    chosen = dataclasses.replace(
        chosen,
        name=options.name or chosen.name,
        trained_on=tuple(options.trained_on) or chosen.trained_on,
        generator=dataclasses.replace(chosen.generator, pretrained=False),
    )
    networks = methods.load(chosen.method).networks(chosen)
    try:
        networks.load_state_dict(state["average"])
    except (RuntimeError, TypeError) as error:
        sentence = f"{options.run / options.checkpoint} does not hold the networks of its own configuration."
        raise checkpoint.CheckpointError(sentence) from error
    if options.saturation != 1.0:
        if not all(isinstance(network, ColourUNet) for network in networks.values()):
            raise config.ConfigError("--saturation: only a colour-unet can be made to guess stronger colours")
        networks["colorize"].saturate(options.saturation)  # type: ignore[operator]
    for card in export_all(
        chosen, networks.eval(), state["elapsed_s"], options.into, options.version, options.validation,
        opset=options.opset, dtype=options.dtype,
    ):  # fmt: skip
        print(f"{written(card)}, {card.parameters} parameters")
    return 0


def written(card: Card) -> str:
    """The files of an exported generator and their sizes."""
    return ", ".join(f"{card.folder / name}: {card.size[role] / 1e6:.1f} MB" for role, name in card.files.items())


def export_all(
    chosen: RunConfig,
    networks: nn.ModuleDict,
    seconds: float,
    folder: Path,
    version: int = 1,
    validation: Path | None = None,
    **how: Any,
) -> Sequence[Card]:
    """Every generator of a method as NAME.onnx, or NAME-colorize.onnx and so on where there are several; their cards."""
    from training import export, methods

    cards = []
    sources = tuple(sorted({Path(source.path).stem for source in (*chosen.data.train, *chosen.data.features)}))
    for which, network in networks.items():
        exportable = methods.load(chosen.method).exportable(which, network, chosen)
        name = chosen.name if len(networks) == 1 else f"{chosen.name}-{which}"
        title = chosen.title or chosen.name
        card = export.draft_card(
            name, title if len(networks) == 1 else f"{title}: {which}", version, exportable,
            trained_on=chosen.trained_on or sources,
            terms=chosen.terms, limits=chosen.limits,
            figures=export.figures_for_card(exportable, validation) if validation else {},
            made_by=export.made_by(chosen.name, seconds),
        )  # fmt: skip
        cards.append(export.export(exportable, card, folder, **how))
    return cards
