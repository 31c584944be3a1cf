"""A photo made two or four times as high and wide: detail found by a generator tile by tile, laid over a plain enlargement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.codecs import with_more_dots
from engine.color import to_srgb
from engine.enlargement import enlarged
from engine.errors import EnlargementTooLarge
from engine.face_limits import LABEL, SENTENCE, face_limits
from engine.face_regions import limited
from engine.face_wishes import TREATMENTS
from engine.library import at_scale
from engine.overlaid import LUMA, luma_of, overlaid
from engine.packed_change import depth_of, rows_of
from engine.photo import Photo, Pixels
from engine.progress import CancelToken, Progress, Report, ignore
from engine.relight import is_grey_valued
from engine.srgb_view import SrgbView
from engine.steps.step import Analysis, StepSettings, Tools, setting
from engine.tile_by_tile import Answer, RowBlend, answers, in_tiles
from engine.tiles import Tiling

if TYPE_CHECKING:
    from engine.generator import Generator

Plane = NDArray[np.float32]

LARGEST_MEGAPIXELS = 250
"""Of what comes out: 1 GB while it is made of 8 bits, twice that of 16; printed at 300 dots an inch it is 1.3 metres high."""
STRIP_PIXELS = 1 << 18
ONE_ANSWER = "“{title}” has one answer only, so “Fidelity” changes nothing; another generator may have more."


@dataclass(frozen=True)
class UpscaleSettings(StepSettings):
    """How much larger, and how freely."""

    step = "upscale"
    factor: str = setting(
        "2", "Times", "How many times as high and wide the photo becomes.", choices=("2", "4"), slow=True, main=True
    )
    detail: float = setting(
        1.0,
        "Detail",
        "How much of the found detail is laid over a plain enlargement; 0 leaves that as soft as it is.",
        between=(0.0, 1.0),
        main=True,
    )
    fidelity: float = setting(
        0.0,
        "Fidelity",
        "Towards 1 only detail that the photo itself proves, and so softer; at 0 also what is likely to have been there.",
        between=(0.0, 1.0),
        slow=True,
    )

    faces: str = setting("gentle", LABEL, SENTENCE, choices=TREATMENTS, slow=True)

    @property
    def scale(self) -> int:
        return int(self.factor)


class Upscale:
    """The step `upscale`; see step.Step."""

    name = "upscale"
    title = "Enlarge"
    sentence = "Makes a small photo larger, and sharper than its pixels were."
    settings = UpscaleSettings
    kind = "upscale"
    uses_hints = False
    uses_marks = False
    uses_faces = True

    def analyse(self, photo: Photo, settings: UpscaleSettings, tools: Tools) -> Analysis:
        """Find what the generator's answer has beyond a plain enlargement, as changes of sRGB values (packed_change.py).

        arrays: "detail" (S·h, S·w, 1) of brightness, and of a photo with colour "colour" (h, w, 2): of red and of blue without
        brightness, at the photo's own size, as eyes and JPEG have it; a third of the bytes. value: "scale", S.
        One byte a pixel of the result for 8 bits and two for 16: beyond 128 megapixels it is more than AnalysisCache holds, and
        the photo is analysed again when it is restored again.

        Raises:
            EnlargementTooLarge: before any work.
        """
        tools.cancel.check()
        scale = settings.scale
        megapixels = photo.height * photo.width * scale * scale / 1e6
        if megapixels > LARGEST_MEGAPIXELS:
            raise EnlargementTooLarge(settings.factor, megapixels, LARGEST_MEGAPIXELS)
        generator = tools.generator(at_scale("upscale", scale))
        style, note = _style(generator, settings.fidelity)

        def find(tiling: Tiling) -> dict[str, NDArray[np.generic]]:
            return _found(photo, generator, scale, style, tools, tiling)

        found = Analysis(self.name, in_tiles(photo, generator, tools, find), {"scale": scale})
        regions, held = face_limits(photo, settings.faces, tools, lambda place: _pair(photo, found, scale, place))
        return replace(found, arrays=found.arrays | {"faces": regions}, note=" ".join(filter(None, [note, held])))

    def apply(
        self, photo: Photo, analysis: Analysis, settings: UpscaleSettings, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """The photo enlarged, in its own depth and space, grey staying grey; dots an inch grow along, so prints keep their size."""
        scale = int(analysis.values["scale"])
        height, width = photo.height * scale, photo.width * scale
        pixels = np.empty((height, width, photo.pixels.shape[2]), photo.pixels.dtype)
        alpha = None if photo.alpha is None else np.empty((height, width), photo.pixels.dtype)
        regions = analysis.arrays["faces"].astype(np.float32)
        rows = max(1, STRIP_PIXELS // width // scale)
        for top in range(0, photo.height, rows):
            cancel.check()
            bottom = min(photo.height, top + rows)
            strip = slice(top * scale, bottom * scale)
            change = _change(analysis, strip, height, width)
            change *= limited(settings.detail, regions, strip.start, strip.stop, height, width)
            pixels[strip] = overlaid(_values(photo.pixels, scale, top, bottom, photo.maximum), change, photo)
            if alpha is not None and photo.alpha is not None:
                opacity = _values(photo.alpha[..., None], scale, top, bottom, photo.maximum)[..., 0]
                alpha[strip] = np.clip(np.rint(opacity * np.float32(photo.maximum)), 0, photo.maximum)
            report(Progress(self.title, bottom / photo.height))
        return Photo(pixels, alpha, with_more_dots(photo.metadata, scale))


def _pair(photo: Photo, found: Analysis, scale: int, place: tuple[slice, slice]) -> tuple[Plane, Plane]:
    """A part of the photo, and the same enlarged with all of the detail."""
    rows, columns = place
    height, width = photo.height * scale, photo.width * scale
    larger = enlarged(photo.pixels, scale, rows.start, rows.stop, columns.start, columns.stop)
    plain = to_srgb(Photo(_codes(larger, photo.maximum), None, photo.metadata))
    detail = _change(found, slice(rows.start * scale, rows.stop * scale), height, width)
    return SrgbView(photo)[place], plain + detail[:, columns.start * scale : columns.stop * scale]


def _style(generator: Generator, fidelity: float) -> tuple[Plane | None, str]:
    """The style that asks for so much fidelity, and a note where the generator takes no such style."""
    if generator.styles.shape[1] == 1:
        return np.array([fidelity], np.float32), ""
    return None, ONE_ANSWER.format(title=generator.card.title) if fidelity else ""


def _values(pixels: Pixels, scale: int, top: int, bottom: int, maximum: int) -> Plane:
    """Those rows of (H, W, C) enlarged, 0..1 of the pixels' own values."""
    larger: Plane = enlarged(pixels, scale, top, bottom, 0, pixels.shape[1]).astype(np.float32)
    larger *= np.float32(1 / maximum)
    return np.clip(larger, 0, 1, out=larger)


