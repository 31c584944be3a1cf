"""Our own icons: SVG drawings in `currentColor`, tinted for the theme they are shown in."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_app.theme.tokens import Theme
from engine.assets import asset

_SIZES_PX = (16, 20, 24, 30, 32, 36, 40, 48, 64)
"""16, 20 and 24 logical pixels at 100, 150 and 200 %, so that no icon is enlarged."""


def icon_names() -> tuple[str, ...]:
    """What `icon` can draw, sorted."""
    return tuple(sorted(file.stem for file in asset("icons").glob("*.svg")))


def icon(name: str, theme: Theme) -> QIcon:
    """The drawing `name` in the theme's colours: text, disabled, and the accent where it is switched on.

    Raises:
        FileNotFoundError: there is no such drawing.
    """
    drawing = asset("icons", f"{name}.svg").read_text("utf-8")
    found = QIcon()
    for mode, state, colour in (
        (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
        (QIcon.Mode.Normal, QIcon.State.On, theme.accent_text),
        (QIcon.Mode.Disabled, QIcon.State.Off, theme.disabled),
        (QIcon.Mode.Disabled, QIcon.State.On, theme.disabled),
    ):
        for size_px in _SIZES_PX:
            found.addPixmap(_rendered(drawing, colour, size_px), mode, state)
    return found


def pixmap(name: str, colour: str, size_px: int, device_ratio: float = 1.0) -> QPixmap:
    """The drawing `name` in one colour ("#rrggbb"), `size_px` logical pixels wide on a screen of `device_ratio`."""
    drawing = asset("icons", f"{name}.svg").read_text("utf-8")
    found = _rendered(drawing, colour, round(size_px * device_ratio))
    found.setDevicePixelRatio(device_ratio)
    return found


def app_icon() -> QIcon:
    """The icon of the application, in every size it was rendered in."""
    found = QIcon()
    for file in sorted(asset("icons", "app").glob("*.png")):
        found.addFile(str(file))
    return found


def _rendered(drawing: str, colour: str, size_px: int) -> QPixmap:
    made = QPixmap(size_px, size_px)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
    renderer.render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return made
