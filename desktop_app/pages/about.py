"""Version, licence, and the generators that are installed, with what their cards say."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.theme import set_role
from engine.card import Card


class AboutPage(QDialog):
    """A dialog that does not hold up the work."""

    def __init__(self, cards: Sequence[Card], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Autochrome")
        column = QWidget()
        rows = QVBoxLayout(column)
        rows.setContentsMargins(24, 16, 24, 16)
        rows.setSpacing(8)
        rows.addWidget(_headed("Autochrome", "title"))
        rows.addWidget(
            _line(f"Version {app_version()}. MIT licence. Works on this computer alone: no photo leaves it.")
        )
        rows.addWidget(_headed("Generators", "heading"))
        for card in cards:
            rows.addWidget(_line(f"{card.title} ({card.name}): {card.limits} Terms: {card.terms}"))
        if not cards:
            rows.addWidget(_line("None is installed; photos cannot be coloured."))
        rows.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(column)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 8, 0, 16)
        outer.addWidget(area, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 0)
        foot.addWidget(buttons)
        outer.addLayout(foot)
        self.resize(560, 420)


def _headed(text: str, role: str) -> QLabel:
    label = QLabel(text)
    set_role(label, role)
    return label


def _line(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def app_version() -> str:
    """Of the installed package; a checkout that was never installed has none."""
    try:
        return version("autochrome")
    except PackageNotFoundError:
        return "in development"
