"""The guess map over the restored side of the comparison, with its legend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent

from desktop_app.compare.overlay import ViewOverlay
from desktop_app.compare.view import CompareView
from desktop_app.guesses.legend import guess_legend
from desktop_app.guesses.tint import GuessPicture, guess_picture, layer
from desktop_app.theme.tokens import DARK

TINT = DARK.color("accent_mark")
"""The same in both themes, since the photo under it is."""


class GuessOverlay(ViewOverlay):
    """Shows the map it was given last, while it is switched on."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view, "Where the colours are guessed", guess_legend(view), Qt.AlignmentFlag.AlignRight)
        self._sure: NDArray[np.generic] | None = None
        self._picture: GuessPicture | None = None
        self._layer: QImage | None = None
        self._layer_of: tuple[object, ...] = ()

    def show_map(self, sure: NDArray[np.generic] | None) -> None:
        """How sure the colours are, (h, w) 0..1 over the whole photo; None where nothing is known."""
        self._sure = sure
        self._picture = self._layer = None
        self._place()

    @property
    def _has_something(self) -> bool:
        return self._sure is not None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._sure is None or not self._view.has_divider:
            return
        viewport = self._view.viewport
        wanted = (viewport, self.size().width(), self.size().height())
        if self._layer is None or wanted != self._layer_of:
            self._picture = self._picture or guess_picture(self._sure, TINT)
            self._layer = layer(self._picture, self.size(), self._photo, viewport.device_ratio)
            self._layer_of = wanted
        start = self._view.divider_px
        painter = QPainter(self)
        painter.setClipRect(QRectF(start, 0, self.width() - start, self.height()))
        painter.drawImage(0, 0, self._layer)
