"""One line above the photo: what went wrong with it, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.theme import set_role
from engine.errors import EngineError


class Banner(QFrame):
    """Shows an EngineError; hidden while there is none."""

    retry_wanted = Signal()
    details_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._sentence = QLabel(self, wordWrap=True)
        set_role(self._sentence, "error")
        self._next_step = QLabel(self, wordWrap=True)
        set_role(self._next_step, "quiet")
        for label in (self._sentence, self._next_step):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.retry_button = QPushButton("Retry", self)
        self.retry_button.setToolTip("Try this photo once more.")
        self.retry_button.clicked.connect(self.retry_wanted)
        self.details_button = QPushButton("Copy details", self)
        self.details_button.setToolTip("Copy what is known about this error, for a report.")
        self.details_button.clicked.connect(self.details_wanted)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._sentence)
        words.addWidget(self._next_step)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addWidget(self.retry_button)
        row.addWidget(self.details_button)
        self.hide()

    def show_error(self, error: EngineError | None) -> None:
        self.setVisible(error is not None)
        if error is not None:
            self._sentence.setText(error.sentence)
            self._next_step.setText(error.next_step)
            self._next_step.setVisible(bool(error.next_step))
            self.setAccessibleName(error.sentence)
