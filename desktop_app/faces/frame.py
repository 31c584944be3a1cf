"""A thin frame round a face of the photo, on both sides of the comparison, seen on any photo."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.compare.view import CompareView

_ROOM = 0.12
"""Of the face's sides, between it and the frame: a line across brow and chin would hide what is looked at."""
_EDGE_PX = 3
_CORNER = 0.35
"""Radius of the corners, of the shorter side."""


class FaceFrame(QWidget):
    """Follows its face when the photo is moved or zoomed; lets every click through."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self._place = QRectF()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.stackUnder(view.labels)
        self.hide()
        view.view_changed.connect(self._follow)

    def show_around(self, place: QRectF, name: str) -> None:
        """Round a part of the photo, 0..1 of its width and height."""
        self._place = place
        self.setAccessibleName(name)
        self.show()
        self._follow()

    @Slot()
    def _follow(self) -> None:
        if self.isHidden():
            return
        left, top = self._view.viewport.to_view(self._place.left(), self._place.top())
        right, bottom = self._view.viewport.to_view(self._place.right(), self._place.bottom())
        across, down = _ROOM * (right - left) + _EDGE_PX, _ROOM * (bottom - top) + _EDGE_PX
        self.setGeometry(QRectF(left, top, right - left, bottom - top).adjusted(-across, -down, across, down).toRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(self.rect()).adjusted(_EDGE_PX, _EDGE_PX, -_EDGE_PX, -_EDGE_PX)
        corner = _CORNER * min(line.width(), line.height())
        for colour, width in ((QColor(0, 0, 0, 130), 4.0), (QColor(255, 255, 255), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(line, corner, corner)
