"""The faces of a photo as Qt's list views want them: one row a face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex
ROW = Qt.ItemDataRole.UserRole
_SAID = [
    ROW,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
]


@dataclass(frozen=True)
class FaceRow:
    """One face. number: from 1, of `count`. usual: the photo's word for faces, "" where its steps have different ones.
    treatment: what the face gets, likewise. is_wished: somebody has chosen it for this face."""

    number: int
    count: int
    treatment: str
    usual: str
    is_wished: bool

    @property
    def name(self) -> str:
        return f"Face {self.number} of {self.count}: {self.treatment or 'as each step has it'}"

    @property
    def words(self) -> str:
        """Where the treatment comes from."""
        if self.is_wished:
            return f"This face: {self.treatment}"
        return f"As the photo: {self.usual}" if self.usual else "As each step has it"


class FacesModel(QAbstractListModel):
    """Holds what it was given last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[FaceRow, ...] = ()
        self._crops: tuple[QImage, ...] = ()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.name
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return row.words
        if role == Qt.ItemDataRole.DecorationRole and index.row() < len(self._crops):
            return self._crops[index.row()]
        return None

    def show_faces(self, count: int) -> None:
        """Other faces are to be shown, so many; what is known of them follows."""
        self.beginResetModel()
        self._rows = tuple(FaceRow(number + 1, count, "", "", False) for number in range(count))
        self._crops = ()
        self.endResetModel()

    def show_rows(self, rows: Sequence[FaceRow]) -> None:
        """Something else is to be done with the same faces."""
        before, self._rows = self._rows, tuple(rows)
        for place, (old, new) in enumerate(zip(before, self._rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place), self.index(place), _SAID)

    def show_crops(self, crops: Sequence[QImage]) -> None:
        """The pictures of all faces."""
        self._crops = tuple(crops)
        self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [Qt.ItemDataRole.DecorationRole])
