"""The setting `upscale.factor` as a row: the choice, and below it how large the photo becomes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from desktop_app.recipe_panel.rows import ChoiceRow
from desktop_app.theme import set_role
from engine.steps.step import Setting
from engine.steps.upscale import LARGEST_MEGAPIXELS

DOTS_PER_CM = 300 / 2.54
"""At this density prints are called sharp."""
_TOO_LARGE = f"That would be more than {LARGEST_MEGAPIXELS} megapixels."


class FactorRow(ChoiceRow):
    """Needs the size of the photo that is looked at."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self._size: tuple[int, int] | None = None
        self.result = QLabel(self, wordWrap=True)
        set_role(self.result, "quiet")
        self.result.hide()
        self.column.addWidget(self.result)
        self.choice.currentTextChanged.connect(self._show)

    def show_size(self, size: tuple[int, int] | None) -> None:
        self._size = size
        self._show()

    def _show(self) -> None:
        self.result.setVisible(self._size is not None)
        if self._size is not None:
            self.result.setText(sentence(self._size, int(self.choice.currentText())))


def sentence(size: tuple[int, int], factor: int) -> str:
    """What a photo of that width and height becomes."""
    width, height = (side * factor for side in size)
    if width * height > LARGEST_MEGAPIXELS * 1e6:
        return _TOO_LARGE
    across, up = (_centimetres(side) for side in (width, height))
    return f"{width} × {height} pixels: {across} × {up} cm in print"


def _centimetres(side_px: int) -> str:
    length = side_px / DOTS_PER_CM
    return f"{length:.0f}" if length >= 9.95 else f"{length:.1f}"
