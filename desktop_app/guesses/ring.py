"""A ring round a place of the photo that is worth a look: still, and seen on any photo."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.compare.view import CompareView
from desktop_app.theme.tokens import DARK

SIZE_PX = 48
_RADIUS_PX = 19.0
_NEAR_EDGE_PX = 64


class PlaceRing(QWidget):
    """Follows its place when the photo is moved or zoomed; lets every click through."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self._place = QPointF(0.5, 0.5)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(self.sizeHint())
        self.hide()
        view.view_changed.connect(self._follow)

    def sizeHint(self) -> QSize:
        return QSize(SIZE_PX, SIZE_PX)

    def show_at(self, place: QPointF) -> None:
        """Round a place of the photo (0..1), which is brought away from the edges of the view."""
        self._place = place
        self._bring_into_middle()
        self.setAccessibleName(
            f"Suggested place for a hint, {place.x() * 100:.0f} % across, {place.y() * 100:.0f} % down"
        )
        self.show()
        self._follow()

    def _bring_into_middle(self) -> None:
        """Only where it would be hard to see: a photo that need not move stays."""
        view = self._view
        at = view.photo_to_widget(self._place)
        inner = view.rect().adjusted(_NEAR_EDGE_PX, _NEAR_EDGE_PX, -_NEAR_EDGE_PX, -_NEAR_EDGE_PX)
        if not inner.contains(at.toPoint()):
            middle = QPointF(view.rect().center())
            view.move_to(view.viewport.panned(middle.x() - at.x(), middle.y() - at.y()))

    @Slot()
    def _follow(self) -> None:
        if not self.isHidden():
            at = self._view.photo_to_widget(self._place)
            self.move(round(at.x() - SIZE_PX / 2), round(at.y() - SIZE_PX / 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(SIZE_PX / 2, SIZE_PX / 2)
        for colour, width in (
            (QColor(0, 0, 0, 130), 8.0),
            (QColor(255, 255, 255), 6.0),
            (DARK.color("accent_mark"), 3.0),
        ):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(middle, _RADIUS_PX, _RADIUS_PX)
