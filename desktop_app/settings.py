"""What the app remembers between two runs: declared once here, kept by QSettings in one INI file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal


@dataclass(frozen=True)
class Remembered:
    """One remembered thing. choices: what a text may be; another text in the file counts as the default."""

    key: str
    default: Any
    choices: tuple[str, ...] = ()


THEME = Remembered("look/theme", "system", ("system", "dark", "light"))
DEVICE = Remembered("engine/device", "auto")
RECIPE = Remembered("restore/recipe", "colorize")
OUTPUT_FOLDER = Remembered("restore/output_folder", "")
"""Empty: a folder `restored` beside each photo."""
FORMAT = Remembered("restore/format", "same", ("same", "jpeg", "png", "tiff", "webp"))
GENERATORS = Remembered("engine/generators", "")
"""Chosen generators as "kind=name" separated by ";"; empty: the best of each kind."""
LAST_FOLDER = Remembered("files/last_folder", "")
GEOMETRY = Remembered("look/geometry", b"")
SPLITTER = Remembered("look/splitter", b"")
SHOWN_STEPS = Remembered("look/more", "")
"""Steps whose “more” is open, separated by ";"."""
RECENT_COLOURS = Remembered("hints/recent_colours", "")
"""Colours of the hints set last, "#rrggbb" separated by ";", the newest first."""
BRUSH = Remembered("marks/brush", "")
"""Diameter as a share of the photo's long side, and softness, separated by ";"; empty: the usual ones."""

ALL = (
    THEME,
    DEVICE,
    RECIPE,
    OUTPUT_FOLDER,
    FORMAT,
    GENERATORS,
    LAST_FOLDER,
    GEOMETRY,
    SPLITTER,
    SHOWN_STEPS,
    RECENT_COLOURS,
    BRUSH,
)


class Settings(QObject):
    """The remembered things of one file."""

    changed = Signal(object)
    """Payload: the Remembered that has another value now."""

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    def get(self, what: Remembered) -> Any:
        """The value, of the type of its default; what another version or an editor broke counts as the default."""
        value = self._store.value(what.key, what.default)
        if isinstance(what.default, bytes):
            return (
                value.data() if isinstance(value, QByteArray) else value if isinstance(value, bytes) else what.default
            )
        value = str(value)
        return value if not what.choices or value in what.choices else what.default

    def remember(self, what: Remembered, value: Any) -> None:
        """Remember `value`; written to the file now and then by Qt, and at the end by `save`."""
        if self.get(what) != value:
            self._store.setValue(what.key, value)
            self.changed.emit(what)

    def save(self) -> None:
        self._store.sync()

    # the two that hold more than one value ------------------------------------------------------------------------------

    def generators(self) -> dict[str, str]:
        """kind -> name of the generator that the user has chosen."""
        pairs = (part.partition("=") for part in self.get(GENERATORS).split(";") if "=" in part)
        return {kind: name for kind, _, name in pairs}

    def set_generator(self, kind: str, name: str) -> None:
        chosen = self.generators() | {kind: name}
        self.remember(GENERATORS, ";".join(f"{k}={n}" for k, n in sorted(chosen.items()) if n))

    def recent_colours(self) -> tuple[str, ...]:
        colours = self.get(RECENT_COLOURS).split(";")
        return tuple(colour for colour in colours if re.fullmatch("#[0-9a-f]{6}", colour))

    def shown_steps(self) -> set[str]:
        return set(filter(None, self.get(SHOWN_STEPS).split(";")))

    def set_shown(self, step: str, shown: bool) -> None:
        steps = self.shown_steps() | {step} if shown else self.shown_steps() - {step}
        self.remember(SHOWN_STEPS, ";".join(sorted(steps)))
