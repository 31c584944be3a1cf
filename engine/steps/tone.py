"""Tone of a faded photo: black and white found again, contrast, and the cast of age; arithmetic alone, no generator."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.border import even_border
from engine.color import srgb_to_lab, to_srgb_small
from engine.colourless import is_colourless
from engine.photo import Photo, Pixels
from engine.progress import CancelToken, Report, ignore
from engine.relight import ramp, relit
from engine.steps.step import Analysis, StepSettings, Tools, setting

Plane = NDArray[np.float32]

LOOKED_AT_PX = 192
BLACK, WHITE = 4.0, 96.0
STEEPEST = 2.2
CURVE_STEPS = 65535
NOTHING = 0.25
"""Lab units below which a change is none: less than one step of an 8-bit photo."""


@dataclass(frozen=True)
class ToneSettings(StepSettings):
    """What is done about fading, flatness and cast."""

    step = "tone"
    fading: float = setting(
        0.5,
        "Fading",
        "Brings back the deep blacks and clear whites that time took; 0 leaves them.",
        between=(0.0, 1.0),
        main=True,
    )
    contrast: float = setting(
        0.15, "Contrast", "Sets light and dark further apart in the middle tones.", between=(0.0, 1.0), main=True
    )
    cast: float = setting(
        0.3,
        "Cast",
        "Takes yellowing, sepia or another colour of age out; 1 makes a toned print neutral.",
        between=(0.0, 1.0),
        main=True,
    )


class Tone:
    """The step `tone`; see step.Step."""

    name = "tone"
    title = "Tone"
    sentence = "Freshens a faded photo: deeper blacks, clearer whites, less yellowing."
    settings = ToneSettings
    kind: str | None = None
    uses_hints = False
    uses_marks = False
    uses_faces = False

    def analyse(self, photo: Photo, settings: ToneSettings, tools: Tools) -> Analysis:
        """Where black, middle and white of the picture (without its border) lie, L* 0..100, and the cast of lights and darks."""
        tools.cancel.check()
        scale = min(1.0, LOOKED_AT_PX / min(photo.height, photo.width))
        height, width = (max(1, min(16 * LOOKED_AT_PX, round(side * scale))) for side in (photo.height, photo.width))
        lab = srgb_to_lab(to_srgb_small(photo, height, width))
        lab = lab[even_border(lab[..., 0]).inside(height, width)]
        black, middle, white = (float(part) for part in np.percentile(lab[..., 0], (0.5, 50, 99.5)))
        values: dict[str, bool | int | float | str] = {"black": black, "middle": middle, "white": white}
        values["colourless"] = is_colourless(photo)
        for word, part in (
            ("dark", lab[lab[..., 0] <= np.percentile(lab[..., 0], 5)]),
            ("light", lab[lab[..., 0] >= np.percentile(lab[..., 0], 95)]),
        ):
            values |= {f"{word}_a": float(np.median(part[:, 1])), f"{word}_b": float(np.median(part[:, 2]))}
        return Analysis(self.name, values=values)

    def apply(
        self, photo: Photo, analysis: Analysis, settings: ToneSettings, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """Lay curve and cast over the photo; a grey file stays grey; depth, space and alpha stay."""
        curve = tone_curve(analysis, settings)
        cast = _Cast.of(analysis, settings)
        if photo.has_one_channel:
            return _grey(photo, curve)
        if cast.is_nothing and _is_nothing(curve):
            return photo

        def changed(lightness: Plane, a: Plane, b: Plane, top: int) -> tuple[Plane, Plane, Plane]:
            place = lightness * np.float32(CURVE_STEPS / 100)
            np.clip(place, 0, CURVE_STEPS, out=place)
            cast.take_out(lightness, a, b)
            return curve.take(place.astype(np.uint16)), a, b

        return relit(photo, changed, cancel, report=report, stage=self.title)


def tone_curve(analysis: Analysis, settings: ToneSettings) -> Plane:
    """(65536,): L* after, for L* before in steps of 100/65535; rising, 0 and 100 stay where they are."""
    before = np.linspace(0, 100, CURVE_STEPS + 1)
    black, white = float(analysis.values["black"]), float(analysis.values["white"])
    span = max(white - black, 1.0)
    wanted_black, wanted_white = min(black, BLACK), max(white, WHITE)
    # A print of which hardly anything is left gets no full range: its grain would come with it.
    share = settings.fading * min(1.0, (STEEPEST - 1) * span / max(wanted_white - wanted_black - span, 1e-6))
    new_black, new_white = black + share * (wanted_black - black), white + share * (wanted_white - white)
    knots = [(0.0, 0.0), (black, new_black), (white, new_white), (100.0, 100.0)]
    rising = [knot for i, knot in enumerate(knots) if i in (0, 3) or 0.5 < knot[0] < 99.5]
    after = np.interp(before, [knot[0] for knot in rising], [knot[1] for knot in rising]) / 100
    if settings.contrast:
        middle = np.clip(np.interp(float(analysis.values["middle"]), before, after), 0.35, 0.65)
        bend = np.log(0.5) / np.log(middle)
        centred = after**bend
        centred -= settings.contrast * 0.7 / (2 * np.pi) * np.sin(2 * np.pi * centred)
        after = centred ** (1 / bend)
    curve: Plane = (after * 100).astype(np.float32)
    return curve


def _is_nothing(curve: Plane) -> bool:
    return bool(np.abs(curve - np.linspace(0, 100, CURVE_STEPS + 1)).max() < NOTHING)


def _grey(photo: Photo, curve: Plane) -> Photo:
    """A one-channel photo through the curve: a table of all its values, in its own space."""
    if _is_nothing(curve):
        return photo
    lightness = ramp(photo)
    wanted = np.interp(lightness, np.linspace(0, 100, CURVE_STEPS + 1), curve)
    values = np.round(np.interp(wanted, lightness, np.arange(photo.maximum + 1)))
    table: Pixels = values.astype(np.uint8) if photo.maximum == 255 else values.astype(np.uint16)
    return photo.with_pixels(table[photo.pixels])


@dataclass(frozen=True)
class _Cast:
    """What is taken out of a*, b*: a share of all of it, or a colour that goes from `dark` at L* 0 to `light` at L* 100."""

    share: float
    dark: tuple[float, float]
    light: tuple[float, float]

    LARGEST = 12.0

    @classmethod
    def of(cls, analysis: Analysis, settings: ToneSettings) -> _Cast:
        """A toned print's chroma is all cast. In a colour photo the cast is what lights and darks have in common with grey."""
        if analysis.values["colourless"]:
            return cls(settings.cast, (0.0, 0.0), (0.0, 0.0))
        ends = []
        for word in ("dark", "light"):
            a, b = float(analysis.values[f"{word}_a"]), float(analysis.values[f"{word}_b"])
            kept = settings.cast * min(1.0, cls.LARGEST / max(float(np.hypot(a, b)), 1e-6))
            ends.append((a * kept, b * kept))
        return cls(0.0, ends[0], ends[1])

    @property
    def is_nothing(self) -> bool:
        return self.share == 0 and max(map(abs, (*self.dark, *self.light))) < NOTHING

    def take_out(self, lightness: Plane, a: Plane, b: Plane) -> None:
        """Change `a`, `b` in place."""
        for plane, dark, light in ((a, self.dark[0], self.light[0]), (b, self.dark[1], self.light[1])):
            if self.share:
                plane *= np.float32(1 - self.share)
            elif dark or light:
                plane -= lightness * np.float32((light - dark) / 100) + np.float32(dark)


TONE = Tone()
