"""Choosing the colour of one hint, from opening the picker to its end: what is added, changed, taken back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.hints.picker import ColourPicker
from engine.hints import Hint

_RECENT = 8


class HintEditing(QObject):
    """One hint at a time. A new one is added with its first colour, so that the photo follows, and taken back if cancelled."""

    hint_added = Signal(object)
    hint_changed = Signal(int, object)
    hint_removed = Signal(int)
    settled = Signal(int)
    ended = Signal(int)
    """The picker is closed. Payload of all: the hint's index (and the Hint)."""
    taking_began = Signal()
    """A click on the photo shall now give the colour: see `take`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.recent: tuple[str, ...] = ()
        """Colours used last, newest first."""
        self._index = -1
        self._hint: Hint | None = None
        self._original: Hint | None = None
        self._is_added = False
        self._is_taking = False
        self.picker = ColourPicker(parent)
        self.picker.colour_changed.connect(self._recolour)
        self.picker.colour_chosen.connect(self._keep)
        self.picker.cancelled.connect(self.cancel)
        self.picker.photo_wanted.connect(self._begin_taking)
        self.picker.removal_wanted.connect(self._remove)

    @property
    def index(self) -> int:
        """Of the hint whose colour is being chosen, -1 without one."""
        return self._index

    @property
    def pending(self) -> Hint | None:
        """A new hint that nobody has been told of yet."""
        return None if self._is_added else self._hint

    @property
    def is_taking(self) -> bool:
        """The next click on the photo gives the colour."""
        return self._is_taking

    def begin(self, index: int, hint: Hint, place: QPoint, lightness: float, *, is_new: bool) -> None:
        """Open the picker beside `place` of the screen. lightness: L* of the photo there."""
        self._index, self._hint = index, hint
        self._original = None if is_new else hint
        self._is_added = not is_new
        self._is_taking = False
        self.picker.open_at(place, hint.colour, lightness, self.recent)

    def take(self, colour: str) -> None:
        """Give the hint this colour, which comes from the photo; that is the end."""
        self._recolour(colour)
        self._keep(colour)

    def forget(self) -> None:
        """The hint is gone or another photo is shown: end without a word."""
        index = self._index
        self._end()
        self.picker.reject()
        if index >= 0:
            self.ended.emit(index)

    @Slot()
    def cancel(self) -> None:
        """Everything as it was."""
        index, hint, original, was_added = self._index, self._hint, self._original, self._is_added
        if hint is None:
            return
        self._end()
        if original is None and was_added:
            self.hint_removed.emit(index)
        elif original is not None and hint != original:
            self.hint_changed.emit(index, original)
            self.settled.emit(index)
        self.ended.emit(index)

    @Slot(str)
    def _recolour(self, colour: str) -> None:
        if self._hint is None:
            return
        self._hint = replace(self._hint, colour=colour)
        if self._is_added:
            self.hint_changed.emit(self._index, self._hint)
        else:
            self._is_added = True
            self.hint_added.emit(self._hint)

    @Slot(str)
    def _keep(self, colour: str) -> None:
        index, hint, was_added = self._index, self._hint, self._is_added
        if hint is None:
            return
        self.recent = (colour, *(old for old in self.recent if old != colour))[:_RECENT]
        self._end()
        if not was_added:
            self.hint_added.emit(hint)
        self.settled.emit(index)
        self.ended.emit(index)

    @Slot()
    def _begin_taking(self) -> None:
        self._is_taking = True
        self.taking_began.emit()

    @Slot()
    def _remove(self) -> None:
        index, was_added = self._index, self._is_added
        self._end()
        if was_added:
            self.hint_removed.emit(index)
        self.ended.emit(index)

    def _end(self) -> None:
        self._index = -1
        self._hint = self._original = None
        self._is_added = self._is_taking = False
