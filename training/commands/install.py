"""`autochrome-train install`: copy exported generators and their cards to where the app finds them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """The words of this command."""
    install = commands.add_parser("install", help="put a run's generators into the app")
    install.set_defaults(command=run)
    install.add_argument(
        "wanted", nargs="+", type=Path, metavar="RUN|GENERATOR", help="run folders, .onnx files or cards"
    )
    install.add_argument("--into", type=Path, metavar="FOLDER", help="instead of your own folder of generators")


def run(options: argparse.Namespace) -> int:
    from engine.card import Card
    from training import install

    cards = [card for wanted in options.wanted for card in install.cards_of(wanted)]
    for path in install.install(cards, options.into):
        card = Card.read(path)
        print(f"{path}\n  In the window: More, Generator. On the command line: --model {card.kind}={card.name}")
    return 0
