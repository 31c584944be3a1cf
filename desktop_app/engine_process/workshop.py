"""What the engine process does for each command, with the tools it keeps: generators, pipelines, the photos looked at last."""

from __future__ import annotations

import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock

from PIL import Image

from desktop_app.engine_process.pictures import rgb32, srgb_pixels
from desktop_app.engine_process.protocol import (
    Command,
    DeviceLine,
    EngineOptions,
    Event,
    FindPhotos,
    MakeThumbnail,
    PhotosFound,
    PictureRead,
    Preview,
    PreviewAnalysed,
    PreviewRead,
    Progressed,
    ReadPicture,
    Restored,
    RestorePhoto,
    ThumbnailMade,
    WarmedUp,
    WarmUp,
)
from desktop_app.engine_process.shared import Exchange
from engine import codecs
from engine.errors import EngineError, PhotoMissing
from engine.job import Job
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.plan import plan
from engine.progress import CancelToken, Progress
from engine.session import Device, available_devices

Send = Callable[[Event], None]
Pause = Callable[[CancelToken], None]

_PREVIEWS_KEPT = 8
_REPORTS_EVERY_S = 0.2
"""Five times a second is as often as a reader of a progress bar can use."""


def unexpected() -> EngineError:
    """What a failure that nobody foresaw is called; its details go to the log and to “Copy details”."""
    return EngineError("Something unexpected went wrong.", "Copy the details and report them.")


class Workshop:
    """Knows how to do every command; used by several lanes at once."""

    def __init__(self, options: EngineOptions, exchange: Exchange) -> None:
        self._options = options
        self._exchange = exchange
        self._lock = Lock()
        self._device: Device | None = None
        self._library: ModelLibrary | None = None
        self._pipelines: dict[frozenset[tuple[str, str]], Pipeline] = {}
        self._loaders: dict[frozenset[tuple[str, str]], Loader] = {}
        self._previews: OrderedDict[tuple[Path, int, int, int], Photo] = OrderedDict()

    def do(self, command: Command, send: Send, token: CancelToken, pause: Pause) -> None:
        """Do `command` and send its events. pause: waits while somebody in front of the screen needs the cores.

        Raises:
            EngineError: as the engine says it; the caller sends the Failed.
        """
        match command:
            case WarmUp():
                self._warm_up(command, send)
            case FindPhotos():
                jobs = plan(command.folders, recursive=True)
                send(PhotosFound(command.job, tuple(job.source for job in jobs if job.problem is None)))
            case MakeThumbnail():
                small = srgb_pixels(codecs.read_preview(command.path, command.side_px))
                send(ThumbnailMade(command.job, self._exchange.put(rgb32(small))))
            case ReadPicture():
                send(PictureRead(command.job, self._exchange.put(rgb32(srgb_pixels(codecs.read(command.path))))))
            case Preview():
                self._preview(command, send, token)
            case RestorePhoto():
                self._restore(command, send, token, pause)
            case _:
                raise TypeError(f"unknown command {command!r}")

    def _warm_up(self, command: WarmUp, send: Send) -> None:
        load = self._loader(command.generators)
        for kind in command.kinds:
            load(kind)
        device = self._device
        assert device is not None
        known = tuple(DeviceLine(info.name, info.usable, info.reason) for info in available_devices())
        send(WarmedUp(command.job, known, device.name, device.fell_back))

    def _preview(self, command: Preview, send: Send, token: CancelToken) -> None:
        photo = self._small(command.path, command.long_side_px)
        if command.wants_picture:
            width, height = _true_size(command.path, photo)
            send(PreviewRead(command.job, self._exchange.put(photo.pixels), width, height))
        token.check()
        found = self._pipeline(command.generators).analyse(photo, command.recipe, command.hints, cancel=token)
        notes = tuple(analysis.note for analysis in found.values() if analysis.note)
        send(PreviewAnalysed(command.job, found, notes))

    def _restore(self, command: RestorePhoto, send: Send, token: CancelToken, pause: Pause) -> None:
        last_sent_s = 0.0

        def report(progress: Progress) -> None:
            nonlocal last_sent_s
            pause(token)
            token.check()
            now_s = time.monotonic()
            if progress.note or now_s - last_sent_s >= _REPORTS_EVERY_S:
                last_sent_s = now_s
                send(Progressed(command.job, progress))

        job = Job(command.spec, command.recipe, command.hints)
        send(Restored(command.job, job.run(self._pipeline(command.generators), report, token)))

    # ------------------------------------------------------------------------------------------------------ kept tools

    def _loader(self, generators: Mapping[str, str]) -> Loader:
        """The loader for the chosen generators; all of them share one device."""
        chosen = frozenset(generators.items())
        with self._lock:
            if self._device is None or self._library is None:
                self._device = Device(self._options.device, self._options.threads)
                self._library = ModelLibrary(self._options.model_folders)
            if chosen not in self._loaders:
                self._loaders[chosen] = Loader(self._library, self._device, dict(generators))
            return self._loaders[chosen]

    def _pipeline(self, generators: Mapping[str, str]) -> Pipeline:
        loader = self._loader(generators)
        with self._lock:
            return self._pipelines.setdefault(frozenset(generators.items()), Pipeline(loader))

    def _small(self, path: Path, long_side_px: int) -> Photo:
        """A photo for the screen: sRGB, 8 bit, no alpha; the last few are kept as long as their file stays as it is."""
        try:
            status = path.stat()
        except OSError as error:
            raise PhotoMissing(path) from error
        key = (path, status.st_mtime_ns, status.st_size, long_side_px)
        with self._lock:
            known = self._previews.get(key)
        if known is None:
            known = Photo(srgb_pixels(codecs.read_preview(path, long_side_px)))
        with self._lock:
            self._previews[key] = known
            self._previews.move_to_end(key)
            while len(self._previews) > _PREVIEWS_KEPT:
                self._previews.popitem(last=False)
        return known


def _true_size(path: Path, preview: Photo) -> tuple[int, int]:
    """Width and height of the upright photo, from the file's first bytes; the preview's own where they do not tell."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            width, height = image.size
    except Exception:  # Pillow has many ways to dislike a file that another decoder reads
        return preview.width, preview.height
    lies = (width > height) != (preview.width > preview.height)
    return (height, width) if lies else (width, height)
