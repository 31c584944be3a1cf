"""Frames from films: one every few seconds, without borders, without black, flat and repeated ones, as small WebP files."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.atomic import write_atomically
from training.config import ConfigError
from training.data.perceptual_hash import Kept, difference_hash

if TYPE_CHECKING:
    from av import VideoFrame

DARK_MEAN = 16.0
FLAT_SPREAD = 8.0
"""Luma 0..255: a frame with a lower mean is black, one with a smaller standard deviation shows nothing."""

BORDER_LUMA = 24.0
BORDER_SHARE = 0.95
SAMPLES = 8
"""A row or column is border when 98 % of it is darker than this in so large a share of the sampled frames."""

Told = Callable[[str, float, float], None]
"""(film's name, seconds done, seconds in all or 0) while a film is read."""


class FilmUnreadable(ValueError):
    """A film that cannot be read; the message is one sentence that names it."""


@dataclass(frozen=True)
class Cut:
    """What became of the frames of one film that were looked at; damaged: places in the file that were passed over."""

    saved: int = 0
    repeated: int = 0
    empty: int = 0
    damaged: int = 0


@dataclass(frozen=True)
class Borders:
    """Pixels to cut away at each side."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    def cut_off(self, picture: Image.Image) -> Image.Image:
        return picture.crop((self.left, self.top, picture.width - self.right, picture.height - self.bottom))


def cut(
    films: Sequence[Path],
    folder: Path,
    every_s: float = 2.0,
    short_side_px: int = 288,
    quality: int = 90,
    told: Told = lambda film, done_s, all_s: None,
) -> Iterator[tuple[Path, Cut | FilmUnreadable]]:
    """Save frames of each film as FILM-00061500.webp (its time in milliseconds) in `folder`; one answer a film as it ends.

    A frame nearly the same as one saved before, of whichever of these films, is left out (training.data.perceptual_hash).

    Raises:
        ConfigError: PyAV is not installed.
        OutputUnwritable: The disk refuses.
    """
    try:
        import av  # noqa: F401
    except ImportError as error:
        raise ConfigError("cutting frames needs PyAV: install it with  pip install av  (the extra `film`)") from error
    folder.mkdir(parents=True, exist_ok=True)
    kept, taken = Kept(), set[str]()
    for film in films:
        label, number = film.stem, 1
        while label in taken:
            number += 1
            label = f"{film.stem}-{number}"
        taken.add(label)
        saved = repeated = empty = 0
        reader = _Reader(film)
        try:
            borders = _borders(reader)
            for time_s, picture in reader.every(every_s):
                told(film.name, time_s, reader.seconds)
                picture = borders.cut_off(picture)
                if is_empty(picture):
                    empty += 1
                elif kept.nearest(bits := difference_hash(picture)) is not None:
                    repeated += 1
                else:
                    write_atomically(
                        folder / f"{label}-{round(time_s * 1000):08}.webp",
                        _encoded(picture, short_side_px, quality),
                        overwrite=True,
                    )
                    kept.keep(bits)
                    saved += 1
            if not saved + repeated + empty:
                raise FilmUnreadable(f"{film.name} holds no frame that can be read.")
            yield film, Cut(saved, repeated, empty, reader.damaged)
        except FilmUnreadable as error:
            yield film, error


def is_empty(picture: Image.Image) -> bool:
    """Black, or one flat tone."""
    luma = np.asarray(picture.convert("L").reduce(max(1, min(picture.size) // 64)), np.float32)
    return bool(luma.mean() < DARK_MEAN or luma.std() < FLAT_SPREAD)


def borders_of(rows: NDArray[np.float32], columns: NDArray[np.float32]) -> Borders:
    """What to cut, from (frames, height) and (frames, width): how bright each row and column is in each sampled frame.

    Where a border is found, a hundredth of the side more is cut: its edge is soft. More than a quarter is no border but a dark
    film, and left alone.
    """
    top, bottom = _edges(rows)
    left, right = _edges(columns)
    return Borders(left, top, right, bottom)


def _edges(bright: NDArray[np.float32]) -> tuple[int, int]:
    length = bright.shape[1]
    picture = np.flatnonzero((bright < BORDER_LUMA).mean(0) < BORDER_SHARE)
    if not len(picture):
        return 0, 0
    soft = max(1, length // 100)
    edges = [int(edge) + soft if edge else 0 for edge in (picture[0], length - 1 - picture[-1])]
    first, last = (edge if edge <= length // 4 else 0 for edge in edges)
    return first, last


def _borders(reader: _Reader) -> Borders:
    """Borders of a film from its key frames, or of all frames where it has few; black frames tell nothing."""
    for key_frames in (True, False):
        rows, columns = [], []
        for _, picture in reader.every(0.5, key_frames):
            luma = np.asarray(picture.convert("L"), np.float32)
            if luma.mean() >= DARK_MEAN:
                rows.append(np.percentile(luma, 98, axis=1).astype(np.float32))
                columns.append(np.percentile(luma, 98, axis=0).astype(np.float32))
        if len(rows) >= SAMPLES:
            break
    shapes = {(len(row), len(column)) for row, column in zip(rows, columns, strict=True)}
    return borders_of(np.stack(rows), np.stack(columns)) if len(shapes) == 1 else Borders()


def _encoded(picture: Image.Image, short_side_px: int, quality: int) -> bytes:
    scale = min(1.0, short_side_px / min(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    encoded = io.BytesIO()
    picture.resize((width, height), Image.Resampling.LANCZOS).save(encoded, "WEBP", quality=quality)
    return encoded.getvalue()


class _Reader:
    """Upright pictures of one film with square pixels; seconds: its length or 0; damaged: places passed over when last read."""

    def __init__(self, film: Path) -> None:
        self.film = film
        self.seconds = 0.0
        self.damaged = 0
        self._aspect = 1.0

    def every(self, seconds: float, key_frames: bool = False) -> Iterator[tuple[float, Image.Image]]:
        """(time in seconds, picture) of the first frame in each stretch of so many seconds; of the key frames alone if asked.

        Raises:
            FilmUnreadable: Not a film.
        """
        wanted: float | None = None
        for time_s, frame in self._frames(key_frames):
            if wanted is None:
                wanted = time_s
            if time_s >= wanted:
                yield time_s, self._upright(frame)
                wanted += seconds * (1 + (time_s - wanted) // seconds)

    def _frames(self, key_frames: bool) -> Iterator[tuple[float, VideoFrame]]:
        import av

        self.damaged = 0
        try:
            container = av.open(str(self.film))
        except (av.FFmpegError, OSError) as error:
            raise FilmUnreadable(f"{self.film.name} cannot be opened as a film: {error.strerror or error}.") from error
        with container:
            if not container.streams.video:
                raise FilmUnreadable(f"{self.film.name} has no picture in it.")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            if key_frames:
                stream.codec_context.skip_frame = "NONKEY"
            self._aspect = float(stream.sample_aspect_ratio or 1)
            self.seconds = (container.duration or 0) / av.time_base
            rate, number = float(stream.average_rate or 25), 0
            packets = container.demux(stream)
            while True:
                try:
                    packet = next(packets, None)
                    frames = packet.decode() if packet is not None else []
                except av.FFmpegError:
                    self.damaged += 1
                    if self.damaged > 1000:
                        return
                    continue
                if packet is None:
                    return
                for frame in frames:
                    yield (frame.time if frame.time is not None else number / rate), frame
                    number += 1

    def _upright(self, frame: VideoFrame) -> Image.Image:
        """A decoded frame as it is meant to be seen: turned as the camera was, its pixels square (those of a DVD are not)."""
        picture = frame.to_image()
        if self._aspect != 1:
            picture = picture.resize((max(1, round(picture.width * self._aspect)), picture.height))
        return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture
