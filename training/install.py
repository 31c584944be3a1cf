"""Puts exported generators where the app finds them: the user's folder of generators, each with its card."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.atomic import write_atomically
from engine.card import Card
from engine.detector import Detector
from engine.generator import Generator
from engine.library import user_folder
from engine.session import Device
from training.config import ConfigError


def cards_of(wanted: Path) -> list[Path]:
    """The cards that a run's folder, a folder of generators, a card or a generator's file (.onnx) names, in the order of names.

    Raises:
        ConfigError: there is none.
    """
    if wanted.is_dir():
        folder = wanted / "export" if (wanted / "export").is_dir() else wanted
        found = sorted(path for path in folder.glob("*.json") if _has_a_file(path))
    else:
        stem = (
            wanted.stem.removesuffix("-encoder").removesuffix("-decoder") if wanted.suffix == ".onnx" else wanted.stem
        )
        possible = (wanted.with_name(f"{name}.json") for name in (wanted.stem, stem))
        found = [path for path in possible if path.is_file()][:1]
    if not found:
        raise ConfigError(f"install: there is no generator with a card in {wanted}; export the run first")
    return found


def _has_a_file(card: Path) -> bool:
    """Whether a generator's file, or the first of two, lies beside a card; a run's config.json has none."""
    return any(card.with_name(f"{card.stem}{role}.onnx").is_file() for role in ("", "-encoder"))


def install(cards: Sequence[Path], folder: Path | None = None) -> list[Path]:
    """Try each generator through the engine and copy it with its card into `folder` (the user's own); the new cards.

    The file is copied before the card: a card without its file would be a problem in the app, a file without a card is none.

    Raises:
        EngineError: a card or a file that does not keep the contract; those before it are installed.
    """
    folder = folder or user_folder()
    installed = []
    for path in cards:
        card = Card.read(path)
        (Detector if card.kind == "detector" else Generator).load(card, Device("cpu"))
        folder.mkdir(parents=True, exist_ok=True)
        for name in card.files.values():
            write_atomically(folder / name, (card.folder / name).read_bytes(), overwrite=True)
        card.write(folder / path.name)
        installed.append(folder / path.name)
    return installed
