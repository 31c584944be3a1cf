"""Colour for a colourless photo: found small by a generator, carried to full size along the photo's own luma."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.border import paper_border
from engine.carrier import carrier
from engine.color import lab_to_srgb, srgb_to_lab, to_srgb_small
from engine.colourless import is_colourless
from engine.hints import Hint
from engine.photo import Photo
from engine.progress import CancelToken, Report, ignore
from engine.relight import relit
from engine.steps.step import Analysis, StepSettings, Tools, setting

Plane = NDArray[np.float32]

GUIDE_SCALE = 110.0
SMALLEST_PX = 8
LARGEST_ENLARGEMENT = 2.0
LARGEST_AREA = 4
LARGEST_PADDED_PIXELS = 512 * 512 * 3 // 2
PADDED_TO_PX = 32
"""Generators pad the sides up to about this, and their memory grows with the square of the padded area."""
WARMTH = (2.0, 9.0)
ALREADY_COLOUR = (
    "It is already in colour, so its colours were left alone; “Colour again” (colorize.force) replaces them."
)
ALREADY_COLOUR_WITH_HINTS = (
    "It is already in colour, so its colours and the hints were left alone; "
    "“Colour again” (colorize.force) replaces its colours and follows the hints."
)
TAKES_NO_HINTS = "“{title}” takes no hints, so the photo was coloured without them; another generator may follow them."


@dataclass(frozen=True)
class ColorizeSettings(StepSettings):
    """How a colourless photo is coloured."""

    step = "colorize"
    strength: float = setting(
        1.0,
        "Strength",
        "How much of the found colour is laid over the photo; 0 leaves it as it is.",
        between=(0.0, 1.0),
        main=True,
    )
    saturation: float = setting(
        1.0, "Saturation", "How strong the colours are; above 1 they glow, below 1 they fade.", between=(0.0, 2.0)
    )
    temperature: float = setting(
        0.0, "Warmth", "Makes the found colours warmer (above 0) or cooler (below 0).", between=(-1.0, 1.0)
    )
    working_size: int = setting(
        256,
        "Working size",
        "Short side at which colours are looked for; larger sees small things, smaller sees the whole.",
        between=(160, 512),
        unit="px",
        slow=True,
    )
    force: bool = setting(
        False, "Colour again", "Colours a photo that already has colour, in place of the colour it has.", slow=True
    )


def working_shape(height: int, width: int, working_size: int) -> tuple[int, int]:
    """Height and width in pixels at which a photo of `height` x `width` is shown to the generator.

    The short side becomes `working_size`; a strip or panorama gets less, so that its area with both sides rounded up to 32
    stays within 4 · working_size² and LARGEST_PADDED_PIXELS; a tiny photo is at most doubled; no side is below 8.
    """
    most = min(LARGEST_AREA * working_size**2, LARGEST_PADDED_PIXELS)
    scale = min(working_size / min(height, width), most / PADDED_TO_PX / max(height, width), LARGEST_ENLARGEMENT)
    scale = min(scale, math.sqrt(most / (height * width)))
    while True:
        down, across = (max(SMALLEST_PX, round(side * scale)) for side in (height, width))
        if _padded(down) * _padded(across) <= most:
            return down, across
        scale *= 0.99


def _padded(side: int) -> int:
    return -(-side // PADDED_TO_PX) * PADDED_TO_PX


def guide_of(hints: tuple[Hint, ...], height: int, width: int) -> Plane:
    """(height, width, 3): a*/110, b*/110 and 1 on the square of each hint; a later hint lies over an earlier one."""
    guide = np.zeros((height, width, 3), np.float32)
    for hint in hints:
        lab = srgb_to_lab(np.array(hint.srgb, np.float32))
        top, left = (max(0, round(part * side - hint.size / 2)) for part, side in ((hint.y, height), (hint.x, width)))
        top, left = min(top, max(0, height - hint.size)), min(left, max(0, width - hint.size))
        guide[top : top + hint.size, left : left + hint.size] = (lab[1] / GUIDE_SCALE, lab[2] / GUIDE_SCALE, 1)
    return guide


class Colorize:
    """The step `colorize`; see step.Step."""

    name = "colorize"
    title = "Colour"
    sentence = "Gives a black-and-white or sepia photo natural colours."
    settings = ColorizeSettings
    kind: str | None = "colorize"
    uses_hints = True

    def analyse(self, photo: Photo, settings: ColorizeSettings, tools: Tools) -> Analysis:
        """Find a*, b* of the photo: arrays "chroma" (h, w, 2) float16 and, if the generator says how sure it is, "map" (h, w)."""
        if not settings.force and not is_colourless(photo):
            return Analysis(
                self.name,
                values={"already_colour": True},
                note=ALREADY_COLOUR_WITH_HINTS if tools.hints else ALREADY_COLOUR,
            )
        tools.cancel.check()
        generator = tools.generator("colorize")
        height, width = working_shape(photo.height, photo.width, settings.working_size)
        lab = srgb_to_lab(to_srgb_small(photo, height, width))
        lab[..., 1:] = 0
        guide = guide_of(tools.hints if generator.takes_guide else (), height, width)
        restored = generator.run(lab_to_srgb(lab), guide=guide, report=tools.report, cancel=tools.cancel)
        chroma = srgb_to_lab(restored.image)[..., 1:]
        chroma[_paper(lab[..., 0]) & (guide[..., 2] == 0)] = 0
        arrays: dict[str, NDArray[np.generic]] = {"chroma": chroma.astype(np.float16)}
        if restored.map is not None:
            arrays["map"] = restored.map.astype(np.float16)
        unheard = bool(tools.hints) and not generator.takes_guide
        note = TAKES_NO_HINTS.format(title=generator.card.title) if unheard else ""
        return Analysis(self.name, arrays, {"already_colour": False}, note)

    def apply(
        self, photo: Photo, analysis: Analysis, settings: ColorizeSettings, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """Lay the found chroma over the photo; its L* stays. A grey file becomes RGB in sRGB; depth and alpha stay."""
        if analysis.values["already_colour"] or settings.strength == 0:
            return photo
        carry = carrier(photo, analysis, analysis.arrays["chroma"])
        strength, saturation = np.float32(settings.strength), np.float32(settings.saturation)

        def coloured(lightness: Plane, a: Plane, b: Plane, top: int) -> tuple[Plane, Plane, Plane]:
            new = carry.rows(lightness, top)
            for plane, own, warm in zip(new, (a, b), WARMTH, strict=True):
                plane *= saturation
                if settings.temperature:
                    plane += _middle(lightness) * np.float32(warm * settings.temperature)
                if strength < 1:
                    plane -= own
                    plane *= strength
                    plane += own
            return lightness, new[0], new[1]

        needs_chroma = settings.strength < 1
        return relit(photo, coloured, cancel, needs_chroma=needs_chroma, report=report, stage=self.title)


def _middle(lightness: Plane) -> Plane:
    """1 at L* 50, 0 at black and white: warmth moves the middle tones and leaves paper white."""
    return lightness * (100 - lightness) * np.float32(4e-4)


def _paper(lightness: Plane) -> NDArray[np.bool_]:
    """(H, W): True on the white paper round a print, which has no colour to find."""
    border = paper_border(lightness)
    paper = np.full(lightness.shape, border is not None)
    if border is not None:
        paper[border.inside(*lightness.shape)] = False
    return paper


COLORIZE = Colorize()
