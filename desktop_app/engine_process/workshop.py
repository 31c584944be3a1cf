"""What the engine process does for each command, with the tools it keeps: generators, pipelines, the photos looked at last."""

from __future__ import annotations

import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from PIL import Image

from desktop_app.engine_process.enlargements import shown_of
from desktop_app.engine_process.pictures import reduced, rgb32, srgb_pixels
from desktop_app.engine_process.protocol import (
    ColouringsFound,
    Command,
    DeviceLine,
    EngineOptions,
    Event,
    FacesFound,
    FindColourings,
    FindFaces,
    FindPhotos,
    MakeThumbnail,
    MarkedCommand,
    MaskRead,
    PhotosFound,
    PictureRead,
    Preview,
    PreviewAnalysed,
    PreviewRead,
    Progressed,
    ReadMask,
    ReadPicture,
    Restored,
    RestorePhoto,
    SharedMarks,
    ThumbnailMade,
    WarmedUp,
    WarmUp,
)
from desktop_app.engine_process.shared import Exchange
from engine import codecs
from engine.candidates import candidates
from engine.errors import EngineError, PhotoMissing
from engine.job import Job
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.marks import Marks
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.plan import plan
from engine.progress import CancelToken, Progress, Report
from engine.session import Device, available_devices
from engine.steps.step import Tools

Send = Callable[[Event], None]
Pause = Callable[[CancelToken], None]

_PREVIEWS_KEPT = 8
_DRAFT_PX = 800
"""Long side of what is looked at while a hand moves: several times what generators see, a sixth of a preview's pixels."""
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
        self._drafts: WeakKeyDictionary[Photo, Photo] = WeakKeyDictionary()

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
            case ReadMask():
                marks = Marks.from_file(command.path)
                shared = SharedMarks(self._exchange.put(marks.damaged), self._exchange.put(marks.sound))
                send(MaskRead(command.job, shared))
            case Preview():
                self._preview(command, send, token)
            case FindColourings():
                self._find_colourings(command, send, token)
            case FindFaces():
                photo = self._small(command.path, command.long_side_px)
                send(FacesFound(command.job, self._loader(command.generators).faces(photo, token)))
            case RestorePhoto():
                self._restore(command, send, token, pause)
            case _:
                raise TypeError(f"unknown command {command!r}")

    def unpacked(self, command: Command) -> Command:
        """The command with its marks taken out of shared memory, at once: a question that is called back leaves none there."""
        if not isinstance(command, MarkedCommand) or not isinstance(command.marks, SharedMarks):
            return command
        planes = (command.marks.damaged, command.marks.sound)
        try:
            return replace(command, marks=Marks(*(np.array(self._exchange.take(plane), np.uint8) for plane in planes)))
        except OSError:  # its job fails in its turn
            return command

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
        seen = self._draft_of(photo) if command.is_draft else photo
        shown, left_out = shown_of(command.recipe, photo, command.long_side_px, command.is_draft)
        pipeline, marks = self._pipeline(command.generators), _marks_of(command)
        found = pipeline.analyse(seen, shown, command.hints, cancel=token, marks=marks, face_wishes=command.face_wishes)
        notes = tuple(analysis.note for analysis in found.values() if analysis.note)
        send(PreviewAnalysed(command.job, found, (*notes, *left_out)))

    def _find_colourings(self, command: FindColourings, send: Send, token: CancelToken) -> None:
        photo = self._small(command.path, command.long_side_px)
        tools = Tools(self._loader(command.generators), command.hints, _telling(command.job, send), token)
        pipeline, marks = self._pipeline(command.generators), _marks_of(command)
        shown, _ = shown_of(command.recipe, photo, command.long_side_px, is_draft=False)
        seen = pipeline.before(photo, shown, "colorize", command.hints, token, marks, command.face_wishes)
        found = candidates(seen, command.recipe.entry("colorize").settings, tools)
        send(ColouringsFound(command.job, tuple(found)))

    def _restore(self, command: RestorePhoto, send: Send, token: CancelToken, pause: Pause) -> None:
        tell = _telling(command.job, send)

        def report(progress: Progress) -> None:
            pause(token)
            token.check()
            tell(progress)

        marks, face_wishes = _marks_of(command), command.face_wishes
        job = Job(command.spec, command.recipe, command.hints, marks=marks, face_wishes=face_wishes)
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

    def _draft_of(self, preview: Photo) -> Photo:
        """The same photo object each time, so that what was found in it is known again."""
        with self._lock:
            known = self._drafts.get(preview)
        if known is None:
            known = reduced(preview, _DRAFT_PX)
            with self._lock:
                # A photo that needed no reducing must not be its own value here, or it would live for ever.
                if known is not preview:
                    self._drafts[preview] = known
        return known

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


def _marks_of(command: MarkedCommand) -> Marks | None:
    """Raises EngineError for marks that were lost on the way: a photo must not be restored without them."""
    if isinstance(command.marks, SharedMarks):
        raise unexpected()
    return command.marks


def _telling(job: int, send: Send) -> Report:
    """Sends what is reported as Progressed of `job`: every note, and else as often as a reader can use."""
    last_sent_s = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last_sent_s
        now_s = time.monotonic()
        if progress.note or now_s - last_sent_s >= _REPORTS_EVERY_S:
            last_sent_s = now_s
            send(Progressed(job, progress))

    return tell


def _true_size(path: Path, preview: Photo) -> tuple[int, int]:
    """Width and height of the upright photo, from the file's first bytes; the preview's own where they do not tell."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path) as image:
            width, height = image.size
    except Exception:  # Pillow has many ways to dislike a file that another decoder reads
        return preview.width, preview.height
    lies = (width > height) != (preview.width > preview.height)
    return (height, width) if lies else (width, height)
