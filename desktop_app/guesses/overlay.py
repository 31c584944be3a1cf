"""The guess map over the restored side of the comparison, with its legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.compare.view import CompareView
from desktop_app.guesses.legend import guess_legend
from desktop_app.guesses.tint import GuessPicture, guess_picture, layer
from desktop_app.theme.tokens import DARK, UNIT

TINT = DARK.color("accent_mark")
"""The same in both themes, since the photo under it is."""


class GuessOverlay(QWidget):
    """Lies over the view and takes no clicks. Shows the map it was given last, while it is switched on."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self._sure: NDArray[np.generic] | None = None
        self._picture: GuessPicture | None = None
        self._layer: QImage | None = None
        self._layer_of: tuple[object, ...] = ()
        self._is_on = False
        self.legend = guess_legend(view)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Where the colours are guessed")
        self.setGeometry(view.rect())
        self.stackUnder(view.labels)
        view.installEventFilter(self)
        view.view_changed.connect(self._place)
        view.divider_moved.connect(self._place)
        view.original_shown.connect(self._place)
        self.hide()

    @property
    def is_on(self) -> bool:
        """Switched on; there may still be no map to show."""
        return self._is_on

    @Slot(bool)
    def switch(self, on: bool) -> None:
        """Show the map or take it away."""
        self._is_on = on
        self._place()

    def show_map(self, sure: NDArray[np.generic] | None) -> None:
        """How sure the colours are, (h, w) 0..1 over the whole photo; None where nothing is known."""
        self._sure = sure
        self._picture = self._layer = None
        self._place()

    @Slot()
    def _place(self) -> None:
        seen = self._is_on and self._sure is not None and not self._view.is_original_alone
        self.setVisible(seen)
        self.legend.setVisible(seen)
        if seen:
            left, top, right, bottom = self._view.viewport.visible
            self.legend.adjustSize()
            x = min(right, self.width()) - self.legend.width() - UNIT
            y = min(bottom, self.height()) - self.legend.height() - UNIT
            self.legend.move(round(max(left + UNIT, x)), round(max(top + UNIT, y)))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sure is None or not self._view.has_divider:
            return
        viewport = self._view.viewport
        wanted = (viewport, self.size().width(), self.size().height())
        if self._layer is None or wanted != self._layer_of:
            self._picture = self._picture or guess_picture(self._sure, TINT)
            photo = QRectF(viewport.left, viewport.top, viewport.shown_width, viewport.shown_height)
            self._layer = layer(self._picture, self.size(), photo, viewport.device_ratio)
            self._layer_of = wanted
        start = self._view.divider_px
        painter = QPainter(self)
        painter.setClipRect(QRectF(start, 0, self.width() - start, self.height()))
        painter.drawImage(0, 0, self._layer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
            self._place()
        return False
