"""The photo before and after in one view, with a divider between them, zoomed and panned by hand and by key."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.compare.divider import SIZE_PX, STEPS, DividerHandle, paint_line
from desktop_app.compare.frame import Frame
from desktop_app.compare.labels import Labels
from desktop_app.compare.navigation import Navigation
from desktop_app.compare.pyramid import Pyramid
from desktop_app.compare.viewport import Viewport
from desktop_app.theme.tokens import REST_MS, theme_of

_SAME_SHAPE = 0.02
"""Pictures whose sides' ratios differ by less are the same photo in two resolutions."""
_EXCHANGED_AGAIN_MS = 150
"""Results that follow each other faster than this are a slider that moves."""
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class CompareView(QWidget):
    """Shows up to two pictures of one photo. Places in the photo are QPointF 0..1; the two may differ in resolution.

    Keys: see navigation.py. `clear` before another photo, or the zoom of the last one is kept.
    """

    divider_moved = Signal(float)
    """Payload: the divider's place, 0..1 of the part of the photo that is seen."""
    zoom_changed = Signal(float)
    """Payload: device pixels a photo pixel takes, in per cent."""
    view_changed = Signal()
    """The photo lies elsewhere in the view: zoomed, panned, resized."""
    original_shown = Signal(bool)
    """The original alone is shown (a key is held), or both again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before: Pyramid | None = None
        self._after: Pyramid | None = None
        self._frames = {"before": Frame(), "after": Frame()}
        self._photo_size = QSize()
        self._viewport = Viewport(1, 1, 1, 1, is_fit=True)
        self._fraction = 0.5
        self._is_moving = False
        self._original_alone = False
        self._ring_seen = False
        self._grabbed_off_px = 0.0
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.rest_now)
        self._exchanged = QTimer(self, singleShot=True, interval=_EXCHANGED_AGAIN_MS)
        self.labels = Labels(self)
        """What is laid over the photo belongs under them (QWidget.stackUnder)."""
        self._handle = DividerHandle(self)
        self._handle.grabbed.connect(self.grab_divider)
        self._handle.dragged.connect(self.drag_divider)
        self._handle.centred.connect(self._centre_divider)
        self._handle.valueChanged.connect(self._handle_moved)
        self._handle.hide()
        self._navigation = Navigation(self)
        self.installEventFilter(self._navigation)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 160)
        self.setAccessibleName("Photo before and after")
        self._describe()

    # --------------------------------------------------------------------------------------------------------- pictures

    def set_before(self, image: QImage | None) -> None:
        """The original, or None while it is not known."""
        self._before = self._replaced(self._before, image)
        self._frames["before"].forget()
        self._pictures_changed()

    def set_after(self, image: QImage | None) -> None:
        """The restored picture of the same photo, or None while there is none.

        One soon after another is painted quickly, and carefully when no more of them come.
        """
        if image is None:
            self._exchanged.stop()
        else:
            if self._exchanged.isActive():
                self._is_moving = True
                self._rest.start()
            self._exchanged.start()
        self._after = self._replaced(self._after, image)
        self._frames["after"].forget()
        self._pictures_changed()

    def set_photo_size(self, size: QSize) -> None:
        """The photo's true size in pixels, so that 100 % means the file's pixels while a smaller preview is shown.

        An empty size (the default): the larger of the pictures given counts.
        """
        self._photo_size = QSize(size)
        self._pictures_changed()

    def clear(self) -> None:
        """Forget both pictures and the photo's size; the next photo is shown whole."""
        self._before = self._replaced(self._before, None)
        self._after = self._replaced(self._after, None)
        self._photo_size = QSize()
        self._exchanged.stop()
        self._pictures_changed()

    @property
    def has_picture(self) -> bool:
        return self._before is not None or self._after is not None

    @property
    def photo_size(self) -> QSize:
        """Of the photo in pixels as far as known; 1 × 1 without one."""
        return QSize(self._viewport.photo_width, self._viewport.photo_height)

    @property
    def is_building(self) -> bool:
        """Smaller levels of a large picture are still on their way; meanwhile it is painted from what there is."""
        return any(pyramid is not None and pyramid.is_building for pyramid in (self._before, self._after))

    def before_colour_at(self, place: QPointF) -> QColor | None:
        """The original's colour there (mean of a few pixels), None without a picture or beside the photo."""
        return _colour_at(self._before, place)

    def after_colour_at(self, place: QPointF) -> QColor | None:
        """The restored picture's colour there, likewise."""
        return _colour_at(self._after, place)

    def _replaced(self, old: Pyramid | None, image: QImage | None) -> Pyramid | None:
        if old is not None:
            old.close()
            old.deleteLater()
        if image is None or image.isNull():
            return None
        new = Pyramid(image, self)
        new.grown.connect(self.update)
        return new

    def _pictures_changed(self) -> None:
        sizes = [pyramid.image.size() for pyramid in (self._before, self._after) if pyramid is not None]
        if not sizes:
            self._set_viewport(replace(self._viewport, is_fit=True).with_photo(1, 1))
        else:
            size = max(sizes, key=QSize.width) if self._photo_size.isEmpty() else self._photo_size
            old = self._viewport
            shape = (size.width() * old.photo_height) / (size.height() * old.photo_width)
            same = abs(shape - 1) < _SAME_SHAPE
            self._set_viewport((old if same else old.fitted()).with_photo(size.width(), size.height()))
        self._place_handle()
        self.update()

    # ------------------------------------------------------------------------------------------------------------- zoom

    @property
    def viewport(self) -> Viewport:
        """What is seen where, as numbers."""
        return self._viewport

    @property
    def zoom_percent(self) -> float:
        return self._viewport.zoom * 100

    @Slot()
    def zoom_to_fit(self) -> None:
        self.move_to(self._viewport.fitted())

    def zoom_to(self, percent: float, anchor: QPointF | None = None) -> None:
        """Within the limits, keeping the place under `anchor` (of the widget; the middle if None) where it is."""
        place = anchor or QPointF(self._viewport.view_width / 2, self._viewport.view_height / 2)
        self.move_to(self._viewport.zoomed(percent / 100, place.x(), place.y()))

    @Slot()
    def zoom_in(self) -> None:
        self.move_to(self._viewport.zoomed_in())

    @Slot()
    def zoom_out(self) -> None:
        self.move_to(self._viewport.zoomed_out())

    def move_to(self, viewport: Viewport) -> None:
        """Show that part of the photo; painted quickly now and carefully when the hand rests."""
        if self.has_picture and viewport != self._viewport:
            self._is_moving = True
            self._rest.start()
            self._set_viewport(viewport)

    def bring_into_sight(self, place: QPointF) -> None:
        """Pan just as far as is needed to see a place of the photo."""
        left, top, right, bottom = self._viewport.visible
        x, y = self._viewport.to_view(place.x(), place.y())
        self.move_to(self._viewport.panned(min(max(x, left), right) - x, min(max(y, top), bottom) - y))

    def photo_to_widget(self, place: QPointF) -> QPointF:
        return QPointF(*self._viewport.to_view(place.x(), place.y()))

    def widget_to_photo(self, place: QPointF) -> QPointF:
        """Outside 0..1 beside the photo."""
        return QPointF(*self._viewport.to_photo(place.x(), place.y()))

    def _set_viewport(self, viewport: Viewport) -> None:
        old, self._viewport = self._viewport, viewport
        if viewport == old:
            return
        self._place_handle()
        self.update()
        self.view_changed.emit()
        if not math.isclose(viewport.zoom, old.zoom):
            self._describe()
            self.zoom_changed.emit(self.zoom_percent)

    @Slot()
    def rest_now(self) -> None:
        """The hand rests: paint in full quality."""
        self._rest.stop()
        self._is_moving = False
        self.update()

    # ---------------------------------------------------------------------------------------------------------- divider

    @property
    def divider(self) -> float:
        """0..1 from the left to the right end of the part of the photo that is seen."""
        return self._fraction

    @property
    def divider_px(self) -> float:
        """The line's x in the widget."""
        left, _, right, _ = self._viewport.visible
        return left + self._fraction * (right - left)

    @property
    def has_divider(self) -> bool:
        """There are two pictures to be told apart, and they are."""
        return self._has_both and not self._original_alone

    @property
    def _has_both(self) -> bool:
        return self._before is not None and self._after is not None

    def set_divider(self, fraction: float) -> None:
        """Values outside 0..1 become the nearer end."""
        fraction = min(max(fraction, 0.0), 1.0)
        if fraction != self._fraction:
            self._fraction = fraction
            self._place_handle()
            self.update()
            self._describe()
            self.divider_moved.emit(fraction)

    @Slot(float)
    def grab_divider(self, x: float) -> None:
        """The pointer took hold of the line at x; the line does not jump to it."""
        self._grabbed_off_px = x - self.divider_px

    @Slot(float)
    def drag_divider(self, x: float) -> None:
        """The pointer that holds the line is at x."""
        left, _, right, _ = self._viewport.visible
        self.set_divider((x - self._grabbed_off_px - left) / max(1.0, right - left))

    @property
    def divider_handle(self) -> QWidget:
        """For those who lie over the view: the pointer must reach it, and Tab comes here after the view."""
        return self._handle

    @Slot()
    def _centre_divider(self) -> None:
        self.set_divider(0.5)

    @Slot(int)
    def _handle_moved(self, value: int) -> None:
        if value != round(self._fraction * STEPS):
            self.set_divider(value / STEPS)

    def _place_handle(self) -> None:
        self._handle.setValue(round(self._fraction * STEPS))
        _, top, _, bottom = self._viewport.visible
        self._handle.move(round(self.divider_px - SIZE_PX / 2), round((top + bottom) / 2 - SIZE_PX / 2))
        # Not hidden while the original is looked at: it would lose the focus, and nobody heard the key's release.
        self._handle.setVisible(self._has_both)
        self._handle.show_faded(self._original_alone)

    def show_original_alone(self, alone: bool) -> None:
        """While a key is held: the original without divider, or both again."""
        if alone != self._original_alone and (self._before is not None or not alone):
            self._original_alone = alone
            self._place_handle()
            self.update()
            self.original_shown.emit(alone)

    @property
    def holds_hand(self) -> bool:
        """A key is held that lets every drag pan."""
        return self._navigation.holds_hand

    @property
    def is_original_alone(self) -> bool:
        return self._original_alone

    def _describe(self) -> None:
        words = f"Zoom {self.zoom_percent:.0f} %"
        if self.has_divider:
            words += f", divider at {self._fraction * 100:.0f} %"
        self.setAccessibleDescription(words)

    # --------------------------------------------------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.devicePixelRatioF() != self._viewport.device_ratio:  # the window came to another screen
            self._fill_view()
        painter = QPainter(self)
        around = theme_of(self).color("well")
        if not self.has_picture:
            painter.fillRect(event.rect(), around)
        elif self._after is None or self._before is None or self._original_alone:
            self._paint_side(
                painter, "after" if self._before is None else "before", around, 0.0, self._viewport.view_width
            )
        else:
            self._paint_both(painter, around)
        if self._ring_seen and self.hasFocus():
            painter.setPen(QPen(theme_of(self).color("accent_text"), 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_both(self, painter: QPainter, around: QColor) -> None:
        x = self.divider_px
        _, top, _, bottom = self._viewport.visible
        self._paint_side(painter, "before", around, 0.0, x)
        self._paint_side(painter, "after", around, x, self._viewport.view_width)
        paint_line(painter, x, top, bottom)

    def _paint_side(self, painter: QPainter, side: str, around: QColor, start: float, end: float) -> None:
        """The columns from `start` to `end` of the widget, in logical pixels."""
        pyramid = self._before if side == "before" else self._after
        ratio = self._viewport.device_ratio
        lo, hi = round(start * ratio), round(end * ratio)
        if pyramid is None or lo >= hi:
            return
        image = self._frames[side].columns(pyramid, self._viewport, around, not self._is_moving, lo, hi)
        target = QRectF(lo / ratio, 0, (hi - lo) / ratio, image.height() / ratio)
        painter.drawImage(target, image, QRectF(lo, 0, hi - lo, image.height()))

    # ----------------------------------------------------------------------------------------------------------- events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.labels.setGeometry(self.rect())
        self._fill_view()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring_seen = event.reason() in _BY_KEY
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._ring_seen = False
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.update()
        super().changeEvent(event)

    def _fill_view(self) -> None:
        self._set_viewport(self._viewport.resized(self.width(), self.height(), self.devicePixelRatioF()))

    def close_pictures(self) -> None:
        """Stop the threads that still halve pictures; called when the window closes."""
        self.clear()


def _colour_at(pyramid: Pyramid | None, place: QPointF) -> QColor | None:
    if pyramid is None or not (0 <= place.x() <= 1 and 0 <= place.y() <= 1):
        return None
    image = pyramid.image
    reach = max(1, image.width() // 400)
    x, y = int(place.x() * (image.width() - 1)), int(place.y() * (image.height() - 1))
    around = QRect(x - reach, y - reach, 2 * reach + 1, 2 * reach + 1) & image.rect()
    mean = image.copy(around).scaled(1, 1, mode=Qt.TransformationMode.SmoothTransformation)
    return mean.pixelColor(0, 0)
