"""Shows what is so: the queue, the run and the current photo in the parts of the window, a few times a second at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Slot

from desktop_app.action_spec import Situation
from desktop_app.actions import Actions
from desktop_app.bottom_bar import Work
from desktop_app.commands import RETRIABLE, Commands
from desktop_app.guesses.card import GuessCard
from desktop_app.guesses.refusal import why_no_colourings, why_no_guess_map
from desktop_app.hints.overlay import HintOverlay
from desktop_app.hints.refusal import why_no_hints
from desktop_app.marks.brush import Tool
from desktop_app.marks.refusal import why_no_marks
from desktop_app.menus import DeviceMenu, RecipeMenu
from desktop_app.queue import PhotoQueue, QueueItem, State
from desktop_app.restoring import Restoring
from desktop_app.window import MainWindow, Parts
from engine.card import Card

_REFRESH_MS = 100
_SAID_MS = 8000
"""As long as one needs to notice and read a sentence, twice over."""
_HINT_GUIDE = "Click a place in the photo and choose the colour it had."
_MARK_GUIDES = {
    Tool.BRUSH: "Paint over damage. Shift draws a straight line, Alt or the right button erases.",
    Tool.ERASER: "Paint over what is sound. Shift draws a straight line, Alt or the right button marks damage.",
}


@dataclass(frozen=True)
class Shown:
    """The widgets that the presenter writes to; it reads none of them."""

    window: MainWindow
    parts: Parts
    overlay: HintOverlay
    guess_card: GuessCard
    actions: Actions
    recipe_menu: RecipeMenu
    device_menu: DeviceMenu


class Presenter(QObject):
    """Reads the state objects, writes to the widgets. cards: of all generators there are."""

    def __init__(
        self,
        queue: PhotoQueue,
        restoring: Restoring,
        commands: Commands,
        shown: Shown,
        cards: Sequence[Card],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._restoring = restoring
        self._commands = commands
        self._shown = shown
        self._cards = cards
        self._looking = ""
        self._hint_tool_on = False
        self._mark_tool: Tool | None = None
        self._said = QTimer(self, singleShot=True, interval=_SAID_MS)
        self._said.timeout.connect(self._fall_silent)
        self._saying = ""
        self._refresh = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._refresh.timeout.connect(self.show_situation)
        for signal in (queue.added, queue.removed, queue.item_changed, restoring.changed):
            signal.connect(self.something_changed)
        queue.current_changed.connect(self._current_changed)
        queue.item_changed.connect(self._item_changed)

    def stop(self) -> None:
        """Show nothing more; the window is closing."""
        self._refresh.stop()
        self._refresh.timeout.disconnect(self.show_situation)
        self._said.stop()

    @Slot(object)
    def something_changed(self, changed: object) -> None:
        """Show the situation soon."""
        if not self._refresh.isActive():
            self._refresh.start()

    @Slot(object)
    def looking_for(self, words: str) -> None:
        """What the current photo waits for, "" for nothing."""
        self._looking = words
        self.something_changed(words)

    @Slot(bool)
    def hint_tool_changed(self, on: bool) -> None:
        """Say what a click does while the hint tool is on."""
        self._hint_tool_on = on
        self.something_changed(on)

    @Slot(object)
    def mark_tool_changed(self, tool: Tool | None) -> None:
        """Likewise for brush and eraser."""
        self._mark_tool = tool
        self.something_changed(tool)

    @Slot(str)
    def say(self, sentence: str) -> None:
        """An answer to what was just asked for; it goes after a while, or when the photo changes."""
        self._saying = sentence
        self._said.start()
        self.show_situation()

    @Slot()
    def _fall_silent(self) -> None:
        self._said.stop()
        self._saying = ""
        self.show_situation()

    @Slot()
    def show_situation(self) -> None:
        """Show now what can be done and how far the work is."""
        now = self._situation()
        if now.no_hints and self._hint_tool_on:
            self._shown.actions["hint_tool"].setChecked(False)
            self._commands.hint_tool(False)
        if now.no_marks and self._mark_tool is not None:
            self._commands.put_tool_away()
        self._shown.actions.update(now)
        self._shown.guess_card.show_document(self._queue.current.document if self._queue.current is not None else None)
        self._shown.parts.bottom.show_work(self._work())
        self._shown.device_menu.setEnabled(not self._restoring.is_running)

    def _situation(self) -> Situation:
        current, selected = self._queue.current, self._commands.selected
        document = current.document if current is not None else None
        reasons = self._reasons(current) if current is not None else {}
        return Situation(
            has_photos=bool(self._queue.items),
            current_can_change=document is not None and document.preview is not None,
            current_idle=current is not None and not current.is_busy,
            has_hints=document is not None and bool(document.state.hints),
            has_marks=document is not None and document.state.marks is not None,
            mark_tool_in_hand=self._mark_tool is not None,
            can_undo=document is not None and document.can_undo,
            can_redo=document is not None and document.can_redo,
            outstanding=len(self._queue.outstanding),
            selected_idle=sum(not item.is_busy for item in selected),
            selected_retriable=sum(item.state in RETRIABLE for item in selected),
            is_running=self._restoring.is_running,
            current_has_result=current is not None and current.output is not None,
            current_has_error=current is not None and current.error is not None,
            **reasons,
        )

    def _reasons(self, item: QueueItem) -> dict[str, str]:
        """Why some things cannot be used with the photo that is looked at, by the field of Situation."""
        used = [card for card in self._cards if card.name in (item.generators or ())]
        recipe, analyses = item.document.state.recipe, item.document.analyses
        found = analyses.found.get("colorize") if analyses is not None else None
        no_hints = why_no_hints(recipe, used)
        no_map = why_no_guess_map(recipe, used, found)
        return {
            "no_hints": no_hints,
            "no_marks": why_no_marks(recipe, used),
            "no_guess_map": no_map,
            "no_suggestion": no_hints or no_map,
            "no_colourings": why_no_colourings(recipe, used, found),
        }

    @property
    def _guide(self) -> str:
        if self._mark_tool is not None:
            return _MARK_GUIDES[self._mark_tool]
        return _HINT_GUIDE if self._hint_tool_on else ""

    def _work(self) -> Work:
        items, restoring = self._queue.items, self._restoring
        running = restoring.running
        return Work(
            total=len(items),
            done=sum(item.is_up_to_date for item in items),
            failed=sum(item.state is State.FAILED for item in items),
            outstanding=len(self._queue.outstanding),
            running=(running.stage or "Starting") if running is not None else "",
            place=restoring.ended + 1,
            of=restoring.total,
            share=(restoring.ended + (running.progress if running is not None else 0.0)) / max(1, restoring.total),
            seconds_left=restoring.seconds_left,
            looking=self._looking,
            guide=self._saying or self._guide,
        )

    @Slot(object)
    def _current_changed(self, item: QueueItem | None) -> None:
        self._saying = ""
        self._shown.overlay.forget_editing()
        self._shown.window.show_photos(item is not None)
        analyses = item.document.analyses if item is not None else None
        self._shown.parts.panel.show_notes(analyses.notes if analyses is not None else ())
        self._show_current(item)

    @Slot(object)
    def _item_changed(self, item: QueueItem) -> None:
        if item is self._queue.current:
            self._show_current(item)

    def _show_current(self, item: QueueItem | None) -> None:
        """Everything that shows the photo that is looked at."""
        parts, state = self._shown.parts, item.document.state if item is not None else None
        parts.panel.show_state(state)
        parts.banner.show_error(item.error if item is not None else None)
        self._shown.overlay.set_hints(state.hints if state is not None else ())
        self._shown.recipe_menu.check(state.recipe.name if state is not None else "")
        self._shown.window.setWindowTitle(f"{item.name} – Autochrome" if item is not None else "Autochrome")
        self.something_changed(item)
