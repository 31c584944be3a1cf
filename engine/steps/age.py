"""Age for a young photo: the look of an old one found small by a generator, carried to full size, and grain over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.carrier import carrier
from engine.color import srgb_to_lab, to_srgb_small
from engine.grain import Grain
from engine.photo import Photo
from engine.progress import CancelToken, Report, ignore
from engine.relight import relit
from engine.steps.step import Analysis, StepSettings, Tools, setting
from engine.working_shape import own_working_size, working_shape

Plane = NDArray[np.float32]

STRONGEST_GRAIN = 10.0
"""Standard deviation of L* in the middle tones at grain 1."""
SEED_BLOCKS = 5


@dataclass(frozen=True)
class AgeSettings(StepSettings):
    """How old a photo is made to look."""

    step = "age"
    strength: float = setting(
        1.0,
        "Strength",
        "How far the photo goes towards its old look; 0 leaves it as it is.",
        between=(0.0, 1.0),
        main=True,
    )
    grain: float = setting(
        0.3, "Grain", "Lays the grain of old film over the photo; 0 adds none.", between=(0.0, 1.0), main=True
    )


class Age:
    """The step `age`; see step.Step."""

    name = "age"
    title = "Age"
    sentence = "Makes a photo look like an old black-and-white one."
    settings = AgeSettings
    kind = "age"
    uses_hints = False
    uses_marks = False
    uses_faces = False

    def analyse(self, photo: Photo, settings: AgeSettings, tools: Tools) -> Analysis:
        """Find the old look: array "lab" (h, w, 3) float16, CIE Lab of the whole photo as the generator gives it."""
        tools.cancel.check()
        generator = tools.generator("age")
        seen = to_srgb_small(photo, *working_shape(photo.height, photo.width, own_working_size(generator.card)))
        restored = generator.run(seen, report=tools.report, cancel=tools.cancel)
        return Analysis(self.name, {"lab": srgb_to_lab(restored.image).astype(np.float16)})

    def apply(
        self, photo: Photo, analysis: Analysis, settings: AgeSettings, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """Move L*, a*, b* to the old look and add grain. A grey file becomes RGB in sRGB; depth and alpha stay."""
        if settings.strength == 0:
            return photo
        found = analysis.arrays["lab"]
        carry = carrier(photo, analysis, found, first_is_lightness=True)
        grain = Grain(photo.height, photo.width, _seed(found[..., 0])) if settings.grain else None
        strength = np.float32(settings.strength)
        strongest = np.float32(STRONGEST_GRAIN * settings.grain * settings.strength)

        def aged(lightness: Plane, a: Plane, b: Plane, top: int) -> tuple[Plane, Plane, Plane]:
            change, *chroma = carry.rows(lightness, top)
            change *= strength
            change += lightness
            np.clip(change, 0, 100, out=change)
            if grain is not None:
                change += grain.rows(top, len(change)) * _visible(change) * strongest
                np.clip(change, 0, 100, out=change)
            if strength < 1:
                for plane, own in zip(chroma, (a, b), strict=True):
                    plane -= own
                    plane *= strength
                    plane += own
            return change, chroma[0], chroma[1]

        return relit(photo, aged, cancel, needs_chroma=settings.strength < 1, report=report, stage=self.title)


def _visible(lightness: Plane) -> Plane:
    """How much of the grain shows at L*: all of it in the middle tones, little in deep black and on white paper."""
    share: Plane = lightness * (100 - lightness)
    share *= np.float32(4e-4)
    return np.sqrt(share, out=share)


def _seed(lightness: NDArray[np.generic]) -> int:
    """A number from L* (h, w), the same for a photo and its preview as a rule: where it grows lighter, and where darker."""
    blocks = [np.array_split(band, SEED_BLOCKS, 1) for band in np.array_split(lightness, SEED_BLOCKS)]
    means = np.array([[block.mean(dtype=np.float64) for block in band] for band in blocks])
    return int.from_bytes(np.packbits(means[:, 1:] > means[:, :-1]).tobytes(), "big")


AGE = Age()
