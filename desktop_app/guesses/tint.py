"""How sure the colours are as a picture to lay over the photo: clear where they are, tinted where likely, hatched where guessed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter

SURE, LIKELY, GUESSED = 0.85, 0.5, 0.15
"""What the three words of the legend stand for, 0..1 as "known" of an analysis."""
_CLEAR_FROM, _FULL_TO = 0.75, 0.2
_STRONGEST = 0.5
_HATCHED_BELOW, _HATCH_FULL_TO = 0.45, 0.25
_HATCH_PX = 14
_LINE_PX = 1.2
_LIGHT_ALPHA, _DARK_ALPHA = 0.5, 0.4


@dataclass(frozen=True)
class GuessPicture:
    """Both at the map's own size, Format_ARGB32_Premultiplied: the tint, and how strongly the hatching shows (its alpha)."""

    tint: QImage
    hatching: QImage


def guess_picture(sure: NDArray[np.generic], colour: QColor) -> GuessPicture:
    """Of a map (h, w) 0..1. colour: of the tint."""
    map_ = sure.astype(np.float32)
    return GuessPicture(
        _filled(_ramp(map_, _CLEAR_FROM, _FULL_TO) * np.float32(_STRONGEST), colour),
        _filled(_ramp(map_, _HATCHED_BELOW, _HATCH_FULL_TO), QColor(0, 0, 0)),
    )


def layer(picture: GuessPicture, size: QSize, photo: QRectF, device_ratio: float) -> QImage:
    """What lies over a view of `size` logical pixels in which the photo fills `photo`: scaled smoothly, hatched evenly."""
    tinted = _scaled(picture.tint, size, photo, device_ratio)
    hatched = _hatched(size, device_ratio)
    painter = QPainter(hatched)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, _scaled(picture.hatching, size, photo, device_ratio))
    painter.end()
    painter = QPainter(tinted)
    painter.drawImage(0, 0, hatched)
    painter.end()
    return tinted


def sample(sure: float, size: QSize, colour: QColor, device_ratio: float) -> QImage:
    """A patch of the layer where the generator is as sure as that, for the legend."""
    picture = guess_picture(np.full((2, 2), sure, np.float32), colour)
    return layer(picture, size, QRectF(0, 0, size.width(), size.height()), device_ratio)


def _ramp(sure: NDArray[np.float32], nothing_at: float, full_at: float) -> NDArray[np.float32]:
    """0 at `nothing_at` and above, 1 at `full_at` and below, even between."""
    return np.clip((np.float32(nothing_at) - sure) / np.float32(nothing_at - full_at), 0, 1)


def _filled(alpha: NDArray[np.float32], colour: QColor) -> QImage:
    height, width = alpha.shape
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    rows = np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
    for channel, value in enumerate((colour.blue(), colour.green(), colour.red(), 255)):
        rows[..., channel] = np.round(alpha * value)
    return image


def _empty(size: QSize, device_ratio: float) -> QImage:
    image = QImage(size * device_ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(device_ratio)
    image.fill(Qt.GlobalColor.transparent)
    return image


def _scaled(picture: QImage, size: QSize, photo: QRectF, device_ratio: float) -> QImage:
    image = _empty(size, device_ratio)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipRect(photo)
    painter.drawImage(photo, picture)
    painter.end()
    return image


def _hatched(size: QSize, device_ratio: float) -> QImage:
    """Slanting lines, light with a dark side: seen on dark and on light places, and by those who see no colours."""
    period = max(4, round(_HATCH_PX * device_ratio))
    across = np.arange(period)
    # From the middle of the light line, at a right angle to it, in logical pixels.
    away = ((across[:, None] + across + period / 2) % period - period / 2) / math.sqrt(2) / device_ratio
    light = _LIGHT_ALPHA * np.clip(_LINE_PX - np.abs(away), 0, 1)
    dark = _DARK_ALPHA * np.clip(_LINE_PX - np.abs(away - _LINE_PX), 0, 1)
    tile = QImage(period, period, QImage.Format.Format_ARGB32_Premultiplied)
    rows = np.frombuffer(tile.bits(), np.uint8).reshape(period, period, 4)
    rows[..., :3] = np.round(light * 255)[..., None]
    rows[..., 3] = np.round((light + dark * (1 - light)) * 255)
    image = QImage(size * device_ratio, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.fillRect(image.rect(), QBrush(tile))
    painter.end()
    image.setDevicePixelRatio(device_ratio)
    return image
