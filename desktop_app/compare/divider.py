"""The handle of the line between before and after: a slider in every respect but its looks."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

from desktop_app.theme.tokens import DARK

STEPS = 1000
"""Values of the handle from one edge of the photo to the other."""
SIZE_PX = 40
_RADIUS_PX = 14.0
LIGHT_LINE = QColor(255, 255, 255, 235)
DARK_LINE = QColor(0, 0, 0, 110)
"""Light with a dark rim: seen on any photo."""
_FACE = QColor("#faf8f5")


class DividerHandle(QSlider):
    """Being a slider, it has a value, keys and a role for those who cannot see it; its place is the view's business."""

    grabbed = Signal(float)
    """The pointer took hold of it at this x of the parent."""
    dragged = Signal(float)
    """The pointer holds it at this x of the parent."""
    centred = Signal()
    """It was double-clicked."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._is_faded = False
        self.setObjectName("divider")
        self.setRange(0, STEPS)
        self.setSingleStep(STEPS // 100)
        self.setPageStep(STEPS // 10)
        self.setFixedSize(self.sizeHint())
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Divider between before and after")
        self.setToolTip("Drag to compare the original with the restored photo ( , and . ); double-click for the middle")

    def show_faded(self, faded: bool) -> None:
        """Not painted, but there."""
        if faded != self._is_faded:
            self._is_faded = faded
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIZE_PX, SIZE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_faded:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        painter.setPen(QPen(DARK_LINE, 1))
        painter.setBrush(_FACE)
        painter.drawEllipse(middle, _RADIUS_PX, _RADIUS_PX)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#3a3632"))
        for side in (-1, 1):
            tip, base = QPointF(9.5 * side, 0), 4.5 * side
            painter.drawPolygon(QPolygonF([middle + tip, middle + QPointF(base, -4.5), middle + QPointF(base, 4.5)]))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(DARK.color("accent_mark"), 3))
            painter.drawEllipse(middle, _RADIUS_PX + 2.5, _RADIUS_PX + 2.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.grabbed.emit(self.mapToParent(event.position()).x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.dragged.emit(self.mapToParent(event.position()).x())
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)
            self.centred.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel zooms, also here

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # pans, or is a short cut
            return
        super().keyPressEvent(event)


def paint_line(painter: QPainter, x: float, top: float, bottom: float) -> None:
    """The divider's line, 2 logical pixels wide with a dark rim."""
    painter.fillRect(QRectF(x - 2, top, 4, bottom - top), DARK_LINE)
    painter.fillRect(QRectF(x - 1, top, 2, bottom - top), LIGHT_LINE)
