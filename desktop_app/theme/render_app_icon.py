"""Draws the application's icon: starch grains of an autochrome plate, grey before and coloured after. Run to make it anew.

python -m desktop_app.theme.render_app_icon
"""

from __future__ import annotations

import math
import os
import random
from dataclasses import dataclass
from pathlib import Path

from engine.assets import asset

_SIDE = 512
_CORNER = 112
_EDGE = 30.0
_PLATE = "#1b1815"
_GRAINS = ("#ee6236", "#6fae58", "#6d62cf")
"""Orange-red, green and blue-violet: the three dyes of the starch."""
_GREYS = ("#dcd6ce", "#a59f97", "#6f6963")
"""The same three as the eye would rank them without colour."""
_SMALL_PX = (16, 20, 24, 32)
_LARGE_PX = (48, 64, 128, 256, 512)


@dataclass(frozen=True)
class _Grain:
    x: float
    y: float
    radius: float


def main() -> None:
    """Write the drawings and every size of them beside the other icons."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    folder = asset("icons", "app")
    folder.mkdir(exist_ok=True)
    drawings = {
        "autochrome.svg": drawing(_packed(smallest=11.0, largest=33.0, gap=4.5), line_px=7),
        "autochrome-small.svg": drawing(_few(), line_px=22),
    }
    for name, text in drawings.items():
        (folder / name).write_text(text, "utf-8")
    for sizes, name in ((_SMALL_PX, "autochrome-small.svg"), (_LARGE_PX, "autochrome.svg")):
        for size_px in sizes:
            _render(folder / name, folder / f"autochrome-{size_px:03d}.png", size_px)
    pictures = [Image.open(folder / f"autochrome-{size_px:03d}.png") for size_px in (*_SMALL_PX, *_LARGE_PX[:-1])]
    pictures[-1].save(
        folder / "autochrome.ico", append_images=pictures[:-1], sizes=[picture.size for picture in pictures]
    )
    Image.open(folder / "autochrome-512.png").save(folder / "autochrome.icns")
    application.quit()


def drawing(grains: list[_Grain], line_px: float) -> str:
    """The SVG: a dark plate with `grains`, those left of the line without their colour."""
    coloured = _dyed(grains)
    circles = []
    for grain, dye in zip(grains, coloured, strict=True):
        colour = (_GREYS if grain.x < _SIDE / 2 else _GRAINS)[dye]
        circles.append(f'<circle cx="{grain.x:.1f}" cy="{grain.y:.1f}" r="{grain.radius:.1f}" fill="{colour}"/>')
    plate = f'<rect width="{_SIDE}" height="{_SIDE}" rx="{_CORNER}" fill="{_PLATE}"/>'
    left, height = (_SIDE - line_px) / 2, _SIDE - 2 * _EDGE
    line = f'<rect x="{left}" y="{_EDGE}" width="{line_px}" height="{height}" rx="{line_px / 2}" fill="#ffffff"/>'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">'
    return "\n".join([start, plate, *circles, line, "</svg>", ""])


def _dyed(grains: list[_Grain]) -> list[int]:
    """A dye for each grain: the one that is least seen around it, so that no colour clots."""
    dyes: list[int] = []
    for grain in grains:
        crowd = [0.0] * len(_GRAINS)
        for other, dye in zip(grains, dyes, strict=False):
            crowd[dye] += other.radius**2 / (1 + (grain.x - other.x) ** 2 + (grain.y - other.y) ** 2)
        dyes.append(crowd.index(min(crowd)))
    return dyes


def _few() -> list[_Grain]:
    """Six large grains, for sizes at which more would be dust."""
    return [_Grain(x, y, 66.0) for x in (144.0, 368.0) for y in (110.0, 256.0, 402.0)]


def _packed(*, smallest: float, largest: float, gap: float) -> list[_Grain]:
    """Grains thrown at the plate, the large ones first, each where it touches no other and not the line in the middle."""
    chance = random.Random(1907)  # the year the Lumières' plates were sold first
    grains: list[_Grain] = []
    radius = largest
    while radius >= smallest:
        for _ in range(4000):
            grain = _Grain(chance.uniform(0, _SIDE), chance.uniform(0, _SIDE), radius * chance.uniform(0.9, 1.0))
            if _lies_free(grain, grains, gap):
                grains.append(grain)
        radius *= 0.9
    return grains


def _lies_free(grain: _Grain, others: list[_Grain], gap: float) -> bool:
    edge = _EDGE + grain.radius
    if abs(grain.x - _SIDE / 2) < grain.radius + 2 * gap:
        return False
    if not (edge <= grain.x <= _SIDE - edge and edge <= grain.y <= _SIDE - edge):
        return False
    # In the corners the plate is round.
    inner = _CORNER
    across, down = inner - min(grain.x, _SIDE - grain.x), inner - min(grain.y, _SIDE - grain.y)
    if across > 0 and down > 0 and math.hypot(across, down) > inner - edge:
        return False
    return all(math.hypot(grain.x - o.x, grain.y - o.y) >= grain.radius + o.radius + gap for o in others)


def _render(source: Path, target: Path, size_px: int) -> None:
    from PySide6.QtCore import QRectF, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(source)).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    image.save(str(target))


if __name__ == "__main__":
    main()
