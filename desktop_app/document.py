"""A photo that is worked on: what is decided about it, with undo, and what is known of it at preview size."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop_app.marks.sheet import MarkSheet
from engine.face_wishes import FaceWish
from engine.faces import Face
from engine.hints import Hint
from engine.photo import Photo
from engine.recipe import Recipe
from engine.steps import STEPS
from engine.steps.step import Analysis, Value, settings_of

_UNDO_STEPS = 200


@dataclass(frozen=True)
class DocumentState:
    """What the user has decided about one photo; undo goes back to earlier ones. marks: None where nothing is said of damage."""

    recipe: Recipe
    hints: tuple[Hint, ...] = ()
    marks: MarkSheet | None = None
    face_wishes: tuple[FaceWish, ...] = ()


@dataclass(frozen=True)
class PreviewAnalyses:
    """What the engine found in the preview, and for which slow part of the state (`slow_part`) it holds.

    notes: lines for the reader ("already in colour, left alone"). marks: those of the state.
    """

    found: dict[str, Analysis]
    slow_part: tuple[object, ...]
    notes: tuple[str, ...] = ()
    marks: MarkSheet | None = None


class Document(QObject):
    """One photo's state. Widgets show it and ask for changes by its methods; it knows no widget and no engine process."""

    state_changed = Signal(object)
    """The recipe, the hints, the marks or the wishes for faces are others now; payload: this document."""

    changed_by_hand = Signal(object)
    """Likewise, and not only because the marks kept for the photo have been read: what is kept follows; payload: this document."""

    settled = Signal(object)
    """The hand has let go of what it was changing; payload: this document."""

    def __init__(self, path: Path, state: DocumentState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.preview: Photo | None = None
        self.size: tuple[int, int] | None = None
        """Width and height of the whole photo, known with the preview."""
        self.analyses: PreviewAnalyses | None = None
        self.faces: tuple[Face, ...] | None = None
        """In pixels of the preview, the largest first; None while they are not known."""
        self._state = state
        self._past: list[DocumentState] = []
        self._future: list[DocumentState] = []
        self._merge_key = ""
        self._awaits_marks = False

    @property
    def state(self) -> DocumentState:
        return self._state

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    @property
    def awaits_marks(self) -> bool:
        """What was marked in the photo earlier is still being read, and nobody has said anything else since."""
        return self._awaits_marks

    def was(self, state: DocumentState) -> bool:
        """Whether undo leads back to this very state: what has been decided since was added to it."""
        return any(state is earlier for earlier in self._past)

    # ------------------------------------------------------------------------------------------------------------- changes

    def set_setting(self, step: str, name: str, value: Value) -> None:
        """Change one setting of a step; a slider's way from one place to another is one change for undo (see `seal`).

        Raises:
            SettingInvalid: the value does not fit the setting.
        """
        key = f"{step}.{name}"
        self._change(replace(self._state, recipe=self._state.recipe.with_setting(key, value)), merge_key=key)

    def set_enabled(self, step: str, enabled: bool) -> None:
        self._change(replace(self._state, recipe=self._state.recipe.with_enabled(step, enabled)))

    def set_recipe(self, recipe: Recipe) -> None:
        self._change(replace(self._state, recipe=recipe))

    def add_hint(self, hint: Hint) -> None:
        """Add a hint; what follows while its first colour is chosen is the same change for undo (see `seal`)."""
        hints = self._state.hints
        self._change(replace(self._state, hints=(*hints, hint)), merge_key=f"hint {len(hints)}")

    def change_hint(self, index: int, hint: Hint) -> None:
        """Move or recolour a hint; a drag is one change for undo (see `seal`)."""
        hints = list(self._state.hints)
        hints[index] = hint
        self._change(replace(self._state, hints=tuple(hints)), merge_key=f"hint {index}")

    def remove_hint(self, index: int) -> None:
        hints = self._state.hints
        self._change(replace(self._state, hints=hints[:index] + hints[index + 1 :]))

    def clear_hints(self) -> None:
        self._change(replace(self._state, hints=()))

    def set_face_wishes(self, wishes: tuple[FaceWish, ...]) -> None:
        self._change(replace(self._state, face_wishes=wishes))

    def set_marks(self, sheet: MarkSheet | None) -> None:
        """Other marks; each call, such as a stroke, is one change for undo. Those that are awaited then come too late."""
        marks = None if sheet is None or sheet.is_empty else sheet
        self._awaits_marks = self._awaits_marks and marks is self._state.marks
        self._change(replace(self._state, marks=marks))

    def await_marks(self) -> None:
        """Marks were kept for the photo; they follow with `take_up_marks`."""
        self._awaits_marks = True

    def take_up_marks(self, sheet: MarkSheet | None) -> None:
        """What was marked earlier, None where it cannot be read: no change for undo, since it has been there all the while.

        Nothing happens where it is not awaited any more.
        """
        if not self._awaits_marks:
            return
        self._awaits_marks = False
        if sheet is not None and not sheet.is_empty:
            self._past = [replace(state, marks=sheet) for state in self._past]
            self._future = [replace(state, marks=sheet) for state in self._future]
            self._state = replace(self._state, marks=sheet)
            self.state_changed.emit(self)

    def seal(self) -> None:
        """The slider was let go, the hint was put down: the next change is a new one for undo.

        What was brought back to where the hand took hold of it is no change: undo does not stop there.
        """
        if self._merge_key and self._past and self._past[-1] == self._state:
            self._state = self._past.pop()
            self.state_changed.emit(self)
        self._merge_key = ""
        self.settled.emit(self)

    def undo(self) -> None:
        if self._past:
            self._future.append(self._state)
            self._show(self._past.pop())

    def redo(self) -> None:
        if self._future:
            self._past.append(self._state)
            self._show(self._future.pop())

    def _change(self, state: DocumentState, merge_key: str = "") -> None:
        if state == self._state:
            return
        if not merge_key or merge_key != self._merge_key:
            self._past.append(self._state)
            del self._past[:-_UNDO_STEPS]
        self._merge_key = merge_key
        self._future.clear()
        self._tell_of(state)

    def _show(self, state: DocumentState) -> None:
        self._merge_key = ""
        self._tell_of(state)

    def _tell_of(self, state: DocumentState) -> None:
        self._state = state
        self.state_changed.emit(self)
        self.changed_by_hand.emit(self)


def slow_part(state: DocumentState) -> tuple[object, ...]:
    """All of a state that shapes its analyses (see Pipeline.analyse): a change outside it needs arithmetic only."""
    parts: list[object] = []
    for entry in state.recipe.enabled:
        slow = tuple(
            (item.name, getattr(entry.settings, item.name)) for item in settings_of(type(entry.settings)) if item.slow
        )
        step = STEPS[entry.step]
        hints, marks = state.hints if step.uses_hints else (), state.marks if step.uses_marks else None
        parts.append((entry.step, slow, hints, marks, state.face_wishes if step.uses_faces else ()))
    return tuple(parts)
