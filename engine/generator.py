"""The contract of a generator kept over a session: one piece, or a picture of any size tile by tile.

generator = Generator.load(card, Device("auto"))
restored = generator.run(image, guide=guide, report=report, cancel=cancel)      # the whole picture in one piece
restored = generator.run_tiled(image, memory_gb=1.5, cancel=cancel)             # equal tiles, blended
damage = generator.find(image); mended = generator.fill(image, damage > 0.5)     # the two halves of `repair`
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.card import GUIDE_CHANNELS, Card
from engine.contract import FOUND, PICTURE, fixed_size, verified_bytes, what_is_wrong
from engine.errors import GeneratorBroken, OutOfMemory
from engine.progress import CancelToken, Progress, Report, ignore
from engine.session import Device, Session, Tensor
from engine.split import SplitSession
from engine.styles import styles_of
from engine.tensors import Tensors
from engine.tiled_run import TiledRun
from engine.tiles import Tile, padded

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
FINDING = "Finding damage"
VEILED = np.float32(0.75)
"""The word for damage that a repairer may look through; 1 is the word for what is lost."""
_LARGEST_TILE_PX = 1024  # larger ones gain no speed, and a single operation on them cannot be stopped quickly


class Picture(Protocol):
    """sRGB 0..1 that is looked at piece by piece: an array float32 (H, W, 3), or what makes one of any part of a photo."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, place: tuple[slice, slice], /) -> Array: ...


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
            raise GeneratorBroken(card.name, "it is a detector, which finds faces and restores nothing")

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
        overlap_px: int | None = None,
        memory_gb: float = 1.0,
        report: Report = ignore,
        cancel: CancelToken | None = None,
    ) -> Restored:
        """A picture of any size in equal tiles, blended smoothly where they overlap; arrays as in `run`.

        tile_px: longest side of a tile in input pixels; None chooses it so that a run stays within about `memory_gb`
        (the arrays of picture and result not counted). overlap_px: what neighbours share at least, reduced to a quarter
        of small tiles; None for the card's. Where memory runs out the tile is halved, the user reads a note, and the same
        place is tried again.

        Raises:
            As `run`; OutOfMemory only once tiles of the card's minimum do not fit either.
        """
        guide, style = self._checked(image, guide, style)
        token = cancel or CancelToken()

        def work(tile: Tile, more_follow: bool) -> tuple[Array, ...]:
            place = _place(tile)
            said = None if guide is None else guide[place]
            restored = self._piece(image[place], said, style, token, keep_memory=more_follow)
            return (restored.image,) if restored.map is None else (restored.image, restored.map[..., None])

        layout = ((self.card.scale, 3), (1, 1)) if "map" in self.card.outputs else ((self.card.scale, 3),)
        results = self._tiles(work, layout, image, tile_px, overlap_px, memory_gb, report)
        return Restored(results[0], results[1][..., 0] if len(results) > 1 else None)

    def find(
        self,
        image: Picture,
        *,
        tile_px: int | None = None,
        memory_gb: float = 1.0,
        report: Report = ignore,
        cancel: CancelToken | None = None,
    ) -> Array:
        """How likely each place of a picture is damaged, before anybody says so: float32 (H, W) 0..1, tile by tile.

        For the kind `repair`; of two files the encoder alone runs. Other arguments and Raises: as `run_tiled`.
        """
        token = cancel or CancelToken()
        if "map" not in self.card.outputs:
            raise GeneratorBroken(self.card.name, "it does not say where damage is")

        def work(tile: Tile, more_follow: bool) -> tuple[Array, ...]:
            return (self._found(image[_place(tile)], token, keep_memory=more_follow)[..., None],)

        (found,) = self._tiles(work, ((1, 1),), image, tile_px, None, memory_gb, _saying(FINDING, report))
        return found[..., 0]

    def fill(
        self,
        image: Array,
        mask: NDArray[np.bool_],
        *,
        seen: NDArray[np.bool_] | None = None,
        tile_px: int | None = None,
        memory_gb: float = 1.0,
        report: Report = ignore,
        cancel: CancelToken | None = None,
    ) -> Array:
        """`image` (H, W, 3) with what lies under `mask` (H, W) mended; everything else is `image`'s own, bit for bit.

        seen: (H, W), those places of `mask` that the generator may look through, since damage may be a veil or none at all;
        None for no place: what stands there is lost. For the kind `repair`; of two files the decoder alone runs, and only
        tiles that hold some of `mask` are worked on. Other arguments and Raises: as `run_tiled`.
        """
        through = np.zeros_like(mask) if seen is None else seen
        for name, plane in (("mask", mask), ("seen", through)):
            if plane.shape != image.shape[:2] or plane.dtype != np.bool_:
                raise ValueError(f"{name} must be bool {image.shape[:2]}, not {plane.dtype} {plane.shape}")
        token = cancel or CancelToken()
        if not self.takes_guide:
            raise GeneratorBroken(self.card.name, "it cannot be told where damage is")

        def work(tile: Tile, more_follow: bool) -> tuple[Array, ...]:
            place = _place(tile)
            return (self._filled(image[place], mask[place], through[place], token, keep_memory=more_follow),)

        def is_wanted(tile: Tile) -> bool:
            return bool(mask[_place(tile)].any())

        (mended,) = self._tiles(work, ((1, 3),), image, tile_px, None, memory_gb, report, is_wanted)
        return np.where(mask[..., None], mended, image)

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
        """`side` as a multiple of the card's, not below its minimum, not above what can be stopped quickly.

        Two multiples at least, or tiles that begin at multiples could not overlap.
        """
        smallest = padded(1, self.card.multiple, max(self.card.minimum, 2 * self.card.multiple))
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

    def _tiles(
        self,
        work: Callable[[Tile, bool], tuple[Array, ...]],
        layout: tuple[tuple[int, int], ...],
        image: Picture,
        tile_px: int | None,
        overlap_px: int | None,
        memory_gb: float,
        report: Report,
        is_wanted: Callable[[Tile], bool] = lambda tile: True,
    ) -> tuple[Array, ...]:
        side = self.tile_for(memory_gb) if tile_px is None else self.legal_tile(tile_px)
        overlap = self.card.overlap if overlap_px is None else overlap_px
        stage = STAGES[self.card.kind]
        run = TiledRun(work, layout, self.legal_tile, side, overlap, self.card.multiple, stage, report, is_wanted)
        height, width = image.shape[:2]
        with _memory_for(image):
            return run.results(height, width)

    def _piece(
        self, image: Array, guide: Array | None, style: Array | None, cancel: CancelToken, *, keep_memory: bool
    ) -> Restored:
        """One run of the session for an image (H, W, 3)."""
        tensors = Tensors(self.card, *image.shape[:2])
        feed = {self.card.inputs["image"]: tensors.of_image(image)} | self._style_tensor(style)
        if self.takes_guide:
            feed[self.card.inputs["guide"]] = tensors.of_guide(guide)
        outputs = self._session.run(feed, cancel, keep_memory=keep_memory)
        picture = tensors.picture_in(outputs[self.card.outputs["restored"]], image.max())
        if "map" not in self.card.outputs:
            return Restored(picture, None)
        return Restored(picture, tensors.map_in(outputs[self.card.outputs["map"]]))

    def _found(self, image: Array, cancel: CancelToken, *, keep_memory: bool) -> Array:
        """(H, W): the map of an image (H, W, 3) about which nothing is said."""
        if self._halves is None:
            found = self._piece(image, None, None, cancel, keep_memory=keep_memory).map
            assert found is not None, "its card names a map"
            return found
        tensors = Tensors(self.card, *image.shape[:2])
        return tensors.map_in(self._halves.encode(tensors.of_image(image), cancel, keep_memory=keep_memory)[FOUND])

    def _filled(
        self, image: Array, mask: NDArray[np.bool_], seen: NDArray[np.bool_], cancel: CancelToken, *, keep_memory: bool
    ) -> Array:
        """One run that mends `mask` and is told that the rest is sound; beyond the edges all are reflected."""
        tensors = Tensors(self.card, *image.shape[:2])
        picture, damaged = tensors.of_image(image), tensors.of(mask[..., None].astype(np.float32))
        word = damaged - (1 - VEILED) * tensors.of((mask & seen)[..., None].astype(np.float32))
        said = {self.card.inputs["guide"]: np.concatenate([word, 1 - damaged], 1)} | self._style_tensor(None)
        if self._halves is None:
            outputs = self._session.run({self.card.inputs["image"]: picture} | said, cancel, keep_memory=keep_memory)
        else:
            outputs = self._halves.decode({PICTURE: picture, FOUND: damaged} | said, cancel, keep_memory=keep_memory)
        # White dust on black paper leaves a black picture, rightly: only what is known can tell.
        brightest = image[~mask].max(initial=0)
        return tensors.picture_in(outputs[self.card.outputs["restored"]], brightest)

    def _style_tensor(self, style: Array | None) -> dict[str, Array]:
        if "style" not in self.card.inputs:
            return {}
        default = np.zeros((1, self._style_length), np.float32)
        return {self.card.inputs["style"]: default if style is None else style[None]}

    @property
    def _halves(self) -> SplitSession | None:
        return self._session if isinstance(self._session, SplitSession) else None


@contextmanager
def _memory_for(image: Picture) -> Iterator[None]:
    """Numpy's own shortage, as for the arrays that tiles are put together in, becomes ours."""
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory(f"a picture of {image.shape[1]} x {image.shape[0]} pixels") from error


def _saying(stage: str, report: Report) -> Report:
    return lambda progress: report(replace(progress, stage=stage))


def _place(tile: Tile) -> tuple[slice, slice]:
    return slice(tile.top, tile.top + tile.height), slice(tile.left, tile.left + tile.width)