def _found(
    photo: Photo, generator: Generator, scale: int, style: Plane | None, tools: Tools, tiling: Tiling
) -> dict[str, NDArray[np.generic]]:
    """The arrays of the Analysis."""
    depth = depth_of(photo)
    detail = RowBlend(tiling, 1, depth, scale)
    colour = None if is_grey_valued(photo.pixels) else RowBlend(tiling, 2, depth)
    for answer in answers(photo, generator, tools, tiling, style):
        answer = replace(answer, restored=_shrunk(answer.restored, generator.card.scale // scale))
        detail.add(answer.tile, luma_of(answer.restored) - luma_of(_plain(photo, answer, scale)))
        if colour is not None:
            colour.add(answer.tile, _colour_change(answer, scale))
    found: dict[str, NDArray[np.generic]] = {"detail": detail.whole()}
    if colour is not None:
        found["colour"] = colour.whole()
    return found


def _plain(photo: Photo, answer: Answer, scale: int) -> Plane:
    """(S·h, S·w, 3): the tile enlarged as `apply` does it, in sRGB 0..1."""
    tile = answer.tile
    place = (tile.top, tile.top + tile.height, tile.left, tile.left + tile.width)
    return to_srgb(Photo(_codes(enlarged(photo.pixels, scale, *place), photo.maximum), None, photo.metadata))


def _codes(values: Plane, maximum: int) -> Pixels:
    codes = np.clip(np.rint(values), 0, maximum)
    return codes.astype(np.uint8) if maximum == 255 else codes.astype(np.uint16)


def _shrunk(picture: Plane, times: int) -> Plane:
    """(n·h, n·w, 3) -> (h, w, 3): each square of n × n pixels by its mean, as a coarser sensor would have seen it.

    So an enlarger by four serves for two as well: the mean of what it expects is what one for two would have to expect.
    """
    if times == 1:
        return picture
    height, width = (side // times for side in picture.shape[:2])
    mean: Plane = picture.reshape(height, times, width, times, 3).mean((1, 3))
    return mean


def _colour_change(answer: Answer, scale: int) -> Plane:
    """(h, w, 2): what the answer, shrunk to the tile's size, changes of red and blue, less what it changes of brightness."""
    change: Plane = _shrunk(answer.restored, scale) - answer.image
    red_and_blue: Plane = change[..., ::2] - luma_of(change)
    return red_and_blue


def _change(analysis: Analysis, strip: slice, height: int, width: int) -> Plane:
    """(n, width, 1 or 3): the change of sRGB values in those rows of a result of (height, width)."""
    place = (strip.start, strip.stop, height, width)
    detail = rows_of(analysis.arrays["detail"], *place)
    if "colour" not in analysis.arrays:
        return detail
    red, blue = np.moveaxis(rows_of(analysis.arrays["colour"], *place), -1, 0)
    green = red * np.float32(-LUMA[0] / LUMA[1]) - blue * np.float32(LUMA[2] / LUMA[1])
    return np.stack([red, green, blue], -1) + detail


UPSCALE = Upscale()
