"""What the user chooses for the whole app — theme, device, generators, where results go — from the menus to what obeys it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app import messages, theme
from desktop_app.actions import Actions
from desktop_app.bottom_bar import BottomBar
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, WarmedUp, WarmUp
from desktop_app.menus import DEVICE_WORDS, DeviceMenu, OutputMenu
from desktop_app.previewing import Previewing
from desktop_app.queue import PhotoQueue
from desktop_app.recipe_panel.panel import RecipePanel
from desktop_app.restoring import Restoring
from desktop_app.settings import DEVICE, FORMAT, GENERATORS, LAST_FOLDER, OUTPUT_FOLDER, THEME, Remembered, Settings
from engine import recipe as recipes
from engine.library import ModelLibrary, work_of


@dataclass(frozen=True)
class Obeying:
    """What follows the choices."""

    app: QApplication
    window: QWidget
    client: EngineClient
    queue: PhotoQueue
    previewing: Previewing
    restoring: Restoring
    actions: Actions
    bottom: BottomBar
    panel: RecipePanel
    output_menu: OutputMenu
    device_menu: DeviceMenu


class Choices(QObject):
    """Menus change the settings, the settings change everything else: one way round."""

    def __init__(self, settings: Settings, library: ModelLibrary, obeying: Obeying, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._library = library
        self._obeying = obeying
        self._warming = 0
        settings.changed.connect(self._settings_changed)
        obeying.client.warmed_up.connect(self._warmed_up)
        obeying.client.failed.connect(self._engine_failed)
        obeying.output_menu.beside_wanted.connect(self._results_beside)
        obeying.output_menu.folder_wanted.connect(self._choose_output)
        obeying.output_menu.format_menu.chosen.connect(self._format_chosen)
        obeying.device_menu.chosen.connect(self._device_chosen)
        self._show_theme()
        self._show_generators()
        self._show_output()
        self._show_device()

    @Slot()
    def warm_up(self) -> None:
        """Start the engine before it is needed, so that the first preview does not wait for it, and learn what it runs on."""
        usual = recipes.load(recipes.DEFAULT).kinds
        kinds = usual if self._library.why_not(usual) is None else ()
        self._warming = self._obeying.client.send(WarmUp(0, kinds, self._chosen()))

    @Slot(object)
    def _settings_changed(self, what: Remembered) -> None:
        if what is THEME:
            self._show_theme()
        elif what is GENERATORS:
            self._show_generators()
        elif what is DEVICE:
            client = self._obeying.client
            client.set_options(replace(client.options, device=self._settings.get(DEVICE)))
            self._show_device()
            self.warm_up()
        elif what in (OUTPUT_FOLDER, FORMAT):
            self._show_output()

    # -------------------------------------------------------------------------------------------------- theme, generators

    def _show_theme(self) -> None:
        theme.apply(self._obeying.app, self._settings.get(THEME))
        self._obeying.actions[f"theme_{self._settings.get(THEME)}"].setChecked(True)

    def _show_generators(self) -> None:
        chosen = self._chosen()
        used = {card.kind: self._library.default_for(card.kind).name for card in self._library.cards()} | chosen
        works = {work_of(card) for card in self._library.cards()}
        self._obeying.queue.set_generators(self._library.chosen_for(work, chosen).name for work in works)
        self._obeying.previewing.set_generators(chosen)
        self._obeying.restoring.set_generators(chosen)
        self._obeying.panel.show_chosen(used)

    def _chosen(self) -> dict[str, str]:
        """kind -> name of the user's choices that are still there: one whose files are gone would fail every photo."""
        there = {(card.kind, card.name) for card in self._library.cards()}
        return {kind: name for kind, name in self._settings.generators().items() if (kind, name) in there}

    # ------------------------------------------------------------------------------------------------------------ results

    def _show_output(self) -> None:
        folder = self._settings.get(OUTPUT_FOLDER)
        self._obeying.output_menu.show_chosen(folder, self._settings.get(FORMAT))
        self._obeying.bottom.show_output(f"To “{Path(folder).name}”" if folder else "Beside each photo")

    @Slot()
    def _results_beside(self) -> None:
        self._settings.remember(OUTPUT_FOLDER, "")
        self._show_output()

    @Slot()
    def _choose_output(self) -> None:
        folder = messages.choose_folder(self._obeying.window, "Folder for results", self._settings.get(LAST_FOLDER))
        if folder is not None:
            self._settings.remember(OUTPUT_FOLDER, str(folder))
        self._show_output()

    @Slot(str)
    def _format_chosen(self, format: str) -> None:
        self._settings.remember(FORMAT, format)

    # ------------------------------------------------------------------------------------------------------------- device

    def _show_device(self) -> None:
        wanted = self._settings.get(DEVICE)
        self._obeying.device_menu.show_wanted(wanted)
        words = DEVICE_WORDS.get(wanted, wanted)
        self._obeying.bottom.show_device(words, "What the generators run on; known when they are loaded.")

    @Slot(str)
    def _device_chosen(self, device: str) -> None:
        self._settings.remember(DEVICE, device)

    @Slot(object)
    def _warmed_up(self, event: WarmedUp) -> None:
        """Only now is it known what really runs."""
        self._obeying.device_menu.show_devices(event.devices)
        words = DEVICE_WORDS.get(event.running, event.running)
        self._obeying.bottom.show_device(words, event.fell_back or "What the generators run on.")

    @Slot(object)
    def _engine_failed(self, event: Failed) -> None:
        if event.job == self._warming:
            self._obeying.bottom.show_device("No engine", f"{event.error.sentence} {event.error.next_step}")
