"""All keys and gestures on one page, read from the table of actions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop_app.actions import menus, plain_text
from desktop_app.theme import set_role

GESTURES = (
    ("Photo", "Drag the line", "Compare before and after"),
    ("Photo", "Left, Right on the line", "Move the line"),
    ("Photo", "Wheel, pinch", "Zoom about the pointer"),
    ("Photo", "Drag, two fingers, arrow keys", "Move the photo"),
    ("Photo", "Hold Space or \\", "Show the original alone"),
    ("Hints", "Click with the hint tool", "Place a hint and choose its colour"),
    ("Hints", "Tab, arrow keys, Enter, Del", "Go through hints, move, recolour, remove"),
    ("Damage", "Drag, with the right button or Alt", "Paint with the tool in the hand, with the other one"),
    ("Damage", "Shift and drag, Shift and click", "A straight line, a line on from the last stroke"),
    ("Damage", "Ctrl and wheel, Shift and wheel", "Brush size, softness"),
    ("Damage", "Arrow keys, Enter, Esc", "Move the brush, put it down and take it up, give up"),
    ("Other colourings", "Arrow keys, Enter, Esc", "Go through, choose, leave as it is"),
    ("Curve", "Drag it, drag a point out", "Bend the curve, remove the point"),
    ("Curve", "Tab, arrow keys, Shift and arrows", "Go through points, move, move far"),
    ("Curve", "Enter, Del, Esc", "Add a point, remove it, leave the curve"),
    ("Curve", "Double click beside it", "Back to the automatic curve"),
    ("Sliders", "Double click, Backspace", "Back to the usual value"),
)


class ShortcutsPage(QDialog):
    """A dialog that does not hold up the work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard and mouse")
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(24, 16, 24, 16)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        for title, pairs in sections().items():
            self._add_section(grid, title, pairs)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 8, 0, 0)
        rows.addWidget(area, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 8, 16, 16)
        foot.addWidget(buttons)
        rows.addLayout(foot)
        # As wide as its longest line, so that nothing has to be scrolled sideways.
        bar = area.verticalScrollBar().sizeHint().width()
        self.resize(max(560, inner.sizeHint().width() + bar), 640)

    def _add_section(self, grid: QGridLayout, title: str, pairs: list[tuple[str, str]]) -> None:
        row = grid.rowCount()
        head = QLabel(title)
        set_role(head, "heading")
        grid.addWidget(head, row, 0, 1, 2, Qt.AlignmentFlag.AlignBottom)
        grid.setRowMinimumHeight(row, 36)
        for keys, meaning in pairs:
            row += 1
            shown = QLabel(keys)
            set_role(shown, "quiet")
            grid.addWidget(shown, row, 0)
            grid.addWidget(QLabel(meaning), row, 1)


def sections() -> dict[str, list[tuple[str, str]]]:
    """Title -> (keys, meaning): the actions that have keys, menu by menu, then the gestures."""
    found: dict[str, list[tuple[str, str]]] = {}
    for menu, specs in menus().items():
        pairs = [(_native(spec.keys), plain_text(spec)) for spec in specs if spec.keys]
        if pairs:
            found[menu.replace("&", "")] = pairs
    for title, keys, meaning in GESTURES:
        found.setdefault(title, []).append((keys, meaning))
    return found


def _native(keys: tuple[str, ...]) -> str:
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
