"""The second size of type, for those that paint their own words; labels have the role "small" for it."""

from __future__ import annotations

from PySide6.QtGui import QFont

_SMALLER = 0.9
_LEAST_PX = 10


def small(font: QFont) -> QFont:
    """`font`, a little smaller, whether its size is in points or in pixels."""
    found = QFont(font)
    if font.pixelSize() > 0:
        found.setPixelSize(max(_LEAST_PX, round(font.pixelSize() * _SMALLER)))
    else:
        found.setPointSizeF(font.pointSizeF() * _SMALLER)
    return found
