"""What the actions of the menu Damage do: one method an action, named as its id."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot

from desktop_app import messages
from desktop_app.document import Document
from desktop_app.marks.brush import Tool
from desktop_app.marks.sheet import MarkSheet
from desktop_app.settings import LAST_FOLDER
from desktop_app.view_commands import ViewCommands
from engine.atomic import write_atomically
from engine.errors import EngineError

_MASK_FILES = "Masks (*.png)"
_PICTURES = "Pictures (*.png *.tif *.tiff *.jpg *.jpeg *.webp)"


class MarkCommands(ViewCommands):
    """The part of Commands that marks damage."""

    damage_mask_wanted = Signal(bool)
    mark_tool_wanted = Signal(object)
    """Payload: brush.Tool, None to put it away."""
    hint_tool_wanted = Signal(bool)
    brush_wanted = Signal(float, float)
    """Payload: by how many steps larger and softer the brush shall be."""
    mask_chosen = Signal(object)
    """Payload: the path of a picture from which the current photo's marks shall be taken."""
    error_shown = Signal(object)
    """Payload: an EngineError that belongs to no photo."""
    said = Signal(str)
    """Payload: a sentence about what was just done."""

    @property
    def _document(self) -> Document | None:
        return self._queue.current.document if self._queue.current is not None else None

    @Slot(bool)
    def damage_mask(self, on: bool) -> None:
        self.damage_mask_wanted.emit(on)

    @Slot(bool)
    def brush(self, on: bool) -> None:
        self._take_into_hand(Tool.BRUSH if on else None)

    @Slot(bool)
    def eraser(self, on: bool) -> None:
        self._take_into_hand(Tool.ERASER if on else None)

    def _take_into_hand(self, tool: Tool | None) -> None:
        """One tool at a time: the hint tool is put away."""
        if tool is not None:
            self.hint_tool_wanted.emit(False)
        self.mark_tool_wanted.emit(tool)

    @Slot()
    def put_tool_away(self) -> None:
        self._take_into_hand(None)

    @Slot()
    def brush_larger(self) -> None:
        self.brush_wanted.emit(1.0, 0.0)

    @Slot()
    def brush_smaller(self) -> None:
        self.brush_wanted.emit(-1.0, 0.0)

    @Slot()
    def brush_softer(self) -> None:
        self.brush_wanted.emit(0.0, 1.0)

    @Slot()
    def brush_harder(self) -> None:
        self.brush_wanted.emit(0.0, -1.0)

    @Slot(object)
    def change_marks(self, sheet: MarkSheet) -> None:
        """What a stroke has made of the current photo's marks."""
        if self._document is not None:
            self._document.set_marks(sheet)
            self._document.seal()

    @Slot()
    def clear_marks(self) -> None:
        if self._document is not None:
            self._document.set_marks(None)
            self._document.seal()

    @Slot()
    def use_mask_for_all(self) -> None:
        """A photo whose shape is known to be another is left out: the marks would lie beside what they mean."""
        sheet = self._document.state.marks if self._document is not None else None
        if sheet is None:
            return
        others = [item.document for item in self._queue.items if item.document is not self._document]
        fitting = [each for each in others if each.size is None or sheet.fits(*each.size)]
        for document in fitting:
            document.set_marks(sheet)
        if others:
            self.said.emit(_given(len(fitting), len(others) - len(fitting)))

    @Slot()
    def load_mask(self) -> None:
        path = messages.choose_file(self._window, "Load mask", self._settings.get(LAST_FOLDER), _PICTURES)
        if path is not None:
            self.mask_chosen.emit(path)

    @Slot()
    def save_mask(self) -> None:
        document = self._document
        if document is None or document.state.marks is None:
            return
        suggestion = Path(self._settings.get(LAST_FOLDER)) / f"{document.path.stem}-mask.png"
        path = messages.choose_target(self._window, "Save mask", suggestion, _MASK_FILES)
        if path is None:
            return
        try:
            write_atomically(path, document.state.marks.marks().to_png(), overwrite=True)
        except EngineError as error:
            self.error_shown.emit(error)


def _given(fitting: int, left_out: int) -> str:
    """What became of a mask that is used for all other photos, of which there are some."""
    given = f"The mask was given to {messages.photos(fitting)}; undo takes it back in each."
    left = f"Left as they were, since their shape is another: {messages.photos(left_out)}."
    return " ".join([given] * bool(fitting) + [left] * bool(left_out))
