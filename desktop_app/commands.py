"""What each action of the table does: one method an action, named as its id. Nothing here paints or computes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_app import messages
from desktop_app.document import DocumentState
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, FindPhotos, PhotosFound
from desktop_app.marks.commands import MarkCommands
from desktop_app.queue import PhotoQueue, QueueItem, State
from desktop_app.recipe_panel.card import GeneratorChoice, MoreToggle, SettingChange, StepSwitch
from desktop_app.restoring import Restoring
from desktop_app.settings import LAST_FOLDER, RECIPE, Settings
from desktop_app.sidecars import Sidecars
from engine import recipe as recipes
from engine.atomic import write_atomically
from engine.errors import EngineError, OutputUnwritable
from engine.face_wishes import FaceWish
from engine.hints import Hint

_RECIPE_FILES = "Recipes (*.json)"
_PICTURE_FILES = "JPEG (*.jpg);;PNG (*.png);;TIFF (*.tif);;WebP (*.webp)"
RETRIABLE = (State.FAILED, State.STOPPED, State.SKIPPED)


class Commands(MarkCommands):
    """Turns what the user wants into changes of the documents, the queue and the settings.

    offered: the bundled recipes that can be used here.
    """

    suggestion_wanted = Signal()
    colourings_wanted = Signal()
    select_all_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        queue: PhotoQueue,
        restoring: Restoring,
        client: EngineClient,
        settings: Settings,
        sidecars: Sidecars,
        offered: Sequence[recipes.Recipe],
        window: QWidget,
    ) -> None:
        super().__init__(queue, settings, window)
        self._restoring = restoring
        self._client = client
        self._sidecars = sidecars
        self._offered = {recipe.name: recipe for recipe in offered}
        self._selected: list[QueueItem] = []
        self._finding: set[int] = set()
        client.photos_found.connect(self._photos_found)
        client.failed.connect(self._finding_failed)

    # ------------------------------------------------------------------------------------------------------------- files

    @Slot(object)
    def add_paths(self, paths: Iterable[Path]) -> None:
        """Photos come in at once, folders when the engine has looked through them."""
        given = list(paths)
        folders = tuple(path for path in given if path.is_dir())
        if folders:
            self._finding.add(self._client.send(FindPhotos(0, folders)))
        self._add([path for path in given if not path.is_dir()])

    def _add(self, paths: list[Path]) -> None:
        default = DocumentState(self._default_recipe())
        fresh = self._queue.add(paths, partial(self._sidecars.state_of, default=default))
        if fresh and self._queue.current is None:
            self._queue.set_current(fresh[0])
        elif not fresh and paths:
            self._queue.set_current(self._queue.find(paths[0]))

    def _default_recipe(self) -> recipes.Recipe:
        """The one chosen last; the usual one where an earlier version had it, or its generator is no longer there."""
        return self._offered.get(self._settings.get(RECIPE)) or recipes.load(RECIPE.default)

    @Slot(object)
    def _photos_found(self, event: PhotosFound) -> None:
        if event.job not in self._finding:
            return
        self._finding.discard(event.job)
        if event.paths:
            self._add(list(event.paths))
        else:
            self.error_shown.emit(
                EngineError("There is no photo in that folder.", "Autochrome reads JPEG, PNG, WebP and TIFF.")
            )

    @Slot(object)
    def _finding_failed(self, event: Failed) -> None:
        if event.job in self._finding:
            self._finding.discard(event.job)
            self.error_shown.emit(event.error)

    @Slot()
    def open_photos(self) -> None:
        paths = messages.choose_photos(self._window, self._settings.get(LAST_FOLDER))
        if paths:
            self._settings.remember(LAST_FOLDER, str(paths[0].parent))
            self.add_paths(paths)

    @Slot()
    def open_folder(self) -> None:
        folder = messages.choose_folder(self._window, "Open folder", self._settings.get(LAST_FOLDER))
        if folder is not None:
            self._settings.remember(LAST_FOLDER, str(folder))
            self.add_paths([folder])

    @Slot()
    def paste(self) -> None:
        self.add_paths(paths_in(QGuiApplication.clipboard().mimeData()))

    @Slot()
    def save_as(self) -> None:
        item = self._queue.current
        if item is None:
            return
        suggestion = item.output or item.path.with_name(f"{item.path.stem}-restored{item.path.suffix}")
        target = messages.choose_target(
            self._window, "Save result as", item.path.parent / suggestion.name, _PICTURE_FILES
        )
        if target is not None:
            self._restoring.save_as(item, target)

    @Slot()
    def open_result_folder(self) -> None:
        item = self._queue.current
        if item is not None and item.output is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(item.output.parent)))

    @Slot()
    def remove(self) -> None:
        for item in self._selected:
            if not item.is_busy:
                self._queue.remove(item)

    @Slot()
    def quit(self) -> None:
        self.quit_wanted.emit()

    # -------------------------------------------------------------------------------------------------------------- edit

    @Slot()
    def undo(self) -> None:
        if self._document is not None:
            self._document.undo()

    @Slot()
    def redo(self) -> None:
        if self._document is not None:
            self._document.redo()

    @Slot(bool)
    def hint_tool(self, on: bool) -> None:
        if on:
            self.mark_tool_wanted.emit(None)
        self.hint_tool_wanted.emit(on)

    @Slot()
    def suggest_place(self) -> None:
        self.suggestion_wanted.emit()

    @Slot()
    def other_colourings(self) -> None:
        self.colourings_wanted.emit()

    @Slot(int, str)
    def use_colouring(self, number: int, generator: str) -> None:
        """Take the colouring of that number, which that generator has (Candidate), for the current photo."""
        if self._document is not None:
            recipe = self._document.state.recipe.with_setting("colorize.candidate", number)
            self._document.set_recipe(recipe.with_setting("colorize.candidate_of", generator if number else ""))
            self._document.seal()

    @Slot()
    def use_likeliest(self) -> None:
        """Give up the colouring that was chosen for the current photo."""
        self.use_colouring(0, "")

    @Slot()
    def clear_hints(self) -> None:
        if self._document is not None:
            self._document.clear_hints()

    @Slot()
    def select_all(self) -> None:
        self.select_all_wanted.emit()

    @Slot()
    def use_for_all(self) -> None:
        if self._document is not None:
            recipe = self._document.state.recipe
            for item in self._queue.items:
                item.document.set_recipe(recipe.shared(item.document.state.recipe))

    @Slot()
    def copy_details(self) -> None:
        item = self._queue.current
        if item is not None and item.error is not None:
            lines = [f"{item.error.code}: {item.error}", str(item.path), item.details]
            QGuiApplication.clipboard().setText("\n".join(filter(None, lines)))

    @Slot(object)
    def change_setting(self, change: SettingChange) -> None:
        if self._document is not None:
            self._document.set_setting(change.step, change.name, change.value)

    @Slot()
    def settle(self) -> None:
        if self._document is not None:
            self._document.seal()

    @Slot(object)
    def switch_step(self, switch: StepSwitch) -> None:
        if self._document is not None:
            self._document.set_enabled(switch.step, switch.enabled)

    @Slot(object)
    def choose_generator(self, choice: GeneratorChoice) -> None:
        self._settings.set_generator(choice.kind, choice.name)

    @Slot(object)
    def toggle_more(self, toggle: MoreToggle) -> None:
        self._settings.set_shown(toggle.step, toggle.shown)

    @Slot(object)
    def add_hint(self, hint: Hint) -> None:
        if self._document is not None:
            self._document.add_hint(hint)

    @Slot(int, object)
    def change_hint(self, index: int, hint: Hint) -> None:
        if self._document is not None:
            self._document.change_hint(index, hint)

    @Slot(int)
    def remove_hint(self, index: int) -> None:
        if self._document is not None:
            self._document.remove_hint(index)

    @Slot(object)
    def change_face_wishes(self, wishes: tuple[FaceWish, ...]) -> None:
        """What is wished for single faces of the current photo."""
        if self._document is not None:
            self._document.set_face_wishes(wishes)
            self._document.seal()

    # ----------------------------------------------------------------------------------------------------------- recipes

    def use_recipe(self, recipe: recipes.Recipe) -> None:
        """Give the current photo another recipe; photos that come in later start with it too if it is a bundled one."""
        if self._document is not None:
            self._document.set_recipe(recipe.in_place_of(self._document.state.recipe))

    @Slot(str)
    def use_bundled(self, name: str) -> None:
        self._settings.remember(RECIPE, name)
        self.use_recipe(self._offered[name])

    @Slot()
    def load_recipe(self) -> None:
        path = messages.choose_file(self._window, "Load recipe", self._settings.get(LAST_FOLDER), _RECIPE_FILES)
        if path is None:
            return
        try:
            self.use_recipe(recipes.load(path))
        except EngineError as error:
            self.error_shown.emit(error)

    @Slot()
    def save_recipe(self) -> None:
        if self._document is None:
            return
        recipe = self._document.state.recipe.shared()
        suggestion = Path(self._settings.get(LAST_FOLDER)) / f"{recipe.name}.json"
        path = messages.choose_target(self._window, "Save recipe", suggestion, _RECIPE_FILES)
        if path is None:
            return
        try:
            write_atomically(path, recipe.to_json().encode(), overwrite=True)
        except OutputUnwritable as error:
            self.error_shown.emit(error)

    # ----------------------------------------------------------------------------------------------------------- restore

    @Slot()
    def restore_all(self) -> None:
        self._restoring.start(self._queue.outstanding)

    @Slot()
    def restore_selected(self) -> None:
        self._restoring.start(self._selected)

    @Slot()
    def retry(self) -> None:
        self._restoring.start(item for item in self._selected if item.state in RETRIABLE)

    @Slot()
    def stop(self) -> None:
        self._restoring.stop()

    # --------------------------------------------------------------------------------------------------------- selection

    @Slot(object)
    def set_selected(self, items: list[QueueItem]) -> None:
        self._selected = items

    @property
    def selected(self) -> tuple[QueueItem, ...]:
        return tuple(self._selected)


def paths_in(mime: QMimeData) -> list[Path]:
    """The local files and folders of what was dropped or pasted."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
