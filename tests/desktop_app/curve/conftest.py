"""A curve editor in a window that has the keyboard, its owner, and generators with one that takes fading back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop_app.curve.editor import CurveEditor
from engine.tone_curve import Point
from tests.onnx_files import write_colorizer, write_freshener

LEFT = Qt.MouseButton.LeftButton
DARKER = np.linspace(0, 100, 33) ** 2 / 100
"""An automatic curve: 0, 6.2, 25, 56.2, 100 at the quarters."""


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("curve")
    write_colorizer(folder)
    write_freshener(folder)
    return folder


class Bent:
    """Keeps what the editor tells as a document does: shows it the curve it has chosen."""

    def __init__(self, window: QWidget, editor: CurveEditor) -> None:
        self.window = window
        self.editor = editor
        self.curve = ""
        self.told: list[str] = []
        self.settled = 0
        editor.curve_chosen.connect(self._chosen)
        editor.settled.connect(self._settled)

    def show(self, curve: str, automatic: np.ndarray | None = DARKER) -> None:
        self.curve = curve
        self.editor.show_curve(curve, automatic)

    def _chosen(self, curve: str) -> None:
        self.told.append(curve)
        self.show(curve)

    def _settled(self) -> None:
        self.settled += 1

    def spot(self, point: Point) -> QPoint:
        return self.editor.plot.place(point).toPoint()

    def press(self, point: Point) -> None:
        QTest.mousePress(self.editor, LEFT, pos=self.spot(point))

    def drag(self, start: Point, end: Point, *, out: QPointF | None = None) -> None:
        """From one L* before and after to another; or, beyond that, to `out` of the editor."""
        self.press(start)
        QTest.mouseMove(self.editor, (self.spot(start) + self.spot(end)) / 2)
        last = out.toPoint() if out is not None else self.spot(end)
        QTest.mouseMove(self.editor, last)
        QTest.mouseRelease(self.editor, LEFT, pos=last)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.editor, key, modifier)


@pytest.fixture
def bent(qtbot) -> Bent:
    """Between two fields, so that the keyboard can come from one and leave for the other."""
    window = QWidget()
    window.resize(240, 260)
    rows = QVBoxLayout(window)
    before, editor, after = QLineEdit(window), CurveEditor(window), QLineEdit(window)
    for part in (before, editor, after):
        rows.addWidget(part)
    qtbot.addWidget(window)
    owner = Bent(window, editor)
    owner.show("")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return owner
