"""The card in the panel where hints and guesses are: actions of the table as switches and buttons, and the colouring in use."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.actions import Actions
from desktop_app.document import Document
from desktop_app.guesses.names import chosen_words
from desktop_app.mirror import ActionMirror
from desktop_app.recipe_panel.rows import EDGE_PX
from desktop_app.theme import set_role

SWITCHES = ("hint_tool", "guess_map")
BUTTONS = ("suggest_place", "other_colourings")


class GuessCard(QFrame):
    """Shown while a step that follows hints is on."""

    likeliest_wanted = Signal()
    """The colouring that was chosen shall be given up."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        self.controls: dict[str, QAbstractButton] = {}
        for name in SWITCHES:
            switch = QCheckBox(self)
            set_role(switch, "switch")
            self._add(name, switch, actions[name])
        rows.addSpacing(4)
        for name in BUTTONS:
            self._add(name, QPushButton(self), actions[name])
        self._in_use = QLabel(self, wordWrap=True)
        set_role(self._in_use, "small")
        self._in_use.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        rows.addWidget(self._in_use)
        self.likeliest = QPushButton("Take the likeliest", self)
        self.likeliest.setAccessibleName("Take the likeliest")
        self.likeliest.setToolTip(
            "Give the photo the colouring that is likeliest, in place of the one that was chosen."
        )
        self.likeliest.setAccessibleDescription(self.likeliest.toolTip())
        self.likeliest.clicked.connect(self._take_likeliest)
        rows.addWidget(self.likeliest)
        self.show_document(None)

    def _add(self, name: str, control: QAbstractButton, action: QAction) -> None:
        layout = self.layout()
        assert layout is not None
        layout.addWidget(control)
        self.controls[name] = control
        ActionMirror(control, action)

    def show_document(self, document: Document | None) -> None:
        """For a photo; without a step that colours there is nothing to hint at."""
        steps = [entry.step for entry in document.state.recipe.enabled] if document is not None else []
        words = chosen_words(document) if document is not None else ""
        self._in_use.setText(words)
        for part in (self._in_use, self.likeliest):
            part.setVisible(bool(words))
        self.setVisible("colorize" in steps)

    @Slot()
    def _take_likeliest(self) -> None:
        self.likeliest_wanted.emit()
