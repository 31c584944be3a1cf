"""The colours and measures of the look: two themes, one accent, one grid."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget

UNIT = 8
"""The grid, in logical pixels: every gap, padding and height is a multiple of it (or half of one)."""
RADIUS = 6
"""Corners of controls; cards take 8."""
CONTROL_HEIGHT = 32
"""Buttons, fields and combo boxes."""
REST_MS = 100
"""How long the hand must rest before the photo is painted in full quality."""


@dataclass(frozen=True)
class Theme:
    """One look. Every colour is "#rrggbb".

    well: behind the photo. room: the window. panel: its sides. card: a group on a panel. field: where one types.
    raised, pressed: a control at rest under the pointer, and held down. line: hairlines between areas.
    edge: the outline of a control that has no other shape (3:1 where it stands). track: the empty part of a slider.
    text, quiet, disabled: words of first and second rank, and of what cannot be used now.
    accent, accent_hover, accent_pressed: fills that carry `on_accent`. accent_mark: fills without words (sliders, progress).
    accent_text: the accent as line or word, and the focus ring.
    selection: behind what is selected, under `text`. error, done: words and signs of state.
    """

    name: str
    well: str
    room: str
    panel: str
    card: str
    field: str
    control: str
    raised: str
    pressed: str
    line: str
    edge: str
    track: str
    text: str
    quiet: str
    disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    accent_mark: str
    accent_text: str
    on_accent: str
    selection: str
    error: str
    done: str

    @property
    def is_dark(self) -> bool:
        return self.name == "dark"

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Everything that words may stand on."""
        return (self.well, self.room, self.panel, self.card, self.field, self.control, self.raised, self.pressed)

    def color(self, name: str) -> QColor:
        """The colour called `name` as QColor. Raises AttributeError for a name that no field has."""
        return QColor(getattr(self, name))

    def colours(self) -> dict[str, str]:
        """All colours by name."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}


DARK = Theme(
    name="dark",
    well="#161412",
    room="#1d1b19",
    panel="#242220",
    card="#2b2926",
    field="#1a1816",
    control="#383531",
    raised="#423e3a",
    pressed="#302d2a",
    line="#35322e",
    edge="#7f7870",
    track="#4a4540",
    text="#efebe5",
    quiet="#b9b1a7",
    disabled="#8f887f",
    accent="#c2441c",
    accent_hover="#cb4a20",
    accent_pressed="#a83915",
    accent_mark="#ee6c3f",
    accent_text="#ff9068",
    on_accent="#ffffff",
    selection="#48322a",
    error="#ff9aa6",
    done="#9ccb86",
)
"""A lightbox in a dark room: warm greys that leave the photo the brightest thing in sight."""

LIGHT = Theme(
    name="light",
    well="#e9e5df",
    room="#f2efea",
    panel="#f8f6f2",
    card="#ffffff",
    field="#ffffff",
    control="#e9e4dd",
    raised="#e1dbd2",
    pressed="#d8d1c7",
    line="#dfd9d1",
    edge="#8a8278",
    track="#d0c9bf",
    text="#23201d",
    quiet="#58514a",
    disabled="#706961",
    accent="#bd3f18",
    accent_hover="#a93714",
    accent_pressed="#932e0f",
    accent_mark="#c2441c",
    accent_text="#9c310d",
    on_accent="#ffffff",
    selection="#f4ded3",
    error="#a3142e",
    done="#2f601d",
)
"""Paper white: the same rooms by day."""

THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def theme_of(widget: QWidget) -> Theme:
    """The theme `widget` is shown in, for those that paint themselves; found by its palette, so nothing is kept twice."""
    return DARK if widget.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance 0..1 of "#rrggbb"."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio 1..21 of two colours."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
