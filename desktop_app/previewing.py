"""Keeps the current photo's preview true to its state: asks the engine for the slow part, applies the quick part."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.asked import Asked
from desktop_app.document import Document, PreviewAnalyses, slow_part
from desktop_app.engine_process.background import Background, Done
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.pictures import reduced
from desktop_app.engine_process.protocol import Event, Failed, Preview, PreviewAnalysed, PreviewRead
from desktop_app.live import LiveAnswers
from desktop_app.marks.sheet import MarkSheet
from desktop_app.preview import Applied, applied, qimage_of
from desktop_app.queue import PhotoQueue, QueueItem
from engine.generator import STAGES
from engine.hints import Hint
from engine.library import kind_of
from engine.photo import Photo
from engine.progress import CancelToken
from engine.recipe import Recipe
from engine.steps.step import Analysis

PREVIEW_PX = 2000
_PREVIEWS_KEPT = 12
_SETTLED_MS = 60
"""How long a slow setting must rest before the engine is asked: a dragged slider is one question, not fifty."""
_HINT_SETTLED_MS = 250
"""Hints are answered roughly all the while; the careful answer waits for the hand to let go, or to rest so long."""
_FRAME_S = 0.030
"""An apply that takes longer is done on a draft first, so that the photo follows the hand."""
_HAND_RESTS_MS = 100
"""How long a draft stays before the whole preview is worked out."""
_DRAFT_PX = 800
_LIVE_PX = 640
"""The same while a hint is dragged, when other colours have to be carried to the draft for every picture."""
_BEFORE, _DRAFT, _FULL = "before", "draft", "full"


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
    analysed = Signal(object)
    """Payload: step -> Analysis that the restored preview is made with from now on; {} while nothing is known."""
    noted = Signal(object)
    """Payload: what the analysis of the current photo has to say, a tuple of lines ("already in colour, left alone")."""

    def __init__(
        self, queue: PhotoQueue, client: EngineClient, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._client = client
        self._background = background
        self._item: QueueItem | None = None
        self._asked: Asked | None = None
        self._ticket = 0
        self._first_ticket = 0  # of the current photo
        self._full_s = float("inf")  # unknown yet: the first look at a photo is a draft too
        self._drafts: dict[int, Photo] = {}
        self._hints: tuple[Hint, ...] = ()
        self._marks: MarkSheet | None = None
        self._live_found: Mapping[str, Analysis] | None = None
        self._generators: Mapping[str, str] = {}
        self._kept: OrderedDict[Document, None] = OrderedDict()
        self._settled = QTimer(self, singleShot=True)
        self._settled.timeout.connect(self._hand_rested)
        self._hand_rests = QTimer(self, singleShot=True, interval=_HAND_RESTS_MS)
        self._hand_rests.timeout.connect(self._ask_for_full)
        self._full_cancel = CancelToken()
        self._live = LiveAnswers(client, self)
        self._live.answered.connect(self._live_answered)
        queue.current_changed.connect(self.show_item)
        queue.removed.connect(self._forget)
        client.preview_read.connect(self._preview_read)
        client.preview_analysed.connect(self._preview_analysed)
        client.failed.connect(self._client_failed)
        background.done.connect(self._background_done)

    @property
    def generators(self) -> Mapping[str, str]:
        """kind -> name of those that the user has chosen."""
        return self._generators

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
            self._item.document.settled.disconnect(self._hand_let_go)
        self._stop_asking()
        self._item = item
        self._drafts = {}
        self._live_found = None
        self._full_cancel.cancel()
        self._hand_rests.stop()
        self._ticket += 1
        self._first_ticket = self._ticket
        self.after_changed.emit(None)
        self.before_changed.emit(None)
        if item is None:
            self.analysed.emit({})
            return
        item.document.state_changed.connect(self._state_changed)
        item.document.settled.connect(self._hand_let_go)
        self._hints, self._marks = item.document.state.hints, item.document.state.marks
        if item.document.preview is not None:
            self._keep(item.document)
            self._show_before(item.document.preview)
        self.analysed.emit(item.document.analyses.found if item.document.analyses is not None else {})
        self._state_changed(item.document)

    # ---------------------------------------------------------------------------------------------------- the slow part

    @Slot(object)
    def _state_changed(self, document: Document) -> None:
        hints_moved, self._hints = document.state.hints != self._hints, document.state.hints
        marks_moved, self._marks = document.state.marks is not self._marks, document.state.marks
        if not self._is_stale(document):
            self._stop_asking()  # back to what is known already
            self._forget_live(document)
            self._apply()
        elif hints_moved and document.analyses is not None:
            self._follow_hand(document)
        elif marks_moved and document.analyses is not None:
            self._follow_brush(document)
        else:
            self._apply()
            if self._asked is None or not self._asked.is_for(document.state):
                if document.preview is None:
                    self._ask_engine()
                else:
                    self._settled.start(_SETTLED_MS)

    def _follow_hand(self, document: Document) -> None:
        """Answer this place soon and roughly; what was on its way for an older one only stands in its way."""
        self._call_back()
        self._full_cancel.cancel()
        self._hand_rests.stop()
        self._live.ask(self._question(document, is_draft=True))
        self._settled.start(_HINT_SETTLED_MS)

    def _follow_brush(self, document: Document) -> None:
        """A stroke comes whole, and what is seen stays as it is until its answer.

        One that is being worked on while others are painted over it is let finish and shown: called back for each of them, it
        would never answer a quick hand. What was undone or removed meanwhile is called back.
        """
        asked = self._asked
        if asked is not None and (asked.is_for(document.state) or asked.may_finish(document)):
            asked.has_newer_marks = not asked.is_for(document.state)
        else:
            self._ask_engine(marks_alone=True)

    def _forget_live(self, document: Document) -> None:
        if self._live_found is not None and document.analyses is not None:
            self._live_found = None
            self.analysed.emit(document.analyses.found)

    @Slot()
    def _hand_rested(self) -> None:
        """The rough answer that is on its way is sooner there than a careful one that takes its place."""
        again = self._settled.start if self._live.is_asking else self._ask_engine
        again()

    @Slot(object)
    def _hand_let_go(self, document: Document) -> None:
        """No waiting for what may come next, and no draft."""
        if self._settled.isActive():
            self._ask_engine()
        elif self._hand_rests.isActive():
            self._hand_rests.stop()
            self._ask_for_full()

    @Slot(object)
    def _live_answered(self, found: Mapping[str, Analysis]) -> None:
        self._live_found = found
        self.analysed.emit(found)
        self._apply()

    def _is_stale(self, document: Document) -> bool:
        analyses = document.analyses
        return document.preview is None or analyses is None or analyses.slow_part != slow_part(document.state)

    def _stop_asking(self) -> None:
        self._settled.stop()
        self._live.stop()
        self._call_back()

    def _call_back(self) -> None:
        """Nobody waits for what the engine was asked last."""
        if self._asked is not None:
            self._client.cancel(self._asked.job)
        self._asked = None
        self.busy_changed.emit("")

    def _ask_engine(self, *, marks_alone: bool = False) -> None:
        """The newest wish wins: an older question is called back."""
        self._stop_asking()
        if self._item is None:
            return
        document = self._item.document
        question = self._question(document)
        self._asked = Asked(self._client.send(question), document.state, marks_alone)
        looking_for = STAGES["repair"] if marks_alone else _looking_for(document.state.recipe)
        self.busy_changed.emit("Opening" if question.wants_picture else looking_for)

    def _question(self, document: Document, is_draft: bool = False) -> Preview:
        state = document.state
        wants_picture = document.preview is None
        marks = state.marks.marks() if state.marks is not None else None
        return Preview(
            0,
            document.path,
            PREVIEW_PX,
            state.recipe,
            state.hints,
            self._generators,
            wants_picture,
            is_draft,
            marks=marks,
            face_wishes=state.face_wishes,
        )

    def _asked_in(self, event: Event) -> Asked | None:
        """What this is the answer to, if somebody still waits for it."""
        return self._asked if self._asked is not None and event.job == self._asked.job else None

    @Slot(object)
    def _preview_read(self, event: PreviewRead) -> None:
        if self._asked_in(event) is None or self._item is None:
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
        asked = self._asked_in(event)
        if asked is None or self._item is None:
            return
        followed_hand = self._live_found is not None or asked.marks_alone
        self._item.document.analyses = PreviewAnalyses(
            dict(event.analyses), slow_part(asked.state), event.notes, asked.state.marks
        )
        self._asked = self._live_found = None
        self.analysed.emit(event.analyses)
        self.busy_changed.emit("")
        self.noted.emit(event.notes)
        self._apply(draft_first=not followed_hand)
        if asked.has_newer_marks:
            self._ask_engine(marks_alone=True)

    @Slot(object)
    def _client_failed(self, event: Failed) -> None:
        asked = self._asked_in(event)
        if asked is None or self._item is None:
            return
        self._asked = None
        self.busy_changed.emit("")
        if self._live_found is not None:  # no careful answer follows the rough one: back to the last one there was
            self._forget_live(self._item.document)
            self._apply()
        if event.error.code != "cancelled":
            self.failed.emit(PreviewFailed(self._item, event))
        if asked.has_newer_marks:
            self._ask_engine(marks_alone=True)

    # --------------------------------------------------------------------------------------------------- the quick part

    def _show_before(self, photo: Photo) -> None:
        assert self._item is not None
        self.size_known.emit(self._item.document.size or (photo.width, photo.height))
        self._background.ask(_BEFORE, self._ticket, partial(qimage_of, photo))

    @property
    def _found(self) -> Mapping[str, Analysis] | None:
        """What the preview is made with: what was found for the place where the hand is, or else for the state at rest."""
        document = self._item.document if self._item is not None else None
        if document is None or document.preview is None or document.analyses is None:
            return None
        return self._live_found if self._live_found is not None else document.analyses.found

    def _apply(self, *, draft_first: bool = True) -> None:
        """Show the settings on the preview with the analyses at hand; better ones may be on their way."""
        found = self._found
        if found is None or self._item is None:
            return
        self._ticket += 1
        self._full_cancel.cancel()
        self._hand_rests.stop()
        if not draft_first or self._full_s <= _FRAME_S:
            self._ask_for_full()
            return
        document = self._item.document
        assert document.preview is not None
        side_px = _DRAFT_PX if self._live_found is None else _LIVE_PX
        if side_px not in self._drafts:
            self._drafts[side_px] = reduced(document.preview, side_px)
        work = partial(applied, self._drafts[side_px], document.state.recipe, found, CancelToken())
        self._background.ask(_DRAFT, self._ticket, work)

    @Slot()
    def _ask_for_full(self) -> None:
        found = self._found
        if found is None or self._item is None:
            return
        self._full_cancel = CancelToken()
        document = self._item.document
        assert document.preview is not None
        work = partial(applied, document.preview, document.state.recipe, found, self._full_cancel)
        self._background.ask(_FULL, self._ticket, work)

    @Slot(object)
    def _background_done(self, done: Done) -> None:
        if done.ticket < self._first_ticket or self._item is None:
            return
        if done.kind == _BEFORE and isinstance(done.value, QImage):
            self.before_changed.emit(done.value)
        if not isinstance(done.value, Applied):
            return
        is_newest = done.ticket == self._ticket
        if done.kind == _DRAFT:
            self.after_changed.emit(done.value.image)
            if is_newest and self._live_found is None:  # else the answer at rest follows, and is shown whole
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
            oldest.preview = oldest.analyses = oldest.faces = None

    @Slot(object)
    def _forget(self, item: QueueItem) -> None:
        self._kept.pop(item.document, None)


def _looking_for(recipe: Recipe) -> str:
    """What the analysis of a photo for `recipe` does, in words."""
    return STAGES[kind_of(recipe.kinds[-1])] if recipe.kinds else "Looking at the photo"
