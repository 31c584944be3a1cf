"""The faces of a photo, one below the other: pointed at, looked at closely, and given another treatment."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy, QToolTip, QWidget

from desktop_app.faces.delegate import CROP, FacesDelegate, places
from desktop_app.faces.model import ROW, FaceRow, FacesModel, Index
from desktop_app.theme.fonts import small
from engine.face_wishes import TREATMENTS

NOBODY = -1
MOST_ROWS = 3.5
"""Seen at once; the half one tells that there are more."""
_TIPS = {
    CROP: "Show this face closely.",
    "gentle": "Do as much to this face as leaves it the same person's.",
    "full": "Do to this face all that is done elsewhere.",
    "original": "Do nothing to this face but what you have marked.",
}
_USUAL = "The photo has this word for all faces."
_KEYS = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1, Qt.Key.Key_3: 2}
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_CLOSER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class FaceList(QListView):
    """Up and down go from face to face; 1, 2, 3, left and right choose; Enter and Space show the face closely."""

    pointed_at = Signal(int)
    """Payload: the row that the pointer is at, or else the hand that works with keys, NOBODY for none."""
    opened = Signal(int)
    """Payload: the row whose face shall be shown closely."""
    treatment_chosen = Signal(int, str)
    """Payload: a row and one of TREATMENTS."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("faces")
        self.setAccessibleName("Faces")
        self.setAccessibleDescription("1 gentle, 2 full, 3 original, or left and right; Enter shows the face closely.")
        self._faces = FacesModel(self)
        self._delegate = FacesDelegate(self)
        self._pointed_at = NOBODY
        self._pressed: tuple[int, str] = (NOBODY, "")
        self.setModel(self._faces)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._faces.modelReset.connect(self.updateGeometry)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def faces(self) -> FacesModel:
        """What is shown."""
        return self._faces

    def sizeHint(self) -> QSize:
        row_px = max(1, self.sizeHintForRow(0))
        return QSize(super().sizeHint().width(), round(min(self._faces.rowCount(), MOST_ROWS) * row_px))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def _row(self, number: int) -> FaceRow:
        row: FaceRow = self._faces.index(number).data(ROW)
        return row

    def _part_at(self, spot: QPoint) -> tuple[int, str]:
        """The row there and its part (Places.part_at)."""
        index = self.indexAt(spot)
        if not index.isValid():
            return NOBODY, ""
        return index.row(), places(self.visualRect(index), small(self.font())).part_at(spot)

    # ---------------------------------------------------------------------------------------------------------- pointing

    def _point(self) -> None:
        """Tell who is pointed at, if that is somebody else."""
        under = self.indexAt(self._delegate.pointer) if self._delegate.pointer is not None else QModelIndex()
        by_keys = self._delegate.uses_keys and self.hasFocus()
        index = self.currentIndex() if by_keys and not under.isValid() else under
        row = index.row() if index.isValid() else NOBODY
        if row != self._pointed_at:
            self._pointed_at = row
            self.pointed_at.emit(row)

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        """Another face lies under a pointer that rests."""
        self._point()

    def _move_pointer(self, spot: QPoint | None) -> None:
        self._delegate.pointer = spot
        part = self._part_at(spot)[1] if spot is not None else ""
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if part else Qt.CursorShape.ArrowCursor)
        self.viewport().update()
        self._point()

    def reset(self) -> None:
        super().reset()
        self._pressed = (NOBODY, "")
        self._point()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._point()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._delegate.uses_keys = self._delegate.uses_keys or event.reason() in _BY_KEYS
        super().focusInEvent(event)
        self._point()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._point()

    # ------------------------------------------------------------------------------------------------------------- events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._move_pointer(event.position().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._delegate.uses_keys = False
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._part_at(event.position().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, (NOBODY, "")
        row, part = self._part_at(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not part or (row, part) != pressed:
            return
        if part == CROP:
            self.opened.emit(row)
        else:
            self.treatment_chosen.emit(row, part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._delegate.uses_keys = True
        self.viewport().update()
        self._point()
        row, key = self.currentIndex().row(), Qt.Key(event.key())
        if row == NOBODY or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _KEYS:
            self.treatment_chosen.emit(row, TREATMENTS[_KEYS[key]])
        elif key in _STEPS:
            self._choose_neighbour(row, _STEPS[key])
        elif key in _CLOSER:
            self.opened.emit(row)
        else:
            super().keyPressEvent(event)

    def _choose_neighbour(self, row: int, step: int) -> None:
        """The word beside the one that the face has; of a face that has none of them the first on that side."""
        words = ("", *TREATMENTS) if step > 0 else (*TREATMENTS, "")
        place = words.index(self._row(row).treatment) + step
        if 0 <= place < len(words) and words[place]:
            self.treatment_chosen.emit(row, words[place])

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._move_pointer(None)
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def tip_at(self, spot: QPoint) -> str:
        """What is said of the part of a row that is there, "" beside them."""
        row, part = self._part_at(spot)
        usual = _USUAL if row != NOBODY and part and part == self._row(row).usual else ""
        return f"{_TIPS.get(part, '')} {usual}".strip()
