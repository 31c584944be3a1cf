"""A Hint: a place in a photo and the colour the user says it has."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import SettingInvalid, shortened


@dataclass(frozen=True)
class Hint:
    """x, y: 0..1 of the upright photo's width and height (its pixel centre is (x·W − ½, y·H − ½)).

    colour: sRGB "#rrggbb"; only its a*, b* matter, the photo keeps its own lightness. Grey ("#808080") says "this has no colour".
    size: side of the marked square in pixels at working size.
    """

    x: float
    y: float
    colour: str
    size: int = 8

    def __post_init__(self) -> None:
        if not (0.0 <= self.x <= 1.0 and 0.0 <= self.y <= 1.0):
            raise SettingInvalid(
                "hint", f"the place ({shortened(str(self.x))}, {shortened(str(self.y))}) is outside the photo"
            )
        digits = self.colour.removeprefix("#")
        if len(self.colour) != 7 or len(digits) != 6 or any(d not in "0123456789abcdefABCDEF" for d in digits):
            raise SettingInvalid("hint", f"“{shortened(self.colour)}” is not a colour like #a04020")
        if not 1 <= self.size <= 64:
            raise SettingInvalid("hint", f"a size of {shortened(str(self.size))} pixels is not between 1 and 64")

    @property
    def srgb(self) -> tuple[float, float, float]:
        """The colour as sRGB 0..1."""
        red, green, blue = (int(self.colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        return red, green, blue
