"""Keeps the current photo's preview true to its recipe and hints: asks the engine for the slow part, applies the quick part."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.document import Document, PreviewAnalyses, slow_part
from desktop_app.engine_process.background import Background, Done
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, Preview, PreviewAnalysed, PreviewRead
from desktop_app.preview import qimage_of
from desktop_app.queue import PhotoQueue, QueueItem
from engine.errors import Cancelled
from engine.generator import STAGES
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.progress import CancelToken
from engine.recipe import Recipe
from engine.steps.step import Analysis

PREVIEW_PX = 2000
_PREVIEWS_KEPT = 12
_SETTLED_MS = 60
"""How long a slow setting must rest before the engine is asked: a dragged slider is one question, not fifty."""
_FRAME_S = 0.030
"""An apply that takes longer is done on a draft first, so that the photo follows the hand."""
_HAND_RESTS_MS = 100
"""How long a draft stays before the whole preview is worked out."""
_DRAFT_PX = 800
_BEFORE, _DRAFT, _FULL = "before", "draft", "full"


@dataclass(frozen=True)
class _Applied:
    image: QImage
    seconds: float


@dataclass(frozen=True)
class PreviewFailed:
    """The preview of `item` cannot be shown, for the reason in `event`."""

    item: QueueItem
    event: Failed


class Previewing(QObject):
    """One photo at a time. What arrives late for another one is kept in its document or dropped."""

    before_changed = Signal(object)
    """Payload: the original as QImage, None while it is not known."""
    after_changed = Signal(object)
    """Payload: the restored preview as QImage, None while there is none."""
    size_known = Signal(object)
    """Payload: (width, height) of the whole photo."""
    busy_changed = Signal(object)
    """Payload: words for what is awaited ("Finding colours"), "" when nothing is."""
    failed = Signal(object)
    """Payload: PreviewFailed."""
    noted = Signal(object)
    """Payload: what the analysis of the current photo has to say, a tuple of lines ("already in colour, left alone")."""

    def __init__(
        self, queue: PhotoQueue, client: EngineClient, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._background = background
        self._item: QueueItem | None = None
        self._job = 0
        self._asked_for: tuple[object, ...] = ()
        self._ticket = 0
        self._first_ticket = 0  # of the current photo
        self._full_s = float("inf")  # unknown yet: the first look at a photo is a draft too
        self._draft: Photo | None = None
        self._generators: Mapping[str, str] = {}
        self._kept: OrderedDict[Document, None] = OrderedDict()
        self._settled = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settled.timeout.connect(self._ask_engine)
        self._hand_rests = QTimer(self, singleShot=True, interval=_HAND_RESTS_MS)
        self._hand_rests.timeout.connect(self._ask_for_full)
        self._full_cancel = CancelToken()
        queue.current_changed.connect(self.show_item)
        queue.removed.connect(self._forget)
        client.preview_read.connect(self._preview_read)
        client.preview_analysed.connect(self._preview_analysed)
        client.failed.connect(self._client_failed)
        background.done.connect(self._background_done)

    def set_generators(self, chosen: Mapping[str, str]) -> None:
        """kind -> name of the generators to use from now on; the current preview is made again with them."""
        if chosen != self._generators:
            self._generators = dict(chosen)
            for document in self._kept:
                document.analyses = None
            if self._item is not None:
                self.show_item(self._item)

    @Slot(object)
    def show_item(self, item: QueueItem | None) -> None:
        """Make `item` the photo that is previewed."""
        if self._item is not None:
            self._item.document.state_changed.disconnect(self._state_changed)
        self._stop_asking()
        self._item = item
        self._draft = None
        self._full_cancel.cancel()
        self._hand_rests.stop()
        self._ticket += 1
        self._first_ticket = self._ticket
        self.after_changed.emit(None)
        self.before_changed.emit(None)
        if item is None:
            return
        item.document.state_changed.connect(self._state_changed)
        if item.document.preview is not None:
            self._keep(item.document)
            self._show_before(item.document.preview)
        self._state_changed(item.document)

    # ---------------------------------------------------------------------------------------------------- the slow part

    @Slot(object)
    def _state_changed(self, document: Document) -> None:
        self._apply()
        if not self._is_stale(document):
            self._stop_asking()  # back to what is known already
        elif self._asked_for != slow_part(document.state):
            if document.preview is None:
                self._ask_engine()
            else:
                self._settled.start()

    def _is_stale(self, document: Document) -> bool:
        analyses = document.analyses
        return document.preview is None or analyses is None or analyses.slow_part != slow_part(document.state)

    def _stop_asking(self) -> None:
        self._settled.stop()
        if self._job:
            self._client.cancel(self._job)
        self._job = 0
        self._asked_for = ()
        self.busy_changed.emit("")

    @Slot()
    def _ask_engine(self) -> None:
        """The newest wish wins: an older question is called back."""
        self._stop_asking()
        if self._item is None:
            return
        document = self._item.document
        recipe, hints = document.state.recipe, document.state.hints
        wants_picture = document.preview is None
        command = Preview(0, document.path, PREVIEW_PX, recipe, hints, self._generators, wants_picture)
        self._job = self._client.send(command)
        self._asked_for = slow_part(document.state)
        self.busy_changed.emit("Opening" if wants_picture else _looking_for(recipe))

    @Slot(object)
    def _preview_read(self, event: PreviewRead) -> None:
        if event.job != self._job or self._item is None:
            self._client.discard(event.picture)
            return
        pixels = np.array(self._client.take(event.picture), dtype=np.uint8)
        document = self._item.document
        document.preview = Photo(pixels)
        document.size = (event.width, event.height)
        self._keep(document)
        self._show_before(document.preview)
        self.busy_changed.emit(_looking_for(document.state.recipe))

    @Slot(object)
    def _preview_analysed(self, event: PreviewAnalysed) -> None:
        if event.job != self._job or self._item is None:
            return
        self._item.document.analyses = PreviewAnalyses(dict(event.analyses), self._asked_for, event.notes)
        self._job = 0
        self._asked_for = ()
        self.busy_changed.emit("")
        self.noted.emit(event.notes)
        self._apply()

    @Slot(object)
    def _client_failed(self, event: Failed) -> None:
        if event.job != self._job or self._item is None:
            return
        self._job = 0
        self._asked_for = ()
        self.busy_changed.emit("")
        if event.error.code != "cancelled":
            self.failed.emit(PreviewFailed(self._item, event))

    # --------------------------------------------------------------------------------------------------- the quick part

    def _show_before(self, photo: Photo) -> None:
        assert self._item is not None
        self.size_known.emit(self._item.document.size or (photo.width, photo.height))
        self._background.ask(_BEFORE, self._ticket, partial(qimage_of, photo))

    def _apply(self) -> None:
        """Show the settings on the preview with the analyses at hand; better ones may be on their way."""
        document = self._item.document if self._item is not None else None
        if document is None or document.preview is None or document.analyses is None:
            return
        self._ticket += 1
        self._full_cancel.cancel()
        self._hand_rests.stop()
        if self._full_s <= _FRAME_S:
            self._ask_for_full()
            return
        self._draft = self._draft or _draft_of(document.preview)
        work = partial(_applied, self._draft, document.state.recipe, document.analyses.found, CancelToken())
        self._background.ask(_DRAFT, self._ticket, work)

    @Slot()
    def _ask_for_full(self) -> None:
        document = self._item.document if self._item is not None else None
        if document is None or document.preview is None or document.analyses is None:
            return
        self._full_cancel = CancelToken()
        work = partial(_applied, document.preview, document.state.recipe, document.analyses.found, self._full_cancel)
        self._background.ask(_FULL, self._ticket, work)

    @Slot(object)
    def _background_done(self, done: Done) -> None:
        if done.ticket < self._first_ticket or self._item is None:
            return
        if done.kind == _BEFORE and isinstance(done.value, QImage):
            self.before_changed.emit(done.value)
        if not isinstance(done.value, _Applied):
            return
        is_newest = done.ticket == self._ticket
        if done.kind == _DRAFT:
            self.after_changed.emit(done.value.image)
            if is_newest:
                self._hand_rests.start()
        elif done.kind == _FULL:
            self._full_s = done.value.seconds
            if is_newest:
                self.after_changed.emit(done.value.image)

    # -------------------------------------------------------------------------------------------------- what is kept

    def _keep(self, document: Document) -> None:
        """Hold the previews of the photos looked at last, and let go of older ones (12 MB each)."""
        self._kept[document] = None
        self._kept.move_to_end(document)
        while len(self._kept) > _PREVIEWS_KEPT:
            oldest, _ = self._kept.popitem(last=False)
            oldest.preview = oldest.analyses = None

    @Slot(object)
    def _forget(self, item: QueueItem) -> None:
        self._kept.pop(item.document, None)


def _looking_for(recipe: Recipe) -> str:
    """What the analysis of a photo for `recipe` does, in words."""
    return STAGES[recipe.kinds[-1]] if recipe.kinds else "Looking at the photo"


def _draft_of(photo: Photo) -> Photo:
    """`photo` with a long side of at most _DRAFT_PX."""
    scale = _DRAFT_PX / max(photo.height, photo.width)
    if scale >= 1:
        return photo
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    squeezed = photo.pixels[..., 0] if photo.has_one_channel else photo.pixels
    small = np.asarray(Image.fromarray(squeezed).resize(size, Image.Resampling.BOX))
    return photo.with_pixels(small.reshape(size[1], size[0], -1).copy())


def _applied(photo: Photo, recipe: Recipe, found: dict[str, Analysis], cancel: CancelToken) -> _Applied | None:
    """The arithmetic of all steps, in the background thread; None if something newer was wanted meanwhile."""
    began = time.perf_counter()
    try:
        image = qimage_of(Pipeline.apply_all(photo, recipe, found, cancel))
    except Cancelled:
        return None
    return _Applied(image, time.perf_counter() - began)
