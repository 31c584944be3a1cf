"""Tone of a faded photo: what a generator makes of a small copy, laid over the photo as curves that differ from place to place.

The generator sees the whole photo, small, and answers it as it was on its first day. The curves that lead there (local_curves.py)
are all that is taken from it: nothing can be drawn, and a photo of any size and depth gets them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color import lab_to_srgb, srgb_to_lab, to_srgb_small
from engine.colourless import is_colourless
from engine.errors import GeneratorBroken, SettingInvalid
from engine.local_curves import LocalCurves
from engine.neutral import grey_of, light_of
from engine.photo import Photo, Pixels
from engine.progress import CancelToken, Progress, Report, ignore
from engine.relight import STRIP_PIXELS, is_grey_valued, ramp, relit
from engine.steps.step import Analysis, StepSettings, Tools, setting
from engine.tone_curve import STEPS, contrasted, points_of, smooth, taken

Plane = NDArray[np.float32]

WIDEST = 16
"""A panorama is looked at as if it were no longer than so many times its height."""
CURVE_POINTS = 33
"""Of the curve of lightness that is shown: L* 0 to 100."""
MISREAD, MEANT = 0.004, 0.012
"""Root mean square of a change, sRGB 0..1: of good photographs a generator would change about as much as the first for nothing;
what has really faded, it changes by more than the second."""


@dataclass(frozen=True)
class ToneSettings(StepSettings):
    """What is done about fading, flatness and cast."""

    step = "tone"
    fading: float = setting(
        1.0,
        "Fading",
        "Brings back the deep blacks, clear whites and even light that time took; 0 leaves them.",
        between=(0.0, 1.0),
        main=True,
    )
    contrast: float = setting(
        0.0,
        "Contrast",
        "Sets light and dark further apart in the middle tones, where the curve is not your own.",
        between=(0.0, 1.0),
        main=True,
    )
    cast: float = setting(
        1.0,
        "Cast",
        "Takes yellowing, sepia or another colour of age out and brings faded colours back; 0 leaves all colour as it is.",
        between=(0.0, 1.0),
        main=True,
    )
    curve: str = setting(
        "",
        "Curve",
        "A curve of your own from dark to light in the place of the one that was found: points of lightness, 0:0 35:28 100:100.",
        by_eye=True,
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "curve", self.curve.strip())
        try:
            points_of(self.curve)
        except ValueError as error:
            raise SettingInvalid("tone.curve", str(error)) from None


class Tone:
    """The step `tone`; see step.Step."""

    name = "tone"
    title = "Tone"
    sentence = "Freshens a faded photo: deeper blacks, clearer whites, even light, less yellowing."
    settings = ToneSettings
    kind = "tone"
    uses_hints = False
    uses_marks = False
    uses_faces = False

    def analyse(self, photo: Photo, settings: ToneSettings, tools: Tools) -> Analysis:
        """What became of the photo's tones.

        arrays: "curves", the knots of LocalCurves, of one channel for a photo without colour of its own, which the generator
        is shown in neutral grey; "light" (CURVE_POINTS,), L* after for L* before, in the mean over the photo. values: "middle",
        the median L* after; "colourless", and of those "grey", that it has no tone either.
        """
        tools.cancel.check()
        generator = tools.generator("tone")
        if generator.card.scale != 1 or not generator.card.working_size:
            raise GeneratorBroken(generator.card.name, "it must answer a small photo as large as it is")
        return found(
            photo,
            lambda small: generator.run(small, report=tools.report, cancel=tools.cancel).image,
            generator.card.working_size,
        )

    def apply(
        self, photo: Photo, analysis: Analysis, settings: ToneSettings, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """Lay curves, contrast and cast over the photo; a grey file stays grey; depth, space and alpha stay."""
        wish = _Wish.of(analysis, settings)
        if wish.is_nothing:
            return photo
        if photo.has_one_channel:
            result = _grey(photo, wish, cancel, report, self.title)
        else:
            result = relit(
                photo,
                lambda lightness, a, b, top: wish.done(lightness, a, b, top, photo.height),
                cancel,
                needs_chroma=not (wish.colourless and wish.cast == 1),
                report=report,
                stage=self.title,
            )
        return photo if np.array_equal(result.pixels, photo.pixels) else result


def found(photo: Photo, freshen: Callable[[Plane], Plane], working_px: int) -> Analysis:
    """The step's Analysis of a photo. freshen: a small picture (h, w, 3), sRGB 0..1, short side `working_px` -> as it should be."""
    scale = working_px / min(photo.height, photo.width)
    height, width = (max(1, min(round(side * scale), WIDEST * working_px)) for side in (photo.height, photo.width))
    before = to_srgb_small(photo, height, width)
    grey = is_grey_valued(photo.pixels)
    colourless = grey or is_colourless(photo)
    if colourless:
        before = np.repeat(grey_of(srgb_to_lab(before)[..., :1]), 3, 2)
    after = _meant(before, freshen(before))
    old, new = srgb_to_lab(before)[..., 0], srgb_to_lab(after)[..., 0]
    shown = (grey_of(old[..., None]), grey_of(new[..., None])) if colourless else (before, after)
    arrays: dict[str, NDArray[np.generic]] = {
        "curves": LocalCurves.fitted(*shown).knots,
        "light": _mean_curve(old, new),
    }
    values: dict[str, bool | int | float | str] = {
        "middle": float(np.median(new)),
        "colourless": colourless,
        "grey": grey,
    }
    return Analysis(Tone.name, arrays, values)


