"""Paints one face of the list: its crop, where its treatment comes from, and the three words to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop_app.faces.model import ROW, FaceRow
from desktop_app.theme import Theme, theme_of
from desktop_app.theme.fonts import small
from desktop_app.theme.tokens import RADIUS, UNIT
from engine.face_wishes import TREATMENTS

ROW_PX = 9 * UNIT
CROP_PX = 7 * UNIT
_NARROW_CROP_PX = 5 * UNIT
"""Where the panel is so narrow that the words would not fit beside the usual one."""
_LEAST_WORDS_PX = 18 * UNIT
_EDGE_PX = UNIT // 2
_DOT_PX = 3
CROP = "crop"
"""The part of a row that is the picture; the others are of TREATMENTS."""


@dataclass(frozen=True)
class Places:
    """Where the parts of one row are."""

    ground: QRect
    crop: QRect
    words: QRect
    choices: dict[str, QRect]

    def part_at(self, spot: QPoint) -> str:
        """CROP, one of TREATMENTS, or "" beside them."""
        if self.crop.contains(spot):
            return CROP
        return next((word for word, place in self.choices.items() if place.contains(spot)), "")


def places(row: QRect, font: QFont) -> Places:
    """The parts of a row that lies at `row`, whose words are written in `font`."""
    ground = row.adjusted(0, 2, 0, -2)
    room = ground.width() - 2 * _EDGE_PX - UNIT
    side = CROP_PX if room - CROP_PX >= _LEAST_WORDS_PX else _NARROW_CROP_PX
    crop = QRect(ground.left() + _EDGE_PX, ground.top() + (ground.height() - side) // 2, side, side)
    left, right = crop.right() + 1 + UNIT, ground.right() + 1 - _EDGE_PX
    line = QFontMetrics(font).height()
    height = line + 12
    top = ground.top() + (ground.height() - line - _EDGE_PX - height) // 2
    bar = QRect(left, top + line + _EDGE_PX, right - left, height)
    return Places(ground, crop, QRect(left, top, right - left, line), _choices(bar, font))


def _choices(bar: QRect, font: QFont) -> dict[str, QRect]:
    """Each word gets what it needs and an equal share of what is left."""
    lengths = [QFontMetrics(font).horizontalAdvance(label(word)) for word in TREATMENTS]
    spare = (bar.width() - sum(lengths)) / len(lengths)
    found, left = {}, float(bar.left())
    for word, length in zip(TREATMENTS, lengths, strict=True):
        right = left + length + spare
        found[word] = QRect(round(left), bar.top(), round(right) - round(left), bar.height())
        left = right
    return found


def label(treatment: str) -> str:
    return treatment.capitalize()


class FacesDelegate(QStyledItemDelegate):
    """What is chosen for the face is filled with the accent; what it has without a choice is filled quietly; a dot stands under the
    word that the photo has for all of its faces."""

    pointer: QPoint | None = None
    """Where the pointer is over the list, None elsewhere; the list says so."""
    uses_keys = False
    """The hand works with keys, so that it must be seen where they are; the list says so."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(2 * CROP_PX, max(ROW_PX, 2 * QFontMetrics(option.font).lineSpacing() + 4 * UNIT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: FaceRow = index.data(ROW)
        widget = option.widget
        assert isinstance(widget, QWidget)
        theme, font = theme_of(widget), small(option.font)
        parts = places(option.rect, font)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        _paint_ground(painter, parts.ground, option, theme, self.uses_keys)
        _paint_crop(painter, parts.crop, index, theme)
        painter.setFont(font)
        painter.setPen(theme.color("text" if row.is_wished else "quiet"))
        words = QFontMetrics(font).elidedText(row.words, Qt.TextElideMode.ElideRight, parts.words.width())
        painter.drawText(parts.words, Qt.AlignmentFlag.AlignVCenter, words)
        self._paint_choices(painter, parts.choices, row, theme)
        painter.restore()

    def _paint_choices(self, painter: QPainter, choices: dict[str, QRect], row: FaceRow, theme: Theme) -> None:
        bar = QRect(choices[TREATMENTS[0]].topLeft(), choices[TREATMENTS[-1]].bottomRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("control"))
        painter.drawRoundedRect(bar, RADIUS, RADIUS)
        for word, place in choices.items():
            ground, ink = _colours(row, word, self.pointer is not None and place.contains(self.pointer))
            if ground:
                painter.setPen(QPen(theme.color("edge" if ground == "selection" else ground), 1))
                painter.setBrush(theme.color(ground))
                painter.drawRoundedRect(QRectF(place).adjusted(2.5, 2.5, -2.5, -2.5), RADIUS - 2, RADIUS - 2)
            painter.setPen(theme.color(ink))
            painter.drawText(place.adjusted(0, 0, 0, -_DOT_PX), Qt.AlignmentFlag.AlignCenter, label(word))
            if word == row.usual:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(ink))
                painter.drawEllipse(
                    QPointF(place.center().x() + 0.5, place.bottom() - _DOT_PX), _DOT_PX / 2, _DOT_PX / 2
                )


def _colours(row: FaceRow, word: str, is_pointed_at: bool) -> tuple[str, str]:
    """Names of the theme's colours behind and of a word; "" for what lies behind all of them."""
    if word != row.treatment:
        return "raised" if is_pointed_at else "", "text"
    return ("accent", "on_accent") if row.is_wished else ("selection", "text")


def _paint_ground(painter: QPainter, box: QRect, option: QStyleOptionViewItem, theme: Theme, uses_keys: bool) -> None:
    if option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
    if option.state & QStyle.StateFlag.State_HasFocus and uses_keys:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent_text"), 2))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), RADIUS, RADIUS)


def _paint_crop(painter: QPainter, place: QRect, index: QModelIndex | QPersistentModelIndex, theme: Theme) -> None:
    crop = index.data(Qt.ItemDataRole.DecorationRole)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(place), RADIUS, RADIUS)
    if crop is None:
        painter.fillPath(shape, theme.color("well"))
        return
    painter.save()
    painter.setClipPath(shape)
    painter.drawImage(place, crop)
    painter.restore()
