"""The contract of a generator kept over a session: one piece, or a picture of any size tile by tile.

generator = Generator.load(card, Device("auto"))
restored = generator.run(image, guide=guide, report=report, cancel=cancel)      # the whole picture in one piece
restored = generator.run_tiled(image, memory_gb=1.5, cancel=cancel)             # equal tiles, blended
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.card import GUIDE_CHANNELS, Card
from engine.contract import fixed_size, verified_bytes, what_is_wrong
from engine.errors import GeneratorBroken, OutOfMemory
from engine.progress import CancelToken, Progress, Report, ignore
from engine.session import Device, Session, Tensor
from engine.split import SplitSession
from engine.styles import styles_of
from engine.tiles import Tile, cut, padded, reflected

Array = NDArray[np.float32]

STAGES = {
    "colorize": "Finding colours",
    "repair": "Mending damage",
    "clean": "Cleaning",
    "upscale": "Enlarging",
    "tone": "Balancing tones",
    "age": "Ageing",
}
"""What a generator of each kind does, in words for the user."""
_LARGEST_TILE_PX = 1024  # larger ones gain no speed, and a single operation on them cannot be stopped quickly
_BLACK = 0.05


class Runner(Protocol):
    """What a generator needs of a session; tests stand in for one."""

    provider: str
    nodes: Mapping[str, int]
    inputs: list[Tensor]
    metadata: Mapping[str, str]

    def run(self, feed: Mapping[str, Array], cancel: CancelToken, *, keep_memory: bool = False) -> dict[str, Array]: ...


@dataclass(frozen=True, eq=False)
class Restored:
    """image: float32 (S·H, S·W, 3), sRGB 0..1. map: float32 (H, W) 0..1, how sure or how damaged, or None."""

    image: Array
    map: Array | None


class Generator:
    """A loaded ONNX file, or two, that keep the contract of their card. Made by `load`."""

    def __init__(self, card: Card, session: Runner) -> None:
        self.card = card
        self._session = session
        self._style_length = next(
            (fixed_size(t.shape[1]) for t in session.inputs if t.name == card.inputs.get("style")), 0
        )
        self.styles = styles_of(session.metadata, self._style_length)
        """float32 (n, K): the styles worth trying, (0, 0) where it takes none; see styles.py."""

    @classmethod
    def load(cls, card: Card, device: Device) -> Generator:
        """Read, check and try the file or both files of `card` (as read from its folder) on `device`.

        Raises:
            GeneratorBroken: a file is missing, is not the one whose hash the card has, breaks the contract or gives
            no picture. DeviceUnavailable, OutOfMemory: see engine/session.py.
        """
        if card.kind == "detector":
            raise GeneratorBroken(card.name, "it is a detector, which this version of Autochrome cannot run")

        def accept(session: Session | SplitSession) -> None:
            reason = what_is_wrong(card, session.inputs, session.outputs, session.metadata)
            if reason:
                raise GeneratorBroken(card.name, reason)
            cls(card, session)._try()

        if "encoder" in card.files:
            return cls(card, SplitSession.open(card, device, accept))
        return cls(card, device.open(verified_bytes(card, "generator"), card.name, accept))

    @property
    def provider(self) -> str:
        """ONNX Runtime's word for what it really runs on."""
        return self._session.provider

    @property
    def nodes(self) -> Mapping[str, int]:
        """Provider -> how many operations of the graph it runs; {} if unknown."""
        return self._session.nodes

    @property
    def takes_guide(self) -> bool:
        """Whether it can follow hints (colorize) or marks (repair)."""
        return self.card.takes_guide

    def run(
        self,
        image: Array,
        *,
        guide: Array | None = None,
        style: Array | None = None,
        report: Report = ignore,
        cancel: CancelToken | None = None,
    ) -> Restored:
        """The whole picture in one piece, padded by reflection to the sizes the card asks for and cropped back.

        image: float32 (H, W, 3), sRGB 0..1. guide: float32 (H, W, G), zeros where nothing is said. style: float32 (K,),
        None for the default answer. Needs memory in proportion to H · W.

        Raises:
            GeneratorBroken: it gave no picture, or is asked to follow a guide and cannot. OutOfMemory, Cancelled,
            DeviceUnavailable. ValueError: an array has the wrong shape (a caller's bug).
        """
        guide, style = self._checked(image, guide, style)
        stage = STAGES[self.card.kind]
        report(Progress(stage, 0.0))
        with _memory_for(image):
            restored = self._piece(image, guide, style, cancel or CancelToken(), keep_memory=False)
        report(Progress(stage, 1.0))
        return restored

    def run_tiled(
        self,
        image: Array,
        *,
        guide: Array | None = None,
        style: Array | None = None,
        tile_px: int | None = None,
        overlap_px: int = 32,
        memory_gb: float = 1.0,
        report: Report = ignore,
        cancel: CancelToken | None = None,
    ) -> Restored:
        """A picture of any size in equal tiles, blended smoothly where they overlap; arrays as in `run`.

        tile_px: longest side of a tile in input pixels; None chooses it so that a run stays within about `memory_gb`
        (the arrays of picture and result not counted). overlap_px: what neighbours share at least, reduced to a quarter
        of small tiles. Where memory runs out the tile is halved, the user reads a note, and the same place is tried
        again.

        Raises:
            As `run`; OutOfMemory only once tiles of the card's minimum do not fit either.
        """
        guide, style = self._checked(image, guide, style)
        side = self.tile_for(memory_gb) if tile_px is None else self.legal_tile(tile_px)
        with _memory_for(image):
            return _TiledRun(self, image, guide, style, side, overlap_px, report, cancel or CancelToken()).result()

    def tile_for(self, memory_gb: float) -> int:
        """The longest side in pixels of a tile whose run should stay within `memory_gb`.

        An estimate: activations per pixel grow with a network's width, so with the root of its parameters. Measured for a
        U-Net of 5.2 million on the processor: 1.0 KB a pixel; 2.3 KB are taken, since networks differ. `run_tiled` halves
        what was too large.
        """
        bytes_per_pixel = (
            1000 * math.sqrt(max(self.card.parameters, 1_000_000) / 1e6) * max(1.0, self.card.scale**2 / 4)
        )
        return self.legal_tile(math.isqrt(int(memory_gb * 1e9 / bytes_per_pixel)))

    def legal_tile(self, side: int) -> int:
        """`side` as a multiple of the card's, not below its minimum, not above what can be stopped quickly."""
        smallest = padded(1, self.card.multiple, self.card.minimum)
        return max(smallest, min(side, _LARGEST_TILE_PX) // self.card.multiple * self.card.multiple)

    def _try(self) -> None:
        """Run the smallest picture: sizes, black and NaN show only in a result. Raises as `run`."""
        side = padded(16, self.card.multiple, self.card.minimum)
        ramp = np.linspace(0.2, 0.8, side * (side + self.card.multiple) * 3, dtype=np.float32)
        self.run(ramp.reshape(side, side + self.card.multiple, 3))

    def _checked(self, image: Array, guide: Array | None, style: Array | None) -> tuple[Array | None, Array | None]:
        """`guide` and `style` as this generator takes them: None where it has no such input."""
        if image.ndim != 3 or image.shape[2] != 3 or image.size == 0 or image.dtype != np.float32:
            raise ValueError(f"image must be float32 (H, W, 3), not {image.dtype} {image.shape}")
        if guide is not None:
            wanted = (*image.shape[:2], GUIDE_CHANNELS.get(self.card.kind, 0))
            if guide.shape != wanted or guide.dtype != np.float32:
                raise ValueError(f"guide must be float32 {wanted}, not {guide.dtype} {guide.shape}")
            if not self.takes_guide:
                if guide.any():
                    raise GeneratorBroken(self.card.name, "it cannot follow hints")
                guide = None
        if style is not None and (style.shape != (self._style_length,) or style.dtype != np.float32):
            raise ValueError(f"style must be float32 ({self._style_length},), not {style.dtype} {style.shape}")
        return guide, style

    def _piece(
        self, image: Array, guide: Array | None, style: Array | None, cancel: CancelToken, *, keep_memory: bool
    ) -> Restored:
        """One run of the session: (H, W, 3) padded to (1, 3, H', W'), checked, cropped back."""
        height, width = image.shape[:2]
        tall = padded(height, self.card.multiple, self.card.minimum)
        wide = padded(width, self.card.multiple, self.card.minimum)
        feed = self._feed(image, guide, style, tall, wide)
        outputs = self._session.run(feed, cancel, keep_memory=keep_memory)
        scale = self.card.scale
        picture = self._sound(outputs[self.card.outputs["restored"]], (1, 3, scale * tall, scale * wide))
        if self.card.range.endswith("255"):
            picture = picture / np.float32(255)
        if picture.max() <= 0 and image.max() > _BLACK:
            raise GeneratorBroken(self.card.name, "it gave a black picture")
        picture = picture[0, :, : scale * height, : scale * width].transpose(1, 2, 0)
        if self.card.range.startswith("bgr"):
            picture = picture[..., ::-1]
        sureness = None
        if "map" in self.card.outputs:
            sureness = self._sound(outputs[self.card.outputs["map"]], (1, 1, tall, wide))[0, 0, :height, :width].clip(
                0, 1
            )
        return Restored(np.clip(picture, 0, 1, out=np.empty(picture.shape, np.float32)), sureness)

    def _feed(self, image: Array, guide: Array | None, style: Array | None, tall: int, wide: int) -> dict[str, Array]:
        """Tensor name -> (1, C, tall, wide): the picture reflected beyond its edges, the guide saying nothing there."""
        height, width = image.shape[:2]
        picture = image[reflected(height, tall)][:, reflected(width, wide)].transpose(2, 0, 1)[None]
        if self.card.range.startswith("bgr"):
            picture = picture[:, ::-1]
        if self.card.range.endswith("255"):
            picture = picture * np.float32(255)
        feed = {self.card.inputs["image"]: np.ascontiguousarray(picture)}
        if self.takes_guide:
            said = np.zeros((1, GUIDE_CHANNELS[self.card.kind], tall, wide), np.float32)
            if guide is not None:
                said[0, :, :height, :width] = guide.transpose(2, 0, 1)
            feed[self.card.inputs["guide"]] = said
        if "style" in self.card.inputs:
            feed[self.card.inputs["style"]] = (
                np.zeros((1, self._style_length), np.float32) if style is None else style[None]
            )
        return feed

    def _sound(self, values: Array, shape: tuple[int, ...]) -> Array:
        """`values` if they are a picture of this shape."""
        if values.shape != shape:
            raise GeneratorBroken(self.card.name, "its result has another size than its card says")
        if not (math.isfinite(values.min()) and math.isfinite(values.max())):
            raise GeneratorBroken(self.card.name, "it gave no picture")
        return values


class _TiledRun:
    """One picture on its way through a generator in tiles; remembers the tile size that memory allows."""

    def __init__(
        self,
        generator: Generator,
        image: Array,
        guide: Array | None,
        style: Array | None,
        tile_px: int,
        overlap_px: int,
        report: Report,
        cancel: CancelToken,
    ) -> None:
        self.generator, self.card = generator, generator.card
        self.image, self.guide, self.style = image, guide, style
        self.tile_px, self.overlap_px = tile_px, overlap_px
        self.report, self.cancel = report, cancel
        self.done = 0.0

    def result(self) -> Restored:
        self._say()
        return self._area(Tile(0, 0, *self.image.shape[:2]), share=1.0)

    def _area(self, area: Tile, share: float) -> Restored:
        """The result for a part of the picture, in one run if the tile size allows; `share`: its part of the work."""
        if max(area.height, area.width) <= self.tile_px:
            try:
                return self._run(area, share)
            except OutOfMemory as error:
                self._halve(area, error)
        return self._blended(area, share)

    def _run(self, area: Tile, share: float) -> Restored:
        rows, columns = slice(area.top, area.top + area.height), slice(area.left, area.left + area.width)
        guide = None if self.guide is None else self.guide[rows, columns]
        more_follow = self.done + share < 1 - 1e-6
        restored = self.generator._piece(
            self.image[rows, columns], guide, self.style, self.cancel, keep_memory=more_follow
        )
        self.done += share
        self._say()
        return restored

    def _halve(self, area: Tile, error: OutOfMemory) -> None:
        """Make later tiles half as long as `area`; raises `error` again once that is no longer less."""
        smaller = self.generator.legal_tile(max(area.height, area.width) // 2)
        if smaller >= max(area.height, area.width):
            raise error
        self.tile_px = smaller
        self._say(f"There was less memory than expected: working in smaller pieces of {smaller} pixels.")

    def _blended(self, area: Tile, share: float) -> Restored:
        overlap = min(self.overlap_px, self.tile_px // 4)
        tiling = cut(area.height, area.width, self.tile_px, overlap, self.card.multiple)
        scale = self.card.scale
        image = np.zeros((area.height * scale, area.width * scale, 3), np.float32)
        sureness = np.zeros((area.height, area.width), np.float32) if "map" in self.card.outputs else None
        for tile in tiling:
            inside = Tile(area.top + tile.top, area.left + tile.left, tile.height, tile.width)
            restored = self._area(inside, share / len(tiling))
            image[_slices(tile, scale)] += restored.image * tiling.weight(tile, scale)[..., None]
            if sureness is not None and restored.map is not None:
                sureness[_slices(tile, 1)] += restored.map * tiling.weight(tile)
        return Restored(image, sureness)

    def _say(self, note: str = "") -> None:
        self.report(Progress(STAGES[self.card.kind], min(1.0, self.done), note=note))


@contextmanager
def _memory_for(image: Array) -> Iterator[None]:
    """Numpy's own shortage, as for the arrays that tiles are put together in, becomes ours."""
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory(f"a picture of {image.shape[1]} x {image.shape[0]} pixels") from error


def _slices(tile: Tile, scale: int) -> tuple[slice, slice]:
    return (
        slice(tile.top * scale, (tile.top + tile.height) * scale),
        slice(tile.left * scale, (tile.left + tile.width) * scale),
    )
