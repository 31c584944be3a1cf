"""Joins mask, brush and card to the photo that is looked at; the brush in the hand lives here."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from desktop_app.actions import Actions
from desktop_app.compare.view import CompareView
from desktop_app.document import Document
from desktop_app.marks.brush import Brush, Tool
from desktop_app.marks.card import MarksCard
from desktop_app.marks.commands import MarkCommands
from desktop_app.marks.overlay import MaskOverlay
from desktop_app.marks.painting import Painting
from desktop_app.marks.refusal import follows_marks
from desktop_app.marks.sheet import MarkSheet
from desktop_app.previewing import Previewing
from desktop_app.queue import PhotoQueue, QueueItem
from engine.steps.step import Analysis


class Marking(QObject):
    """Listens to the queue and to previews, writes to its widgets; what the hand does goes to the commands."""

    def __init__(
        self,
        queue: PhotoQueue,
        previewing: Previewing,
        commands: MarkCommands,
        actions: Actions,
        card: MarksCard,
        view: CompareView,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._actions = actions
        self.mask = MaskOverlay(view)
        self.painting = Painting(view, self.mask)
        self._card = card
        self._brush = Brush()
        self._blank: MarkSheet | None = None
        commands.damage_mask_wanted.connect(self.mask.switch)
        commands.mark_tool_wanted.connect(self._take)
        commands.brush_wanted.connect(self._change_brush)
        self.painting.stroke_ended.connect(commands.change_marks)
        self.painting.brush_changed.connect(self.show_brush)
        self.painting.tool_left.connect(commands.put_tool_away)
        self._card.brush_changed.connect(self.show_brush)
        queue.current_changed.connect(self._current_changed)
        queue.item_changed.connect(self._item_changed)
        previewing.analysed.connect(self._analysed)
        previewing.after_changed.connect(self._after_changed)
        previewing.size_known.connect(self._size_known)

    @property
    def brush(self) -> Brush:
        return self._brush

    @Slot(object)
    def show_brush(self, brush: Brush) -> None:
        """Paint with this one from now on."""
        self._brush = brush
        self.painting.show_brush(brush)
        self._card.show_brush(brush)

    @Slot(float, float)
    def _change_brush(self, larger: float, softer: float) -> None:
        self.show_brush(self._brush.larger(larger).softer(softer))

    @Slot(object)
    def _take(self, tool: Tool | None) -> None:
        """With a tool in the hand one wants to see what is damaged; the switch can still take the mask away."""
        if tool is not None and not self._actions["damage_mask"].isChecked():
            self._actions["damage_mask"].setChecked(True)
            self.mask.switch(True)
        for each in Tool:
            self._actions[each.value].setChecked(each is tool)
        self.painting.show_tool(tool)

    # --------------------------------------------------------------------------------------------- the photo looked at

    @Slot(object)
    def _current_changed(self, item: QueueItem | None) -> None:
        self._blank = None
        self.painting.show_sheet(None)  # a line is not drawn on from another photo's stroke
        self.mask.show_sheet(None)
        self._show(item.document if item is not None else None)

    @Slot(object)
    def _item_changed(self, item: QueueItem) -> None:
        if item is self._queue.current:
            self._show(item.document)

    @Slot(object)
    def _size_known(self, size: tuple[int, int]) -> None:
        if self._queue.current is not None:
            self._show(self._queue.current.document)

    def _show(self, document: Document | None) -> None:
        sheet = self._sheet_of(document)
        self.painting.show_sheet(sheet)
        self.mask.show_sheet(sheet)
        self._card.show_document(document)

    def _sheet_of(self, document: Document | None) -> MarkSheet | None:
        """Of a photo without marks an empty one, the same as long as it is looked at; None where nothing follows marks, and
        where it is not known yet what was marked earlier."""
        if document is None or document.awaits_marks or not follows_marks(document.state.recipe):
            return None
        if document.state.marks is not None:
            return document.state.marks
        if self._blank is None and document.size is not None:
            self._blank = MarkSheet.empty_for(*document.size)
        return self._blank

    @Slot(object)
    def _analysed(self, found: Mapping[str, Analysis]) -> None:
        repaired = found.get("repair")
        self._card.show_mended(float(repaired.values["mended"]) if repaired is not None else None)
        self.mask.show_found(repaired.arrays["overview"].astype(np.uint8, copy=False) if repaired is not None else None)

    @Slot(object)
    def _after_changed(self, image: QImage | None) -> None:
        """Strokes stay tinted until the picture is that of marks which hold them."""
        document = self._queue.current.document if self._queue.current is not None else None
        if image is not None and document is not None and document.analyses is not None:
            marks = document.analyses.marks
            self.mask.answered(self._blank if marks is None else marks)