def _meant(before: Plane, after: Plane) -> Plane:
    """`after`, or less of the change where so little changes that a fine photo may have been misread."""
    change = float(np.sqrt(np.mean((after - before) ** 2)))
    share = np.interp(change, (MISREAD, MEANT), (0.0, 1.0))
    return before + np.float32(share) * (after - before)


def light_curve(analysis: Analysis, settings: ToneSettings) -> Plane:
    """(CURVE_POINTS,): L* after for L* before, 0 to 100, in the mean over the photo: what the curve on the card shows."""
    before = np.linspace(0, 100, CURVE_POINTS)
    if settings.curve:
        return smooth(points_of(settings.curve), before).astype(np.float32)
    after = _unfaded(analysis, settings.fading)
    if settings.contrast:
        after = contrasted(after, float(analysis.values["middle"]), settings.contrast)
    return after.astype(np.float32)


def _unfaded(analysis: Analysis, fading: float) -> NDArray[np.float64]:
    """(CURVE_POINTS,): L* after that much of what was found."""
    before = np.linspace(0, 100, CURVE_POINTS)
    return np.asarray(before + fading * (analysis.arrays["light"].astype(np.float64) - before))


@dataclass(frozen=True, eq=False)
class _Wish:
    """What is to be done to each pixel. table: L* after for L* after fading; None where they are the same."""

    curves: LocalCurves
    fading: float
    cast: float
    colourless: bool
    grey: bool
    table: Plane | None

    @classmethod
    def of(cls, analysis: Analysis, settings: ToneSettings) -> _Wish:
        table: Plane | None = None
        light = np.linspace(0, 100, STEPS + 1)
        if settings.curve:
            # What was found for the whole photo is taken back, what was found for places stays.
            plain = np.linspace(0, 100, CURVE_POINTS)
            rising = np.maximum.accumulate(_unfaded(analysis, settings.fading) + 1e-6 * plain)
            table = smooth(points_of(settings.curve), np.interp(light, rising, plain)).astype(np.float32)
        elif settings.contrast:
            table = contrasted(light, float(analysis.values["middle"]), settings.contrast).astype(np.float32)
        curves = LocalCurves(analysis.arrays["curves"].astype(np.float32))
        return cls(
            curves,
            settings.fading,
            settings.cast,
            bool(analysis.values["colourless"]),
            bool(analysis.values["grey"]),
            table,
        )

    @property
    def is_nothing(self) -> bool:
        same_light = self.fading == 0 or self.curves.is_identity
        same_colour = self.cast == 0 or (self.grey if self.colourless else self.curves.is_identity)
        return same_light and same_colour and self.table is None

    def done(self, lightness: Plane, a: Plane, b: Plane, top: int, height: int) -> tuple[Plane, Plane, Plane]:
        """L*, a*, b* (n, W) of the rows from `top` on of a photo of `height` rows, as they shall be."""
        cast = np.float32(self.cast)
        if self.colourless:  # what colour there is is all cast
            light = light_of(self.curves.applied(grey_of(lightness[..., None]), top, height))[..., 0]
            a, b = a * (1 - cast), b * (1 - cast)
        else:
            lab = srgb_to_lab(self.curves.applied(lab_to_srgb(np.stack([lightness, a, b], -1)), top, height))
            light, a, b = lab[..., 0], a + cast * (lab[..., 1] - a), b + cast * (lab[..., 2] - b)
        after = lightness + np.float32(self.fading) * (light - lightness)
        return (after if self.table is None else taken(self.table, after)), a, b


def _mean_curve(old: Plane, new: Plane) -> Plane:
    """(CURVE_POINTS,): the mean L* `new` of the pixels about each L* `old`, made to rise; straight on where there are none."""
    place = np.clip(old.ravel() / 100 * (CURVE_POINTS - 1), 0, CURVE_POINTS - 1)
    nearest = np.round(place).astype(np.intp)
    count = np.bincount(nearest, minlength=CURVE_POINTS)
    change = np.bincount(nearest, (new - old).ravel(), CURVE_POINTS) / np.maximum(count, 1)
    seen = np.flatnonzero(count > max(2, old.size // 2000))
    light = np.linspace(0, 100, CURVE_POINTS)
    if not len(seen):
        return light.astype(np.float32)
    after = light + np.interp(np.arange(CURVE_POINTS), seen, change[seen])
    return np.clip(np.maximum.accumulate(after), 0, 100).astype(np.float32)


def _grey(photo: Photo, wish: _Wish, cancel: CancelToken, report: Report, stage: str) -> Photo:
    """A one-channel photo in its own space: values to L* and back by tables."""
    light = ramp(photo)
    back = np.interp(np.linspace(0, 100, STEPS + 1), light, np.arange(photo.maximum + 1)).astype(np.float32)
    pixels: Pixels = np.empty_like(photo.pixels)
    rows = max(1, STRIP_PIXELS // photo.width)
    for top in range(0, photo.height, rows):
        cancel.check()
        strip = light.take(photo.pixels[top : top + rows, :, 0])
        nothing = np.zeros_like(strip)
        after = wish.done(strip, nothing, nothing, top, photo.height)[0]
        pixels[top : top + rows, :, 0] = np.round(taken(back, after))
        report(Progress(stage, min(1.0, (top + rows) / photo.height)))
    return photo.with_pixels(pixels)


TONE = Tone()
