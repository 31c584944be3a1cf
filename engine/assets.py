"""The one way to a bundled file: the same from a checkout, an installed wheel and a frozen app."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath, PureWindowsPath


def asset(*parts: str) -> Path:
    """Path of a file or folder under resources/, which need not exist: asset("recipes", "colorize.json").

    Raises:
        ValueError: a part is absolute, has a drive, or climbs with "..": a caller's bug or a hostile recipe.
    """
    for part in parts:
        # Both spellings count everywhere, so that what is refused does not depend on the computer.
        for path in (PurePosixPath(part), PureWindowsPath(part)):
            if path.anchor or ".." in path.parts:
                raise ValueError(f"{part!r} leaves the resources folder")
    return _root().joinpath(*parts)


def _root() -> Path:
    """The resources folder: beside the engine package, or where a frozen app unpacked itself."""
    unpacked = getattr(sys, "_MEIPASS", None)
    base = Path(unpacked) if unpacked is not None else Path(__file__).resolve().parent.parent
    return base / "resources"
