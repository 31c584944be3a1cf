"""Noise, grain and the squares of JPEG taken out of a photo: found by a generator tile by tile, laid over it as a change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.errors import GeneratorBroken
from engine.face_limits import LABEL, SENTENCE, face_limits
from engine.face_regions import limited
from engine.face_wishes import TREATMENTS
from engine.noise_estimate import noise_of
from engine.noise_taken import noise_taken
from engine.overlaid import luma_of, overlaid
from engine.packed_change import Packed, depth_of, rows_of, unpacked
from engine.photo import Photo
from engine.progress import CancelToken, Progress, Report, ignore
from engine.relight import is_grey_valued
from engine.srgb_view import SrgbView
from engine.steps.step import Analysis, StepSettings, Tools, setting
from engine.texture import texture_of
from engine.tile_by_tile import RowBlend, answers, in_tiles
from engine.tiles import Tiling

if TYPE_CHECKING:
    from engine.generator import Generator

Plane = NDArray[np.float32]

ACCEPTED_NOISE = 1.2
"""Grey values of 255 that nobody minds and that a careful hand leaves: with less than this a photo counts as clean."""
MOST_BY_ITSELF = 0.9
"""A trace of grain stays even in a very noisy photo, unless the user wants it out: without any it looks like plastic."""
STRIP_PIXELS = 1 << 17
NO_NOISE = "Not cleaned: it has hardly any noise. “Clean anyway” (clean.force) cleans it."

TEXTURE = "Not cleaned: what looks like noise is texture. More “Strength” (clean.strength) cleans it."


@dataclass(frozen=True)
class CleanSettings(StepSettings):
    """How much noise is taken out."""

    step = "clean"
    strength: float = setting(
        0.5,
        "Strength",
        "How much noise and grain is taken out: 0 none, the middle as much as the photo's own noise calls for, 1 all of it.",
        between=(0.0, 1.0),
        main=True,
    )
    texture: float = setting(
        0.25,
        "Texture",
        "Gives back fine texture of cloth, hair and skin that was taken out together with the noise.",
        between=(0.0, 1.0),
        main=True,
    )
    faces: str = setting("gentle", LABEL, SENTENCE, choices=TREATMENTS, slow=True)
    force: bool = setting(
        False, "Clean anyway", "Cleans a photo in which hardly any noise was found, as for JPEG's squares.", slow=True
    )


class Clean:
    """The step `clean`; see step.Step."""

    name = "clean"
    title = "Clean"
    sentence = "Takes noise, grain and JPEG's squares out of a photo."
    settings = CleanSettings
    kind = "clean"
    uses_hints = False
    uses_marks = False
    uses_faces = True

    def analyse(self, photo: Photo, settings: CleanSettings, tools: Tools) -> Analysis:
        """Find what the generator would change.

        arrays: "change" (h, w, 1 or 3), packed (packed_change.py), sRGB values after less before; one plane of brightness for a
        photo whose channels agree, so that grey stays grey. "texture" (h, w, 1): see texture.py. values: "luma_noise" and
        "chroma_noise" (noise_estimate.py), and "share", what the middle of `strength` takes out.
        "faces": the regions of faces that bear less of it (face_limits.py).
        A colour photo takes 4 bytes a pixel of 8 bits, a grey one 2: above 32 and 64 megapixels it is more than AnalysisCache
        holds, and the photo is analysed again when it is restored again.
        """
        tools.cancel.check()
        noise = noise_of(photo)
        level = max(noise.luma, noise.chroma)
        values: dict[str, bool | int | float | str] = {"luma_noise": noise.luma, "chroma_noise": noise.chroma}
        if _by_itself(level) == 0 and not settings.force:
            return Analysis(self.name, values=values | {"share": 0.0}, note=NO_NOISE)
        generator = tools.generator("clean")
        if generator.card.scale != 1:
            raise GeneratorBroken(generator.card.name, "it enlarges the photo, and cleaning must not")
        change = in_tiles(photo, generator, tools, lambda tiling: _change(photo, generator, tools, tiling))
        arrays: dict[str, NDArray[np.generic]] = {"change": change, "texture": texture_of(change, tools.cancel)}
        values["share"] = _by_itself(min(level, noise_taken(photo, change)))
        regions, note = face_limits(photo, settings.faces, tools, lambda place: _pair(photo, change, place))
        if values["share"] == 0 and not settings.force:
            note = " ".join(filter(None, [TEXTURE, note]))
        return Analysis(self.name, arrays | {"faces": regions}, values, note)

    def apply(
        self, photo: Photo, analysis: Analysis, settings: CleanSettings, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """Lay the share of the change that `strength` asks for over the photo; depth, space, alpha and grey stay."""
        share = _share(settings.strength, float(analysis.values["share"]))
        if share == 0 or "change" not in analysis.arrays:
            return photo
        change, texture = analysis.arrays["change"], analysis.arrays["texture"]
        regions = analysis.arrays["faces"].astype(np.float32)
        pixels = np.empty_like(photo.pixels)
        rows = max(1, STRIP_PIXELS // photo.width)
        for top in range(0, photo.height, rows):
            cancel.check()
            bottom = min(photo.height, top + rows)
            place = (top, bottom, photo.height, photo.width)
            difference = rows_of(change, *place)
            if settings.texture:
                difference -= rows_of(texture, *place) * np.float32(settings.texture)
            difference *= limited(share, regions, *place)
            values = np.multiply(photo.pixels[top:bottom], np.float32(1 / photo.maximum), dtype=np.float32)
            pixels[top:bottom] = overlaid(values, difference, photo)
            report(Progress(self.title, bottom / photo.height))
        return photo if np.array_equal(pixels, photo.pixels) else photo.with_pixels(pixels)


def _by_itself(level: float) -> float:
    """How much of the change a photo with noise of that level, in grey values of 255, gets by itself."""
    return min(MOST_BY_ITSELF, max(0.0, 1 - ACCEPTED_NOISE / level)) if level else 0.0


def _share(strength: float, by_itself: float) -> float:
    """How much of the change is laid: 0 at strength 0, `by_itself` in the middle, 1 at strength 1."""
    if strength <= 0.5:
        return 2 * strength * by_itself
    return by_itself + (2 * strength - 1) * (1 - by_itself)


def _pair(photo: Photo, change: Packed, place: tuple[slice, slice]) -> tuple[Plane, Plane]:
    """A part of the photo before and after all of the change."""
    before = SrgbView(photo)[place]
    return before, before + unpacked(change[place])


def _change(photo: Photo, generator: Generator, tools: Tools, tiling: Tiling) -> Packed:
    channels = 1 if is_grey_valued(photo.pixels) else 3
    blend = RowBlend(tiling, channels, depth_of(photo))
    for answer in answers(photo, generator, tools, tiling):
        change = answer.restored - answer.image
        blend.add(answer.tile, change if channels == 3 else luma_of(change))
    return blend.whole()


CLEAN = Clean()
