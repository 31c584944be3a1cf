"""Colour for a colourless photo: found small by a generator, carried to full size along the photo's own luma."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.ambiguity import openness
from engine.border import on_paper
from engine.carrier import carrier
from engine.color import lab_to_srgb, srgb_to_lab, to_srgb_small
from engine.colourless import is_colourless
from engine.fingerprint import fingerprint
from engine.guide import guide_of
from engine.kept import Kept, KeptArrays
from engine.photo import Photo
from engine.progress import CancelToken, Report, ignore, part
from engine.relight import relit
from engine.small_faces import SmallFace, lay, small_faces
from engine.steps.step import Analysis, StepSettings, Tools, setting
from engine.working_shape import own_working_size, working_shape

if TYPE_CHECKING:
    from engine.card import Card
    from engine.generator import Generator

Plane = NDArray[np.float32]

WARMTH = (2.0, 9.0)
ALREADY_COLOUR = (
    "It is already in colour, so its colours were left alone; “Colour again” (colorize.force) replaces them."
)
ALREADY_COLOUR_WITH_HINTS = (
    "It is already in colour, so its colours and the hints were left alone; "
    "“Colour again” (colorize.force) replaces its colours and follows the hints."
)
TAKES_NO_HINTS = "“{title}” takes no hints, so the photo was coloured without them; another generator may follow them."
NO_SUCH_COLOURING = "“{title}” has no colouring {number}, so the likeliest was taken."
OF_ANOTHER = (
    "Colouring {number} was chosen with another generator than “{title}”, so the likeliest was taken; choose again."
)


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
        0,
        "Working size",
        "Short side at which colours are looked for; larger sees small things, smaller sees the whole. "
        "Automatic is what the generator learned with.",
        between=(160, 512),
        unit="px",
        zero="automatic",
        slow=True,
    )
    candidate: int = setting(
        0,
        "Colouring",
        "Which of the colourings that the generator has for a photo is laid over it; others are less likely, or fit better.",
        between=(0, 32),
        zero="the likeliest",
        slow=True,
        by_eye=True,
    )
    candidate_of: str = setting(
        "",
        "Colouring of",
        "The generator that the colouring was chosen with; another one then gives its likeliest. Empty: whichever is used.",
        slow=True,
        by_eye=True,
    )
    force: bool = setting(
        False, "Colour again", "Colours a photo that already has colour, in place of the colour it has.", slow=True
    )

    def candidate_for(self, generator: Generator) -> int:
        """The candidate that is laid with this generator: 0 where it has none of that number, or another one's was chosen."""
        its_own = self.candidate_of in ("", mark_of(generator.card))
        return self.candidate if its_own and self.candidate <= len(generator.styles) else 0


def mark_of(card: Card) -> str:
    """What `candidate_of` holds of a generator, with every one of which a number means another style: its digest's beginning."""
    return card.digest[:12]


@dataclass(frozen=True, eq=False)
class Seen:
    """All that a colouriser is shown of a photo. lightness: (h, w) L* at working size; faces: those too small in it."""

    lightness: Plane
    faces: tuple[SmallFace, ...]


