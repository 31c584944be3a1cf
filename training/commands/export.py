"""`autochrome-train export`: write a run's averaged generator and its card."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """The words of this command."""
    export = commands.add_parser("export", help="write a run's averaged generator and its card")
    export.set_defaults(command=run)
    export.add_argument("run", type=Path, help="a run's folder")
    export.add_argument("--checkpoint", default="last.pt")
    export.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    export.add_argument("--name", help="instead of the config's")
    export.add_argument("--version", type=int, default=1)
    export.add_argument("--saturation", type=float, default=1.0, help="make guessed colours so much stronger")
    export.add_argument("--trained-on", nargs="*", default=[], metavar="SET")
    export.add_argument(
        "--validation", type=Path, metavar="PHOTOS", help="measure on these and write the figures into the card"
    )


def run(options: argparse.Namespace) -> int:
    from training import checkpoint, config, evaluate, export
    from training.networks import GENERATORS

    state = checkpoint.load(options.run / options.checkpoint)
    chosen = config.from_table(state["config"])
    network = GENERATORS[chosen.generator.network](chosen.generator.widths, pretrained=False)
    network.load_state_dict(state["average"])
    if options.saturation != 1.0:
        network.saturate(options.saturation)  # type: ignore[operator]
    figures: dict[str, float] = {}
    if options.validation is not None:
        figures = export.figures_for_card(evaluate.of_network(network.eval()), options.validation)
    name = options.name or chosen.name
    card = export.draft_card(
        name, chosen.title or name, options.version, trained_on=tuple(options.trained_on), terms=chosen.terms,
        limits=chosen.limits, figures=figures, made_by=export.made_by(chosen.name, state["elapsed_s"]),
    )  # fmt: skip
    card = export.export(network, card, options.into)
    print(
        f"{card.folder / card.files['generator']}: {card.size['generator'] / 1e6:.1f} MB, {card.parameters} parameters"
    )
    return 0
