"""The cross that the arrow keys move over the photo, for those who set hints without a pointer."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

_STEP_PX = 8
_INNER_PX, _OUTER_PX = 5, 16
_WAYS = (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1))


class Cross:
    """Where it is, 0..1 of the photo, and whether it is to be seen."""

    def __init__(self) -> None:
        self.place = QPointF(0.6, 0.4)  # not under the divider's handle
        self.is_seen = False

    def move(self, right: int, down: int, shown_width: float, shown_height: float) -> None:
        """By so many steps of the screen. shown_width, shown_height: the whole photo's, in logical pixels."""
        x = self.place.x() + right * _STEP_PX / shown_width
        y = self.place.y() + down * _STEP_PX / shown_height
        self.place = QPointF(min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0))
        self.is_seen = True

    @property
    def words(self) -> str:
        """Where it is, for those who cannot see it."""
        return f"Cross at {self.place.x() * 100:.0f} % across, {self.place.y() * 100:.0f} % down"

    @staticmethod
    def paint(painter: QPainter, middle: QPointF) -> None:
        """White with a dark rim, open in the middle: seen on any photo, hiding nothing of the place it means."""
        for colour, width in ((QColor(0, 0, 0, 150), 4), (QColor(255, 255, 255), 2)):
            painter.setPen(QPen(colour, width))
            for way in _WAYS:
                painter.drawLine(middle + way * _INNER_PX, middle + way * _OUTER_PX)
