"""The damage mask over the original's side of the comparison, with its legend, and over whatever is being painted."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from desktop_app.compare.view import CompareView
from desktop_app.legend import Legend, Sample
from desktop_app.marks.sheet import Box, MarkSheet, Plane
from desktop_app.marks.stroke import Stroke
from desktop_app.marks.tint import MaskPicture, sample
from desktop_app.theme.tokens import UNIT

_WORDS = (("found", (1.0, 0.0, 0.0)), ("marked damaged", (0.0, 1.0, 0.0)), ("marked sound", (0.0, 0.0, 1.0)))
_RIM_PX = 2
"""What smooth scaling of the picture reaches beyond the pixels that changed."""


class MaskOverlay(QWidget):
    """Lies over the view and takes no clicks.

    Damage is shown where it is to be seen, on the original's side; the restored side shows what became of it, but a place that
    somebody has just painted there stays tinted until the answer is in the picture (`answered`).
    """

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self._sheet: MarkSheet | None = None
        self._found: NDArray[np.uint8] | None = None
        self._stroke: Stroke | None = None
        self._picture: MaskPicture | None = None
        self._awaited: Box | None = None
        self._is_on = False
        self.legend = Legend(
            "Legend of the damage",
            "Orange-red: damage that was found. Stronger: marked as damaged. Blue-green: marked as sound, left as it is.",
            [(word, _sample_of(*shares)) for word, shares in _WORDS],
            view,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Damage mask")
        self.setGeometry(view.rect())
        view.installEventFilter(self)
        view.view_changed.connect(self._place)
        view.divider_moved.connect(self._place)
        view.original_shown.connect(self._place)
        self.hide()

    @property
    def is_on(self) -> bool:
        """Switched on; there may still be no photo to show it on."""
        return self._is_on

    @Slot(bool)
    def switch(self, on: bool) -> None:
        """Show the mask or take it away."""
        self._is_on = on
        self._place()

    # --------------------------------------------------------------------------------------------------- what is shown

    def show_sheet(self, sheet: MarkSheet | None) -> None:
        """The marks of the photo, None without a photo; only what is different from those before is painted anew."""
        before, self._sheet = self._sheet, sheet
        if sheet is before:
            return
        self._stroke = None
        if sheet is None or before is None or (sheet.height, sheet.width) != (before.height, before.width):
            self._picture = None
            self._awaited = None
        elif self._picture is not None:
            for box in sheet.changed_since(before):
                self._paint_box(box)
        self._place()

    def show_found(self, found: NDArray[np.uint8] | None) -> None:
        """What is mended, see MaskPicture.show_found; None while nothing is known."""
        self._found = found
        if self._picture is not None and self._sheet is not None:
            box = self._picture.show_found(found, self._marks_in)
            self.update(_around(self._on_view(self._picture.place_of(box))))

    def show_stroke(self, box: Box, stroke: Stroke) -> None:
        """The stroke on the sheet looks different in `box`."""
        self._stroke = stroke
        is_first, self._awaited = self._awaited is None, box.united(self._awaited)
        if not box.is_empty:
            self._paint_box(box)
        if is_first:
            self._place()

    def keep_stroke(self, sheet: MarkSheet) -> None:
        """The stroke that was shown is a part of `sheet` now: nothing looks different."""
        self._sheet, self._stroke = sheet, None

    def forget_stroke(self, stroke: Stroke) -> None:
        """The stroke was given up."""
        self._stroke = None
        self._paint_box(stroke.touched)
        self.answered()

    @Slot()
    def answered(self) -> None:
        """The restored side shows what the marks have made of it."""
        if self._awaited is not None:
            self._awaited = None
            self._place()

    # --------------------------------------------------------------------------------------------------------- painting

    def _seen_picture(self) -> MaskPicture | None:
        if self._picture is None and self._sheet is not None:
            self._picture = MaskPicture(self._sheet, self._found, self._marks_in)
        return self._picture

    def _marks_in(self, box: Box) -> Plane:
        """With the stroke at hand, where there is one."""
        assert self._sheet is not None
        return (self._stroke.seen if self._stroke is not None else self._sheet.read)(box)

    def _paint_box(self, box: Box) -> None:
        picture = self._seen_picture()
        if picture is not None and not box.is_empty:
            picture.show(box, self._marks_in)
            self.update(_around(self._on_view(picture.place_of(box))))

    def _on_view(self, place: QRectF) -> QRectF:
        """A part of the photo, 0..1, in the widget."""
        viewport = self._view.viewport
        left, top = viewport.to_view(place.left(), place.top())
        return QRectF(left, top, place.width() * viewport.shown_width, place.height() * viewport.shown_height)

    @Slot()
    def _place(self) -> None:
        seen = self._sheet is not None and self._view.has_picture and not self._view.is_original_alone
        self.setVisible(seen and (self._is_on or self._awaited is not None))
        self.legend.setVisible(seen and self._is_on)
        if seen:
            left, top, _, bottom = self._view.viewport.visible
            self.legend.adjustSize()
            y = min(bottom, self.height()) - self.legend.height() - UNIT
            self.legend.move(round(left + UNIT), round(max(top + UNIT, y)))
            self.update()

    def _shown_part(self, picture: MaskPicture) -> QRegion:
        part = QRegion()
        if self._is_on:
            before = self._view.divider_px if self._view.has_divider else self.width()
            part += QRect(0, 0, round(before), self.height())
        if self._awaited is not None:
            part += _around(self._on_view(picture.place_of(self._awaited)))
        return part

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._seen_picture()
        if picture is None:
            return
        viewport = self._view.viewport
        painter = QPainter(self)
        painter.setClipRegion(self._shown_part(picture) & event.region())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        photo = QRectF(viewport.left, viewport.top, viewport.shown_width, viewport.shown_height)
        painter.drawImage(photo, picture.image)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
            self._place()
        return False


def _around(place: QRectF) -> QRect:
    left, top = math.floor(place.left()) - _RIM_PX, math.floor(place.top()) - _RIM_PX
    right, bottom = math.ceil(place.right()) + _RIM_PX, math.ceil(place.bottom()) + _RIM_PX
    return QRect(left, top, right - left, bottom - top)


def _sample_of(found: float, damaged: float, sound: float) -> Sample:
    def patch(size: QSize, device_ratio: float) -> QImage:
        return sample(found, damaged, sound, size, device_ratio)

    return patch