class Colorize:
    """The step `colorize`; see step.Step. Remembers small faces and their colours, so that a hint costs little more with them."""

    name = "colorize"
    title = "Colour"
    sentence = "Gives a black-and-white or sepia photo natural colours."
    settings = ColorizeSettings
    kind = "colorize"
    uses_hints = True
    uses_marks = False
    uses_faces = False

    def __init__(self) -> None:
        self._seen = Kept[Seen](32_000_000, lambda seen: seen.lightness.nbytes * (1 + len(seen.faces)))
        self._faces = KeptArrays(32_000_000)

    def analyse(self, photo: Photo, settings: ColorizeSettings, tools: Tools) -> Analysis:
        """Find a*, b* of the photo: arrays "chroma" (h, w, 2) float16 and, if the generator says how sure it is, "known" (h, w),
        0 guessed to 1 known (engine/ambiguity.py); value "candidate", the one that is really laid (see candidate_for)."""
        seen = self.seen(photo, settings, tools)
        if seen is None:
            note = ALREADY_COLOUR_WITH_HINTS if tools.hints else ALREADY_COLOUR
            return Analysis(self.name, values={"already_colour": True}, note=note)
        generator = tools.generator("colorize")
        found = self.coloured(seen, settings.candidate_for(generator), tools)
        if settings.candidate in (0, found.values["candidate"]):
            return found
        why = NO_SUCH_COLOURING if settings.candidate_of in ("", mark_of(generator.card)) else OF_ANOTHER
        note = why.format(title=generator.card.title, number=settings.candidate)
        return replace(found, note=" ".join(filter(None, (found.note, note))))

    def seen(self, photo: Photo, settings: ColorizeSettings, tools: Tools) -> Seen | None:
        """What the generator sees of the photo; None for a photo that is left as it is."""
        if not settings.force and not is_colourless(photo):
            return None
        tools.cancel.check()
        working_size = settings.working_size or own_working_size(tools.generator("colorize").card)
        faces = tools.faces(photo)
        key = (fingerprint(photo), working_size, faces)
        seen = self._seen.get(key)
        if seen is None:
            height, width = working_shape(photo.height, photo.width, working_size)
            lightness = srgb_to_lab(to_srgb_small(photo, height, width))[..., 0]
            seen = Seen(lightness, small_faces(photo, faces, height, width, working_size))
            self._seen.put(key, seen)
        return seen

    def coloured(self, seen: Seen, candidate: int, tools: Tools, likeliest: Analysis | None = None) -> Analysis:
        """The Analysis for what `seen` gave; `candidate`: one that the generator has, `likeliest` what 0 gave, if that is known.

        Another colouring than the likeliest is laid only where the map leaves the colour open: styles are of whole photos, and
        would otherwise tint skin, sky and grass.
        """
        generator = tools.generator("colorize")
        if candidate:
            first, second = (replace(tools, report=part(tools.report, *half)) for half in ((0, 0.5), (0.5, 1)))
            likeliest = likeliest or self.coloured(seen, 0, first)
            chroma, _ = _answer(generator, seen.lightness, generator.styles[candidate - 1], second)
            own = likeliest.arrays["chroma"].astype(np.float32)
            known = likeliest.arrays["known"].astype(np.float32) if "known" in likeliest.arrays else None
            if known is not None:
                chroma = own + (chroma - own) * (1 - known[..., None])
        else:
            chroma, sure = _answer(generator, seen.lightness, None, tools)
            self._colour_faces(chroma, seen, generator, tools)
            known = None if sure is None else 1 - openness(chroma, sure)
        arrays: dict[str, NDArray[np.generic]] = {"chroma": chroma.astype(np.float16)}
        if known is not None:
            arrays["known"] = known.astype(np.float16)
        note = TAKES_NO_HINTS.format(title=generator.card.title) if tools.hints and not generator.takes_guide else ""
        return Analysis(self.name, arrays, {"already_colour": False, "candidate": candidate}, note)

    def _colour_faces(self, chroma: Plane, seen: Seen, generator: Generator, tools: Tools) -> None:
        """Small faces in `chroma` (h, w, 2), each as it is coloured by itself; what hints say stays."""
        said = guide_of(tools.hints if generator.takes_guide else (), *seen.lightness.shape)[..., 2] > 0
        for face in seen.faces:
            if said[face.rows, face.columns][face.weight > 0].any():
                continue
            digest = hashlib.blake2b(np.ascontiguousarray(face.lightness).data, digest_size=16).digest()
            key = (digest, face.lightness.shape, generator.card.digest, generator.provider)
            own = self._faces.get(key)
            if own is None:
                own, _ = _answer(generator, face.lightness, None, Tools(cancel=tools.cancel))
                self._faces.put(key, own)
            lay(chroma, face, own)

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


def _answer(generator: Generator, lightness: Plane, style: Plane | None, tools: Tools) -> tuple[Plane, Plane | None]:
    """a*b* (h, w, 2) and the map (h, w) that the generator gives for L* (h, w), paper without colour; style: None or (K,)."""
    grey = np.zeros((*lightness.shape, 3), np.float32)
    grey[..., 0] = lightness
    guide = guide_of(tools.hints if generator.takes_guide else (), *lightness.shape)
    restored = generator.run(lab_to_srgb(grey), guide=guide, style=style, report=tools.report, cancel=tools.cancel)
    chroma = srgb_to_lab(restored.image)[..., 1:]
    chroma[on_paper(lightness) & (guide[..., 2] == 0)] = 0
    return chroma, restored.map


def _middle(lightness: Plane) -> Plane:
    """1 at L* 50, 0 at black and white: warmth moves the middle tones and leaves paper white."""
    return lightness * (100 - lightness) * np.float32(4e-4)


COLORIZE = Colorize()
