"""Paints one photo of the filmstrip: its small picture, name, and state as a sign and words."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.filmstrip.model import ITEM
from desktop_app.queue import QueueItem, State
from desktop_app.theme import Theme, theme_of
from desktop_app.theme.fonts import small

ROW_PX = 72
_PICTURE = QSize(72, 56)
_GAP = 8
_SIGN_PX = 10


class FilmstripDelegate(QStyledItemDelegate):
    """State is never told by colour alone: each has its own shape and its words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        lines = QFontMetrics(option.font).lineSpacing() + QFontMetrics(small(option.font)).lineSpacing()
        return QSize(200, max(ROW_PX, lines + 3 * _GAP))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        item: QueueItem = index.data(ITEM)
        widget = option.widget
        assert isinstance(widget, QWidget)
        theme = theme_of(widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = option.rect.adjusted(_GAP // 2, 2, -_GAP // 2, -2)
        _paint_ground(painter, box, option, theme)
        picture = QRect(
            box.left() + _GAP, box.top() + (box.height() - _PICTURE.height()) // 2, _PICTURE.width(), _PICTURE.height()
        )
        _paint_picture(painter, picture, item, theme)
        words = QRect(picture.right() + 12, box.top(), box.right() - picture.right() - 12 - _GAP, box.height())
        _paint_words(painter, words, item, option.font, theme)
        painter.restore()


def _paint_ground(painter: QPainter, box: QRect, option: QStyleOptionViewItem, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.setBrush(theme.color("selection"))
        painter.drawRoundedRect(box, 6, 6)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(theme.color("raised"))
        painter.drawRoundedRect(box, 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent_text"), 2))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 6, 6)


def _paint_picture(painter: QPainter, place: QRect, item: QueueItem, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    if item.thumbnail is None:
        painter.setBrush(theme.color("well"))
        painter.drawRoundedRect(place, 3, 3)
        return
    size = item.thumbnail.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(0, 0, max(1, size.width()), max(1, size.height()))
    target.moveCenter(place.center())
    painter.drawImage(target, item.thumbnail)


def _paint_words(painter: QPainter, place: QRect, item: QueueItem, font: QFont, theme: Theme) -> None:
    small_font = small(font)
    upper, lower = QFontMetrics(font).lineSpacing(), QFontMetrics(small_font).lineSpacing()
    top = place.top() + (place.height() - upper - lower - 2) // 2
    painter.setFont(font)
    painter.setPen(theme.color("text"))
    name = QFontMetrics(font).elidedText(item.name, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(QRect(place.left(), top, place.width(), upper), Qt.AlignmentFlag.AlignVCenter, name)
    line = QRect(place.left(), top + upper + 2, place.width(), lower)
    colour = theme.color(_COLOURS.get(item.state, "quiet"))
    paint_sign(painter, QPointF(line.left() + _SIGN_PX / 2, line.center().y() + 0.5), item, colour)
    painter.setFont(small_font)
    painter.setPen(colour)
    words = line.adjusted(_SIGN_PX + 6, 0, 0, 0)
    text = QFontMetrics(small_font).elidedText(item.words, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, text)
    if item.state is State.RUNNING:
        _paint_progress(painter, QRectF(place.left(), line.bottom() + 4, place.width(), 3), item.progress, theme)


def _paint_progress(painter: QPainter, bar: QRectF, share: float, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("track"))
    painter.drawRoundedRect(bar, 1.5, 1.5)
    painter.setBrush(theme.color("accent_text"))
    painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(3.0, bar.width() * share), bar.height()), 1.5, 1.5)


_COLOURS = {State.DONE: "done", State.FAILED: "error", State.RUNNING: "text"}


def paint_sign(painter: QPainter, centre: QPointF, item: QueueItem, colour: QColor) -> None:
    """The sign of a state, 10 px: ring (not yet), dots (waiting), triangle (at work), tick, cross, bar (stopped)."""
    x, y = centre.x(), centre.y()
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    state = item.state
    if state is State.DONE and item.is_up_to_date:
        painter.drawPolyline(QPolygonF([QPointF(x - 4, y), QPointF(x - 1, y + 3), QPointF(x + 4, y - 3.5)]))
    elif state is State.FAILED:
        painter.drawLine(QPointF(x - 3, y - 3), QPointF(x + 3, y + 3))
        painter.drawLine(QPointF(x - 3, y + 3), QPointF(x + 3, y - 3))
    elif state is State.RUNNING:
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF([QPointF(x - 2.5, y - 3.5), QPointF(x - 2.5, y + 3.5), QPointF(x + 3.5, y)]))
    elif state is State.WAITING:
        painter.setBrush(colour)
        for step in (-3.5, 0.0, 3.5):
            painter.drawEllipse(QPointF(x + step, y), 0.5, 0.5)
    elif state in (State.STOPPED, State.SKIPPED):
        painter.drawLine(QPointF(x - 3, y), QPointF(x + 3, y))
    else:
        painter.drawEllipse(QPointF(x, y), 3.2, 3.2)
