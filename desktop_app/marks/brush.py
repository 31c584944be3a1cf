"""The brush in the hand: which of the two tools it is, how large and how soft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

SMALLEST, LARGEST = 0.001, 0.25
"""Diameters, as shares of the photo's long side: two pixels of a preview, and a quarter of the photo."""
_LARGER = 1.2
_SOFTER = 0.1


class Tool(Enum):
    """What a stroke says of the places it passes; the value is the tool's action in the table."""

    BRUSH = "brush"
    ERASER = "eraser"

    @property
    def other(self) -> Tool:
        return Tool.ERASER if self is Tool.BRUSH else Tool.BRUSH

    @property
    def word(self) -> str:
        return {Tool.BRUSH: "Brush", Tool.ERASER: "Eraser"}[self]


@dataclass(frozen=True)
class Brush:
    """diameter: share of the photo's long side. softness: 0 is a hard edge, 1 fades from the middle on."""

    diameter: float = 0.012
    softness: float = 0.3

    @classmethod
    def from_text(cls, text: str) -> Brush:
        """As `text` writes it; the usual one where somebody has broken it."""
        try:
            diameter, softness = (float(part) for part in text.split(";"))
        except ValueError:
            return cls()
        known = SMALLEST <= diameter <= LARGEST and 0 <= softness <= 1
        return cls(diameter, softness) if known else cls()

    @property
    def text(self) -> str:
        """For the settings."""
        return f"{self.diameter:.5f};{self.softness:.3f}"

    def larger(self, steps: float = 1.0) -> Brush:
        """Or smaller, where `steps` is negative."""
        return replace(self, diameter=min(max(self.diameter * _LARGER**steps, SMALLEST), LARGEST))

    def softer(self, steps: float = 1.0) -> Brush:
        """Or harder."""
        return replace(self, softness=round(min(max(self.softness + steps * _SOFTER, 0.0), 1.0), 3))

    def words(self, long_side_px: int) -> str:
        """Size and softness, for a photo of that long side."""
        return f"{self.pixels(long_side_px)} px, {self.softness * 100:.0f} % soft"

    def pixels(self, long_side_px: int) -> int:
        """Its diameter on a photo of that long side, at least 1."""
        return max(1, round(self.diameter * long_side_px))
