"""The hints of a photo over the compare view: shown, set, moved, coloured and removed, by hand or by keys alone."""

from __future__ import annotations

import itertools
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.compare.view import CompareView
from desktop_app.hints.cross import Cross
from desktop_app.hints.editing import HintEditing
from desktop_app.hints.gamut import colour_keeping, lab_of
from desktop_app.hints.mark import ARROWS, SIZE_PX, HintMark
from desktop_app.hints.picker import ColourPicker
from engine.hints import Hint

_FAR = 8
_ON_LINE_PX = 4
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class HintOverlay(QWidget):
    """Lies over the whole view and shows what `set_hints` was given last: whoever hears its signals gives the new hints back.

    With the tool on, a click sets a hint; with the keyboard the arrows move a cross and Enter sets one there. On a hint: arrows
    move it by a pixel of the photo (Shift: 10), Enter opens the picker, Delete removes, Tab goes to the next, Escape leaves it.
    """

    hint_added = Signal(object)
    """Payload: Hint."""
    hint_changed = Signal(int, object)
    """Payload: index, Hint. Comes all the while a hint is dragged or its colour chosen."""
    hint_removed = Signal(int)
    hint_selected = Signal(int)
    """Payload: index, -1 when none is selected any more."""
    hint_settled = Signal(int)
    """The hint was put down or its colour is chosen: what comes next is another change."""
    editing_ended = Signal()
    """The picker is closed, and no colour is being taken from the photo any more."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self._hints: tuple[Hint, ...] = ()
        self._marks: list[HintMark] = []
        self._tool_on = False
        self._selected = -1
        self._cross = Cross()
        self._pressed_at: QPointF | None = None
        self._pan_from: QPointF | None = None
        self._editing = HintEditing(self)
        self._editing.hint_added.connect(self.hint_added)
        self._editing.hint_changed.connect(self.hint_changed)
        self._editing.hint_removed.connect(self.hint_removed)
        self._editing.settled.connect(self.hint_settled)
        self._editing.ended.connect(self._editing_ended)
        self._editing.taking_began.connect(self._show_tool)
        view.view_changed.connect(self._place_marks)
        view.original_shown.connect(self._original_shown)
        view.installEventFilter(self)
        self.setMouseTracking(True)
        self.setAccessibleName("Colour hints")
        self.setGeometry(view.rect())
        self.stackUnder(view.divider_handle)
        self._show_tool()
        self.show()

    # ------------------------------------------------------------------------------------------------------------ state

    @property
    def hint_tool_enabled(self) -> bool:
        """A click on the photo sets a hint."""
        return self._tool_on

    @hint_tool_enabled.setter
    def hint_tool_enabled(self, enabled: bool) -> None:
        self._tool_on = enabled
        self._show_tool()

    @Slot(bool)
    def set_hint_tool_enabled(self, enabled: bool) -> None:
        """`hint_tool_enabled` as a slot."""
        self.hint_tool_enabled = enabled

    @property
    def hints(self) -> tuple[Hint, ...]:
        """What is shown."""
        return self._hints

    @property
    def selected(self) -> int:
        """Index of the selected hint, -1 without one."""
        return self._selected

    @property
    def picker(self) -> ColourPicker:
        return self._editing.picker

    @property
    def recent_colours(self) -> tuple[str, ...]:
        """The colours used last, newest first; can be set to those of the last run."""
        return self._editing.recent

    @recent_colours.setter
    def recent_colours(self, colours: tuple[str, ...]) -> None:
        self._editing.recent = tuple(colours)

    def set_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show these; a mark keeps its focus and its selection as long as its index is there."""
        self._hints = tuple(hints)
        if self._editing.index >= len(self._shown()):
            self._editing.forget()
        self._show_marks()
        if self._selected >= len(self._marks):
            self._select(-1)

    def forget_editing(self) -> None:
        """Another photo is shown: a colour that was being chosen belongs to the one before."""
        self._editing.forget()

    def open_picker(self, index: int) -> None:
        """Choose the colour of a hint that is shown."""
        if index < len(self._hints):
            self._edit(index, self._hints[index], is_new=False)

    def add_at(self, place: QPointF) -> None:
        """Choose the colour of a new hint at a place of the photo; it is added as soon as a colour is chosen."""
        there = self._view.after_colour_at(place) or self._view.before_colour_at(place)
        if there is not None:
            _, a, b = lab_of(there.name())
            colour = colour_keeping(self._lightness_at(place), a, b)
            self._edit(len(self._hints), Hint(place.x(), place.y(), colour), is_new=True)

    # ---------------------------------------------------------------------------------------------------------- editing

    def _edit(self, index: int, hint: Hint, *, is_new: bool) -> None:
        place = QPointF(hint.x, hint.y)
        self._view.bring_into_sight(place)
        on_screen = self.mapToGlobal(self._view.photo_to_widget(place)).toPoint()
        self._editing.begin(index, hint, on_screen, self._lightness_at(place), is_new=is_new)
        self._show_marks()

    @Slot(int)
    def _editing_ended(self, index: int) -> None:
        self._show_tool()
        self._show_marks()
        self.editing_ended.emit()
        if index < len(self._marks):
            self._marks[index].setFocus(Qt.FocusReason.PopupFocusReason)

    def _lightness_at(self, place: QPointF) -> float:
        return lab_of((self._view.before_colour_at(place) or QColor("#808080")).name())[0]

    def _shown(self) -> tuple[Hint, ...]:
        """The hints, and at the end a new one whose colour is still being chosen."""
        pending = self._editing.pending
        return self._hints if pending is None else (*self._hints, pending)

    # ------------------------------------------------------------------------------------------------------------ marks

    def _show_marks(self) -> None:
        shown = self._shown()
        while len(self._marks) > len(shown):
            mark = self._marks.pop()
            if mark.hasFocus():
                self._give_focus_back(len(self._marks) - 1)
            mark.hide()
            mark.deleteLater()
        while len(self._marks) < len(shown):
            self._marks.append(self._new_mark(len(self._marks)))
        for mark, hint in zip(self._marks, shown, strict=True):
            mark.show_hint(hint, len(shown))
        self._show_states()
        self._place_marks()

    def _new_mark(self, index: int) -> HintMark:
        mark = HintMark(index, self)
        mark.selected.connect(self._select)
        mark.dragged.connect(self._drag)
        mark.stepped.connect(self._step)
        mark.put_down.connect(self.hint_settled)
        mark.opened.connect(self.open_picker)
        mark.removed.connect(self._remove)
        mark.left_alone.connect(self._leave_alone)
        QWidget.setTabOrder(self._marks[-1] if self._marks else self, mark)
        return mark

    @Slot()
    def _place_marks(self) -> None:
        for mark, hint in zip(self._marks, self._shown(), strict=False):
            place = self._view.photo_to_widget(QPointF(hint.x, hint.y))
            mark.move(round(place.x() - SIZE_PX / 2), round(place.y() - SIZE_PX / 2))
            mark.show()
        self.update()

    def _show_states(self) -> None:
        chosen = self._editing.index if self._editing.index >= 0 else self._selected
        for mark in self._marks:
            mark.show_state(is_selected=mark.index == chosen, is_seen=not self._view.is_original_alone)

    @Slot(bool)
    def _original_shown(self, alone: bool) -> None:
        self._show_states()
        self.update()

    @Slot(int)
    def _select(self, index: int) -> None:
        if 0 <= index < len(self._marks):
            self._marks[index].raise_()
            self._see(index)
        if index != self._selected:
            self._selected = index
            self._show_states()
            self.hint_selected.emit(index)

    def _see(self, index: int) -> None:
        hint = self._shown()[index]
        self._view.bring_into_sight(QPointF(hint.x, hint.y))

    @Slot(int, QPointF)
    def _drag(self, index: int, place: QPointF) -> None:
        photo = self._view.widget_to_photo(place)
        self._move_to(index, photo.x(), photo.y())

    @Slot(int, int, int)
    def _step(self, index: int, right: int, down: int) -> None:
        if index < len(self._hints):
            size, hint = self._view.photo_size, self._hints[index]
            self._move_to(index, hint.x + right / size.width(), hint.y + down / size.height())
            self._see(index)

    def _move_to(self, index: int, x: float, y: float) -> None:
        if index < len(self._hints):
            moved = replace(self._hints[index], x=min(max(x, 0.0), 1.0), y=min(max(y, 0.0), 1.0))
            self.hint_changed.emit(index, moved)

    @Slot(int)
    def _remove(self, index: int) -> None:
        if index < len(self._hints):
            self.hint_removed.emit(index)

    @Slot(int)
    def _leave_alone(self, index: int) -> None:
        self._give_focus_back(-1)
        self._select(-1)

    def _give_focus_back(self, index: int) -> None:
        """To a mark, or where there is none to the cross or the view."""
        above = self if self._tool_on else self._view
        (self._marks[index] if index >= 0 else above).setFocus(Qt.FocusReason.TabFocusReason)

    # ------------------------------------------------------------------------------------------------------------- tool

    @Slot()
    def _show_tool(self) -> None:
        takes_clicks = self._tool_on or self._editing.is_taking
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._tool_on else Qt.FocusPolicy.NoFocus)
        if takes_clicks:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        if not self._tool_on and self.hasFocus():
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        if self._editing.is_taking:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def _is_mine(self, event: QMouseEvent) -> bool:
        """A press that sets a hint or takes a colour; all others are the view's."""
        view, place = self._view, event.position()
        x, y = self._view.viewport.to_photo(place.x(), place.y())
        on_line = view.has_divider and abs(place.x() - view.divider_px) <= _ON_LINE_PX
        takes_clicks = (self._tool_on and not on_line) or self._editing.is_taking
        return (
            takes_clicks
            and event.button() == Qt.MouseButton.LeftButton
            and view.has_picture
            and not view.holds_hand
            and 0 <= x <= 1
            and 0 <= y <= 1
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._is_mine(event):
            event.ignore()
            return
        self._cross.is_seen = False
        self._pressed_at = event.position()
        self._pan_from = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            event.ignore()
            return
        place = event.position()
        if self._pan_from is None and (place - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._pan_from = self._pressed_at
        if self._pan_from is not None:
            way = place - self._pan_from
            self._pan_from = place
            self._view.move_to(self._view.viewport.panned(way.x(), way.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            event.ignore()
            return
        pressed_at, panned = self._pressed_at, self._pan_from is not None
        self._pressed_at = self._pan_from = None
        if not panned:
            self._use_place(self._view.widget_to_photo(pressed_at))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._is_mine(event):
            event.ignore()

    def _use_place(self, place: QPointF) -> None:
        """A hint goes there, or the colour there goes into the hint."""
        if not self._editing.is_taking:
            self.add_at(place)
            return
        there = self._view.after_colour_at(place) or self._view.before_colour_at(place)
        if there is not None:
            self._editing.take(there.name())

    # -------------------------------------------------------------------------------------------------------- the cross

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._cross.is_seen = event.reason() in _BY_KEY or self._cross.is_seen
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = ARROWS.get(event.key())
        if event.key() == Qt.Key.Key_Escape and self._editing.is_taking:
            self._editing.cancel()
        elif arrow is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._move_cross(arrow[0] * far, arrow[1] * far)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._view.has_picture:
            self._use_place(self._cross.place)
        else:
            event.ignore()

    def _move_cross(self, right: int, down: int) -> None:
        viewport = self._view.viewport
        self._cross.move(right, down, viewport.shown_width, viewport.shown_height)
        self._view.bring_into_sight(self._cross.place)
        self.setAccessibleDescription(self._cross.words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() and self._cross.is_seen and self._view.has_picture and not self._view.is_original_alone:
            self._cross.paint(QPainter(self), self._view.photo_to_widget(self._cross.place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        elif event.type() == QEvent.Type.Show:
            self._join_tab_order()
        return False

    def _join_tab_order(self) -> None:
        """Photo, divider, cross, hints: also after the window has put the photo into its own order."""
        for one, other in itertools.pairwise((self._view, self._view.divider_handle, self, *self._marks)):
            QWidget.setTabOrder(one, other)
