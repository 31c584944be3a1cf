"""The card in the panel where the faces of a photo are listed, or a line that says why there are none."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.faces.face_list import FaceList
from desktop_app.recipe_panel.rows import EDGE_PX
from desktop_app.theme import set_role


class FacesCard(QFrame):
    """Hidden where no faces are treated apart."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.faces = FaceList(self)
        self._said = QLabel(self, wordWrap=True)
        set_role(self._said, "quiet")
        self._said.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        self._count = QLabel(self)
        set_role(self._count, "quiet")
        head = QHBoxLayout()
        head.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        head.addWidget(QLabel("Faces", self), 1)
        head.addWidget(self._count)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(8)
        rows.addLayout(head)
        rows.addWidget(self._said)
        rows.addWidget(self.faces)
        self.hide()

    @property
    def said(self) -> str:
        """The line that stood in place of the faces last."""
        return self._said.text()

    def say(self, words: str) -> None:
        """A line in place of the faces."""
        self._said.setText(words)
        self._list_instead(False)

    def show_faces(self, count: int) -> None:
        """Other faces are to be listed."""
        self.faces.faces.show_faces(count)
        self._count.setText(str(count))
        self._list_instead(True)

    def _list_instead(self, of_words: bool) -> None:
        self._said.setVisible(not of_words)
        self._count.setVisible(of_words)
        self.faces.setVisible(of_words)
