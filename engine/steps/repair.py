"""Damage mended: found by a generator and by the user's marks, filled only where it is; everything else stays, bit for bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color import to_srgb_small
from engine.damage_finding import damage_in
from engine.damage_mask import DamageMask, Regions, damage_mask
from engine.exemplars import wide_places
from engine.face_regions import clothes_of, regions_of, towards
from engine.face_wishes import TREATMENTS, treatments
from engine.fill_grain import grain_of
from engine.filling import Filling
from engine.fingerprint import fingerprint
from engine.generator import Generator
from engine.kept import KeptArrays
from engine.mending import mended
from engine.patches import packed, patched
from engine.photo import Photo
from engine.progress import CancelToken, Report, ignore, part
from engine.srgb_view import SrgbView
from engine.steps.step import Analysis, StepSettings, Tools, Value, setting

Plane = NDArray[np.uint8]
Mask = NDArray[np.bool_]

FIND_MEMORY_GB = 0.5
FOUND_SHARE = 0.6
OVERVIEW_PX = 1024
SURELY = {"gentle": 0.95, "full": 0.0, "original": 2.0}
"""How likely damage must be on a face; nothing is likelier than 1."""
SURELY_CLOTHES = {"gentle": 0.87, "full": 0.0, "original": 0.87}
"""And on what is worn below that face, where lace and beads look like flakes and holes; a face to be left alone says nothing of
its clothes."""
FACE = 0.5
"""Of the soft edge of a face, from where on it counts as one."""
WIDE = ("texture", "smooth")
TOO_MUCH = "{share:.0%} of the photo looks damaged, more than is believed (repair.largest), so only what was marked was mended."
STRETCHED = (
    "The mask has other proportions than the photo and was stretched to fit; look whether it lies where it should."
)


@dataclass(frozen=True)
class RepairSettings(StepSettings):
    """How damage is found and mended."""

    step = "repair"
    strength: float = setting(
        1.0,
        "Strength",
        "How far damage gives way to what is put in its place; 0 leaves the photo as it is.",
        between=(0.0, 1.0),
        main=True,
    )
    sensitivity: float = setting(
        0.2,
        "Sensitivity",
        "How readily something is taken for damage; 0 looks for none and mends only what was marked.",
        between=(0.0, 1.0),
        slow=True,
        main=True,
    )
    faces: str = setting(
        "gentle",
        "Faces",
        "What is mended on faces and the clothes below: “gentle” only what is damage for sure, so that no eye, tooth or lace is "
        "taken for a spot; “full” what is mended everywhere; “original” nothing on the face that was not marked.",
        choices=TREATMENTS,
        slow=True,
    )
    grain: float = setting(
        1.0,
        "Grain",
        "How much of the grain of the photo round about mended places get; without any they look wiped.",
        between=(0.0, 1.0),
        slow=True,
    )
    largest: float = setting(
        0.3,
        "Most damage",
        "Share of the photo that is believed to be damaged; where more is found, only what was marked is mended.",
        between=(0.0, 1.0),
        slow=True,
    )
    wide: str = setting(
        "texture",
        "Wide holes",
        "What wide places that were marked get: “texture” goes on what the photo shows elsewhere, as leaves, bricks or hair, but "
        "not on faces; “smooth” is plain.",
        choices=WIDE,
        slow=True,
    )


class Repair:
    """The step `repair`; see step.Step. Remembers what it found and filled last, so that a stroke of the brush costs little."""

    name = "repair"
    title = "Repair"
    sentence = "Mends scratches, tears, stains and dust."
    settings = RepairSettings
    kind = "repair"
    uses_hints = False
    uses_marks = True
    uses_faces = True

    def __init__(self) -> None:
        self._found = KeptArrays(96_000_000)
        self._filled = KeptArrays(96_000_000)

    def analyse(self, photo: Photo, settings: RepairSettings, tools: Tools) -> Analysis:
        """Find damage and fill it: arrays as in patches.packed, and "overview" uint8 (h, w), at most OVERVIEW_PX long, how much
        of each place is mended. values: "height", "width" of the photo; "share" of it that was found damaged, "mended" of it
        that is filled."""
        tools.cancel.check()
        generator = tools.generator("repair")
        found = self._looked_at(photo, generator, tools) if settings.sensitivity > 0 else None
        faces, clothes = (None, None) if found is None else _on_people(photo, settings.faces, tools)
        mask = damage_mask(
            found,
            photo.height,
            photo.width,
            sensitivity=settings.sensitivity,
            largest=settings.largest,
            marks=tools.marks,
            cancel=tools.cancel,
            faces=faces,
            clothes=clothes,
        )
        wide = wide_places(mask.lost & (mask.weight > 0)) if settings.wide == "texture" else np.zeros_like(mask.lost)
        on_faces = _faces_of(photo, tools) if wide.any() else np.zeros_like(wide)
        wide &= ~on_faces
        values = self._values(photo, mask, wide, on_faces, generator, tools)
        if settings.grain > 0 and len(values):
            values = _grained(values, photo, mask.weight > 0, wide, settings.grain)
        tools.cancel.check()
        arrays = packed(mask.weight, values)
        tools.cancel.check()
        arrays["overview"] = _overview(mask.weight)
        numbers: dict[str, Value] = {
            "height": photo.height,
            "width": photo.width,
            "share": mask.share,
            "mended": len(values) / mask.weight.size,
        }
        return Analysis(self.name, arrays, numbers, _note(photo, mask, tools))

    def apply(
        self, photo: Photo, analysis: Analysis, settings: RepairSettings, cancel: CancelToken, report: Report = ignore
    ) -> Photo:
        """Lay what was filled over the photo. Depth, colour space, alpha and all pixels outside the mask stay."""
        if settings.strength == 0 or not analysis.values["mended"]:
            return photo
        height, width = int(analysis.values["height"]), int(analysis.values["width"])
        return patched(photo, analysis.arrays, height, width, settings.strength, cancel)

    def _looked_at(self, photo: Photo, generator: Generator, tools: Tools) -> Plane:
        """How likely each place is damaged, uint8 of the size at which the generator was shown the photo."""
        key = (fingerprint(photo), generator.card.digest, generator.provider)
        known = self._found.get(key)
        if known is None:
            inside = part(tools.report, 0.0, FOUND_SHARE)
            working_size, short = generator.card.working_size, min(photo.height, photo.width)
            scale = working_size / short if 0 < working_size < short else 1.0
            size = round(photo.height * scale), round(photo.width * scale)
            picture = SrgbView(photo) if scale == 1 else to_srgb_small(photo, *size)
            likely = damage_in(picture, generator, memory_gb=FIND_MEMORY_GB, report=inside, cancel=tools.cancel)
            likely *= np.float32(255)
            known = np.rint(likely, out=likely).astype(np.uint8)
            self._found.put(key, known)
        return known

    def _values(
        self, photo: Photo, mask: DamageMask, wide: Mask, on_faces: Mask, generator: Generator, tools: Tools
    ) -> NDArray[np.float32]:
        """(n, 3) sRGB for the places of the mask; what the generator itself found it may look through. Nothing of a face is laid
        anywhere."""
        filling = Filling(generator, self._filled, tools.cancel)
        report = part(tools.report, FOUND_SHARE, 1.0)
        return mended(SrgbView(photo), mask.weight > 0, ~mask.lost, wide, on_faces, filling, report)


def _on_people(photo: Photo, usual: str, tools: Tools) -> tuple[Regions | None, Regions | None]:
    """How likely damage must be on faces, and on clothes; nothing where all are treated as the rest is."""
    if usual == "full" and not tools.face_wishes:
        return None, None
    faces, size = tools.faces(photo), (photo.height, photo.width)
    treated = treatments(faces, tools.face_wishes, usual, *size)
    surely, on_clothes = ([of[word] for word in treated] for of in (SURELY, SURELY_CLOTHES))
    return regions_of(faces, surely, *size), clothes_of(faces, on_clothes, *size)


def _faces_of(photo: Photo, tools: Tools) -> Mask:
    """(H, W): the places of faces, brow to chin."""
    faces, height, width = tools.faces(photo), photo.height, photo.width
    return towards(0.0, regions_of(faces, [1.0] * len(faces), height, width), 0, height, height, width) > FACE


def _grained(values: NDArray[np.float32], photo: Photo, mask: Mask, drawn: Mask, share: float) -> NDArray[np.float32]:
    """(n, 3) `values` of the places of `mask` with grain; what was drawn from the photo has its own."""
    grain = grain_of(SrgbView(photo), mask)
    if grain is None:
        return values
    rows, columns = np.nonzero(mask & ~drawn)
    grained, bare = values.copy(), ~drawn[mask]
    grained[bare] = grain.on(values[bare], rows, columns, share)
    return grained


def _overview(weight: Plane) -> Plane:
    """The mask small, each pixel as much as the most that it covers, so that thin scratches show."""
    step = -(-max(weight.shape) // OVERVIEW_PX)
    rows = np.maximum.reduceat(weight, np.arange(0, weight.shape[0], step), 0)
    overview: Plane = np.maximum.reduceat(rows, np.arange(0, weight.shape[1], step), 1)
    return overview


def _note(photo: Photo, mask: DamageMask, tools: Tools) -> str:
    stretched = tools.marks is not None and not tools.marks.fits(photo.height, photo.width)
    notes = [TOO_MUCH.format(share=mask.share)] if mask.too_much else []
    return " ".join([*notes, *([STRETCHED] if stretched else [])])


REPAIR = Repair()
