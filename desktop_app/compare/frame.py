"""One side of the comparison as it stands in the view, painted once and kept, so that a moving divider costs a strip."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop_app.compare.pyramid import Pyramid
from desktop_app.compare.viewport import Viewport

_PIXELS_SEEN_ZOOM = 3.0
"""From this zoom on the photo's pixels are shown as the squares they are, unless a small photo fills a large screen."""


class Frame:
    """Device pixels of the whole view, of which the columns `lo` to `hi` are painted."""

    def __init__(self) -> None:
        self._image = QImage()
        self._painted_for: tuple[object, ...] = ()
        self._lo = self._hi = 0

    def columns(self, pyramid: Pyramid, viewport: Viewport, around: QColor, smooth: bool, lo: int, hi: int) -> QImage:
        """The view's device pixels with at least columns lo..hi showing the picture of `pyramid`, and `around` beside it.

        smooth: scaled with care; else quickly. The picture fills the viewport's photo whatever its own resolution is.
        """
        scale = viewport.photo_width * viewport.zoom / pyramid.image.width()
        level, picture = pyramid.level_for(scale)
        smooth = smooth and (viewport.zoom < _PIXELS_SEEN_ZOOM or viewport.is_fit)
        wanted = (picture.cacheKey(), viewport, around.rgb(), smooth)
        if wanted != self._painted_for:
            self._prepare(viewport)
            self._painted_for = wanted
        for start, end in self._missing(lo, hi):
            self._paint(picture, 2**level, pyramid.image, viewport, around, smooth, start, end)
        return self._image

    def forget(self) -> None:
        """The picture is another now."""
        self._painted_for = ()

    def _prepare(self, viewport: Viewport) -> None:
        ratio = viewport.device_ratio
        width, height = (max(1, round(side * ratio)) for side in (viewport.view_width, viewport.view_height))
        if (self._image.width(), self._image.height()) != (width, height):
            self._image = QImage(width, height, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)
        self._lo = self._hi = 0

    def _missing(self, lo: int, hi: int) -> list[tuple[int, int]]:
        """Strips to be painted; afterwards `_lo`.. `_hi` is one run of columns that holds lo..hi."""
        if self._lo == self._hi:
            self._lo, self._hi = lo, hi
            return [(lo, hi)] if lo < hi else []
        missing = [(start, end) for start, end in ((lo, self._lo), (self._hi, hi)) if start < end]
        self._lo, self._hi = min(lo, self._lo), max(hi, self._hi)
        return missing

    def _paint(
        self,
        picture: QImage,
        step: int,
        whole: QImage,
        viewport: Viewport,
        around: QColor,
        smooth: bool,
        start: int,
        end: int,
    ) -> None:
        """Columns start..end. step: pixels of `whole` that one of `picture` stands for, in each direction."""
        ratio = viewport.device_ratio
        self._image.setDevicePixelRatio(1)
        painter = QPainter(self._image)
        strip = QRect(start, 0, end - start, self._image.height())
        left, top = viewport.left * ratio, viewport.top * ratio
        width, height = viewport.photo_width * viewport.zoom, viewport.photo_height * viewport.zoom
        photo = QRectF(left, top, width, height).toRect()
        if not photo.contains(strip):
            painter.fillRect(strip, around)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.setClipRect(strip & photo)
        painter.translate(left, top)
        painter.scale(width / whole.width() * step, height / whole.height() * step)
        painter.drawImage(0, 0, picture)
        painter.end()
        self._image.setDevicePixelRatio(ratio)
