"""The stylesheet is complete: no hole in its templates, every drawing there, focus and state seen on every control."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.theme import DARK, LIGHT, apply, set_role, stylesheet
from desktop_app.theme.stylesheet import ICON_PREFIX
from engine.assets import asset

CONTROLS = (
    QPushButton,
    QToolButton,
    QCheckBox,
    QRadioButton,
    QSlider,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QDoubleSpinBox,
    QPlainTextEdit,
)


@pytest.fixture(params=["dark", "light"])
def themed(request, qapp: QApplication) -> Iterator[QApplication]:
    """The application in one theme, and without any afterwards."""
    apply(qapp, request.param)
    yield qapp


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_hole_is_filled_and_every_drawing_is_there(theme):
    text = stylesheet(theme, 10)
    assert "$" not in text
    drawings = set(re.findall(rf"url\({ICON_PREFIX}:([^)]+)\)", text))
    assert len(drawings) >= 8
    assert [name for name in drawings if not asset("icons", *name.split("/")).is_file()] == []


def test_type_follows_the_platform():
    assert "15.0pt" in stylesheet(DARK, 10)
    assert "21.0pt" in stylesheet(DARK, 14)


@pytest.mark.parametrize("kind", CONTROLS, ids=lambda kind: kind.__name__)
def test_the_focus_is_seen_on_every_control(qtbot, themed, kind):
    """Ink of the ring's colour comes with the focus and goes with it."""
    window, control = _shown(qtbot, kind)
    other = window.findChild(QLabel)
    other.setFocus()
    without = control.grab().toImage()
    control.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(control.hasFocus)
    assert _differing_pixels(without, control.grab().toImage()) >= 2 * (control.width() + control.height()) // 2


@pytest.mark.parametrize("kind", CONTROLS, ids=lambda kind: kind.__name__)
def test_what_is_disabled_looks_it(qtbot, themed, kind):
    _, control = _shown(qtbot, kind)
    enabled = control.grab().toImage()
    control.setEnabled(False)
    assert _differing_pixels(enabled, control.grab().toImage()) > 10


def test_a_role_changes_a_button_that_is_shown(qtbot, themed):
    theme = apply(themed, "dark")
    _, button = _shown(qtbot, QPushButton)
    set_role(button, "primary")
    assert button.grab().toImage().pixelColor(button.width() // 2, 4).name() == theme.accent
    set_role(button, "")
    assert button.grab().toImage().pixelColor(button.width() // 2, 4).name() == theme.control


def test_the_theme_can_change_at_any_time(qtbot, qapp):
    _, button = _shown(qtbot, QPushButton)
    seen = {
        apply(qapp, name).name: button.grab().toImage().pixelColor(button.width() // 2, 4).name()
        for name in ("dark", "light", "dark")
    }
    assert seen == {"dark": DARK.control, "light": LIGHT.control}


def test_the_system_decides_where_asked(qapp):
    """Whatever it says, it is one of the two; and the choice is not kept after another is made."""
    assert apply(qapp, "system") in (DARK, LIGHT)
    assert apply(qapp, "light") is LIGHT


def test_an_unknown_theme_is_refused(qapp):
    with pytest.raises(ValueError, match="sepia"):
        apply(qapp, "sepia")


def _shown(qtbot, kind):
    """(window, control): a control in a window that has the keyboard."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    other = QLabel("other")
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    column.addWidget(other)
    control = kind(Qt.Orientation.Horizontal) if kind is QSlider else kind()
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if isinstance(control, QPushButton | QToolButton | QCheckBox | QRadioButton):
        control.setText("Control")
    if isinstance(control, QSlider):
        control.setValue(50)
    column.addWidget(control)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window, control


def _differing_pixels(one: QImage, other: QImage) -> int:
    assert one.size() == other.size()
    places = ((x, y) for y in range(one.height()) for x in range(one.width()))
    return sum(one.pixel(x, y) != other.pixel(x, y) for x, y in places)
