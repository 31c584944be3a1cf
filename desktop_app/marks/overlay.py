"""The damage mask over the original's side of the comparison, with its legend, and over whatever is being painted."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from desktop_app.compare.overlay import ViewOverlay
from desktop_app.compare.view import CompareView
from desktop_app.legend import Legend, Sample
from desktop_app.marks.sheet import Box, MarkSheet, Plane
from desktop_app.marks.stroke import Stroke
from desktop_app.marks.tint import MaskPicture, sample

_WORDS = (("found", (1.0, 0.0, 0.0)), ("marked damaged", (0.0, 1.0, 0.0)), ("marked sound", (0.0, 0.0, 1.0)))
_RIM_PX = 2
"""What smooth scaling of the picture reaches beyond the pixels that changed."""


class MaskOverlay(ViewOverlay):
    """Damage is shown where it is to be seen, on the original's side; the restored side shows what became of it, but a place that
    somebody has just painted stays tinted on both until the answer is in the picture (`answered`), even while it is switched off.
    """

    def __init__(self, view: CompareView) -> None:
        super().__init__(view, "Damage mask", _legend(view), Qt.AlignmentFlag.AlignLeft)
        self._sheet: MarkSheet | None = None
        self._found: NDArray[np.uint8] | None = None
        self._picture: MaskPicture | None = None
        self._stroke: Stroke | None = None
        self._painted: Box | None = None
        """Where the stroke at hand has been."""
        self._unanswered: list[tuple[MarkSheet, Box]] = []
        """The sheet that each stroke has made, and where it was painted."""

    # --------------------------------------------------------------------------------------------------- what is shown

    def show_sheet(self, sheet: MarkSheet | None) -> None:
        """The marks of the photo, None without a photo; only what is different from those before is painted anew."""
        before, self._sheet = self._sheet, sheet
        if sheet is before:
            return
        self._stroke = self._painted = None
        if sheet is None or before is None or (sheet.height, sheet.width) != (before.height, before.width):
            self._picture = None
            self._unanswered = []
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
        is_first, self._painted = self._painted is None, box.united(self._painted)
        self._paint_box(box)
        if is_first:
            self._place()

    def keep_stroke(self, sheet: MarkSheet) -> None:
        """The stroke that was shown is a part of `sheet` now: nothing looks different."""
        if self._painted is not None:
            self._unanswered.append((sheet, self._painted))
        self._sheet, self._stroke, self._painted = sheet, None, None

    def forget_stroke(self, stroke: Stroke) -> None:
        """The stroke was given up."""
        self._stroke = self._painted = None
        self._paint_box(stroke.touched)
        self._place()

    def answered(self, sheet: MarkSheet | None) -> None:
        """The restored side shows what the marks of `sheet` have made of it, and so all strokes up to it."""
        sheets = [made for made, _ in self._unanswered]
        if sheet is self._sheet:
            self._unanswered = []
        elif sheet in sheets:
            del self._unanswered[: sheets.index(sheet) + 1]
        if len(self._unanswered) < len(sheets):
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

    @property
    def _has_something(self) -> bool:
        return self._sheet is not None and self._view.has_picture

    @property
    def _is_wanted(self) -> bool:
        return self._is_on or bool(self._awaited)

    @property
    def _awaited(self) -> list[Box]:
        """Where was painted what the restored side does not show yet."""
        boxes = [box for _, box in self._unanswered]
        return boxes if self._painted is None else [*boxes, self._painted]

    def _shown_part(self, picture: MaskPicture) -> QRegion:
        part = QRegion()
        if self._is_on:
            before = self._view.divider_px if self._view.has_divider else self.width()
            part += QRect(0, 0, round(before), self.height())
        for box in self._awaited:
            part += _around(self._on_view(picture.place_of(box)))
        return part

    def paintEvent(self, event: QPaintEvent) -> None:
        picture = self._seen_picture()
        if picture is None:
            return
        painter = QPainter(self)
        painter.setClipRegion(self._shown_part(picture) & event.region())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._photo, picture.image)


def _legend(parent: QWidget) -> Legend:
    return Legend(
        "Legend of the damage",
        "Orange-red: damage that was found. Stronger: marked as damaged. Blue-green: marked as sound, left as it is.",
        [(word, _sample_of(*shares)) for word, shares in _WORDS],
        parent,
    )


def _around(place: QRectF) -> QRect:
    left, top = math.floor(place.left()) - _RIM_PX, math.floor(place.top()) - _RIM_PX
    right, bottom = math.ceil(place.right()) + _RIM_PX, math.ceil(place.bottom()) + _RIM_PX
    return QRect(left, top, right - left, bottom - top)


def _sample_of(found: float, damaged: float, sound: float) -> Sample:
    def patch(size: QSize, device_ratio: float) -> QImage:
        return sample(found, damaged, sound, size, device_ratio)

    return patch
