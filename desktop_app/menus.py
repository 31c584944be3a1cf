"""The menus whose entries depend on what is installed or chosen: recipes, where results go, what the generators run on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.engine_process.protocol import DeviceLine
from desktop_app.settings import FORMAT
from engine.plan import RESULTS_FOLDER
from engine.recipe import Recipe

DEVICE_WORDS = {
    "auto": "Automatic",
    "cuda": "NVIDIA graphics (CUDA)",
    "directml": "Graphics (DirectML)",
    "coreml": "Apple (CoreML)",
    "cpu": "Processor",
}
FORMAT_WORDS = {"same": "Same as the photo", "jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "webp": "WebP"}


class ChoiceMenu(QMenu):
    """Entries of which one is checked; tells the word of the one that is chosen."""

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setToolTipsVisible(True)
        self._group = QActionGroup(self)

    def add_choice(self, word: str, text: str, tip: str = "", enabled: bool = True) -> None:
        action = QAction(text, self, checkable=True, enabled=enabled)
        action.setData(word)
        action.setToolTip(tip or text)
        action.triggered.connect(self._triggered)
        self._group.addAction(action)
        self.addAction(action)

    def check(self, word: str) -> None:
        """Mark the entry of `word`; nothing is marked if there is none."""
        for action in self._group.actions():
            action.setChecked(action.data() == word)

    @Slot()
    def _triggered(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.chosen.emit(action.data())


class RecipeMenu(ChoiceMenu):
    """The bundled recipes, and files."""

    load_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, bundled: Sequence[Recipe], parent: QWidget | None = None) -> None:
        super().__init__("Re&cipe", parent)
        for recipe in bundled:
            self.add_choice(recipe.name, recipe.title, recipe.sentence)
        self.addSeparator()
        load = self.addAction("&Load recipe…")
        load.triggered.connect(self.load_wanted)
        load.setToolTip("Use a recipe that somebody has saved.")
        save = self.addAction("&Save recipe…")
        save.triggered.connect(self.save_wanted)
        save.setToolTip("Save the settings of this photo, to use them again or to share them.")


class OutputMenu(QMenu):
    """Where results go, and as what."""

    beside_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Results", parent)
        self.setToolTipsVisible(True)
        group = QActionGroup(self)
        self._beside = self.addAction(f"In “{RESULTS_FOLDER}” beside each photo")
        self._beside.triggered.connect(self.beside_wanted)
        self._folder = self.addAction("In one folder…")
        self._folder.triggered.connect(self.folder_wanted)
        for action in (self._beside, self._folder):
            action.setCheckable(True)
            group.addAction(action)
        self.addSeparator()
        self.format_menu = ChoiceMenu("Format", self)
        for word in FORMAT.choices:
            self.format_menu.add_choice(word, FORMAT_WORDS[word])
        self.addMenu(self.format_menu)

    def show_chosen(self, folder: str, format: str) -> None:
        self._beside.setChecked(not folder)
        self._folder.setChecked(bool(folder))
        self._folder.setText(f"In “{folder}”…" if folder else "In one folder…")
        self.format_menu.check(format)


class DeviceMenu(ChoiceMenu):
    """The devices as the engine has found them; before that, automatic and the processor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("&Device", parent)
        self._wanted = "auto"
        self.show_devices((DeviceLine("cpu", True, ""),))

    def show_devices(self, devices: Sequence[DeviceLine]) -> None:
        for action in self._group.actions():
            self.removeAction(action)
            action.deleteLater()
        self.add_choice("auto", DEVICE_WORDS["auto"], "The fastest that works.")
        for device in devices:
            self.add_choice(device.name, DEVICE_WORDS.get(device.name, device.name), device.reason, device.usable)
        self.check(self._wanted)

    def show_wanted(self, wanted: str) -> None:
        self._wanted = wanted
        self.check(wanted)
