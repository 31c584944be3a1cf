"""What the actions of the menus View and Help do: how things are looked at, never what becomes of a photo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.queue import PhotoQueue
from desktop_app.settings import THEME, Settings
from desktop_app.theme import theme_of


class ViewCommands(QObject):
    """One method an action, named as its id; the part of Commands that changes no photo."""

    view_wanted = Signal(str)
    """Payload: "fit", "actual", "in", "out": the compare view does it."""
    guess_map_wanted = Signal(bool)
    page_wanted = Signal(str)
    """Payload: "shortcuts" or "about"."""
    full_screen_wanted = Signal()

    def __init__(self, queue: PhotoQueue, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self._queue = queue
        self._settings = settings
        self._window = window

    @Slot()
    def fit(self) -> None:
        self.view_wanted.emit("fit")

    @Slot()
    def actual_size(self) -> None:
        self.view_wanted.emit("actual")

    @Slot()
    def zoom_in(self) -> None:
        self.view_wanted.emit("in")

    @Slot()
    def zoom_out(self) -> None:
        self.view_wanted.emit("out")

    @Slot(bool)
    def guess_map(self, on: bool) -> None:
        self.guess_map_wanted.emit(on)

    @Slot()
    def next_photo(self) -> None:
        self._go(1)

    @Slot()
    def previous_photo(self) -> None:
        self._go(-1)

    def _go(self, by: int) -> None:
        items = self._queue.items
        if self._queue.current is not None:
            place = self._queue.index(self._queue.current) + by
            self._queue.set_current(items[max(0, min(len(items) - 1, place))])

    @Slot()
    def theme_system(self) -> None:
        self._settings.remember(THEME, "system")

    @Slot()
    def theme_dark(self) -> None:
        self._settings.remember(THEME, "dark")

    @Slot()
    def theme_light(self) -> None:
        self._settings.remember(THEME, "light")

    @Slot()
    def switch_theme(self) -> None:
        self._settings.remember(THEME, "light" if theme_of(self._window).is_dark else "dark")

    @Slot()
    def full_screen(self) -> None:
        self.full_screen_wanted.emit()

    @Slot()
    def shortcuts(self) -> None:
        self.page_wanted.emit("shortcuts")

    @Slot()
    def about(self) -> None:
        self.page_wanted.emit("about")
