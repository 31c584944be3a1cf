"""Every drawing can be drawn, in the theme's colours, at every size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage

from desktop_app.theme.icons import app_icon, icon, icon_names, pixmap
from desktop_app.theme.tokens import DARK, LIGHT

NEEDED_BY_THE_WINDOW = {
    "open",
    "save",
    "folder",
    "undo",
    "redo",
    "hint",
    "fit",
    "actual",
    "zoom-in",
    "zoom-out",
    "theme",
}


def test_the_window_finds_what_it_needs():
    assert set(icon_names()) >= NEEDED_BY_THE_WINDOW


@pytest.mark.parametrize("name", icon_names())
def test_a_drawing_has_ink_inside_its_edges(qapp, name):
    """Something is drawn, and nothing is cut off."""
    image = pixmap(name, "#ff0000", 24, 2.0).toImage()
    assert image.size() == QSize(48, 48)
    inked = [(x, y) for y in range(48) for x in range(48) if image.pixelColor(x, y).alpha() > 100]
    assert len(inked) >= 12
    assert all(2 <= x < 46 and 2 <= y < 46 for x, y in inked)
    assert {image.pixelColor(x, y).green() for x, y in inked} == {0}


def test_an_icon_takes_the_colours_of_its_theme_and_state(qapp):
    for theme in (DARK, LIGHT):
        states = (
            (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
            (QIcon.Mode.Normal, QIcon.State.On, theme.accent_text),
            (QIcon.Mode.Disabled, QIcon.State.Off, theme.disabled),
        )
        for mode, state, colour in states:
            found = icon("stop", theme).pixmap(QSize(20, 20), 1.0, mode, state).toImage()
            for channel, wanted in zip(_strongest(found), QColor(colour).getRgb()[:3], strict=True):
                assert abs(channel - wanted) <= 2  # rounded once under half-covered edges


def test_an_unknown_drawing_is_an_error(qapp):
    with pytest.raises(FileNotFoundError):
        icon("no-such-drawing", DARK)


def test_the_application_has_its_icon_in_all_sizes(qapp):
    sizes = {size.width() for size in app_icon().availableSizes()}
    assert sizes >= {16, 24, 32, 48, 64, 128, 256, 512}


def _strongest(image: QImage) -> tuple[int, int, int]:
    places = [(x, y) for y in range(image.height()) for x in range(image.width())]
    x, y = max(places, key=lambda place: image.pixelColor(*place).alpha())
    return image.pixelColor(x, y).getRgb()[:3]
