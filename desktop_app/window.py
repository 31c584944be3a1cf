"""The main window: places the parts it is given, takes what is dropped on it, and decides nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QMenu,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.action_table import ACTIONS
from desktop_app.actions import Actions, menus, plain_text
from desktop_app.bottom_bar import BottomBar
from desktop_app.commands import paths_in
from desktop_app.compare.view import CompareView
from desktop_app.filmstrip.view import Filmstrip
from desktop_app.pages.banner import Banner
from desktop_app.pages.empty import EmptyPage
from desktop_app.pages.veil import DropVeil
from desktop_app.recipe_panel.panel import WIDTH_PX, RecipePanel
from desktop_app.theme import theme_of

SMALLEST = (800, 520)
USUAL = (1280, 800)
_STRIP_PX = 248


@dataclass(frozen=True)
class Parts:
    """What stands in the window; each knows nothing of the others."""

    filmstrip: Filmstrip
    compare: CompareView
    panel: RecipePanel
    bottom: BottomBar
    banner: Banner
    empty: EmptyPage


class MainWindow(QMainWindow):
    """See the module."""

    paths_dropped = Signal(object)
    """Payload: list of paths."""

    def __init__(self, actions: Actions, may_close: Callable[[], bool]) -> None:
        super().__init__()
        self.setWindowTitle("Autochrome")
        self.setObjectName("main_window")
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.resize(*USUAL)
        self._actions = actions
        self._may_close = may_close
        self._icons_of = ""
        self.splitter = QSplitter(Qt.Orientation.Horizontal)

    def place(self, parts: Parts, extra_menus: dict[str, list[QMenu]]) -> None:
        """Put everything where it belongs. extra_menus: title of a menu of the table -> menus that stand at its end."""
        self._middle = QStackedWidget()
        self._middle.addWidget(parts.empty)
        self._middle.addWidget(parts.compare)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(parts.banner)
        column.addWidget(self._middle, 1)
        for place, (part, stretch) in enumerate(((parts.filmstrip, 0), (centre, 1), (parts.panel, 0))):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(place, stretch)
            self.splitter.setCollapsible(place, False)
        parts.filmstrip.setMinimumWidth(176)
        parts.panel.setMinimumWidth(256)
        self.splitter.setSizes([_STRIP_PX, USUAL[0] - _STRIP_PX - WIDTH_PX, WIDTH_PX])
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.splitter, 1)
        rows.addWidget(parts.bottom)
        self.setCentralWidget(whole)
        self._parts = parts
        self._veil = DropVeil(whole)
        self._build_menus(extra_menus)
        self._build_toolbar()
        self._focus_order()
        self.show_photos(False)

    def show_photos(self, there_are: bool) -> None:
        """With photos: the compare view; without: the empty page alone, with nothing beside it to look at."""
        self._middle.setCurrentWidget(self._parts.compare if there_are else self._parts.empty)
        for part in (self._parts.filmstrip, self._parts.panel, self._parts.bottom):
            part.setVisible(there_are)

    def _build_menus(self, extra: dict[str, list[QMenu]]) -> None:
        for title, specs in menus().items():
            menu = self.menuBar().addMenu(title)
            menu.setToolTipsVisible(True)
            for spec in specs:
                if spec.separator_before:
                    menu.addSeparator()
                menu.addAction(self._actions[spec.id])
            if title in extra:
                menu.addSeparator()
            for other in extra.get(title, []):
                menu.addMenu(other)
        for spec in ACTIONS:
            # Keys also work where the menu bar is hidden; those that mean something else elsewhere belong to the strip alone.
            (self._parts.filmstrip if spec.local else self).addAction(self._actions[spec.id])
        for action_id in ("restore_selected", "retry", "open_result_folder", "copy_details"):
            self._parts.filmstrip.addAction(self._actions[action_id])

    def _build_toolbar(self) -> None:
        bar = QToolBar("Tools")
        bar.setObjectName("tools")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        shown = sorted((spec for spec in ACTIONS if spec.toolbar), key=lambda spec: spec.toolbar)
        group = shown[0].toolbar
        for spec in shown:
            if spec.toolbar != group:
                self._separate(bar, spec.toolbar)
                group = spec.toolbar
            bar.addAction(self._actions[spec.id])
            button = bar.widgetForAction(self._actions[spec.id])
            if isinstance(button, QToolButton):
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(plain_text(spec))
        self.addToolBar(bar)
        self._toolbar = bar

    def _separate(self, bar: QToolBar, next_group: int) -> None:
        if next_group != _FIRST_GROUP_AT_THE_RIGHT:
            bar.addSeparator()
            return
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)

    def _focus_order(self) -> None:
        """Strip, photo, panel, bottom: as one reads."""
        parts = self._parts
        chain: list[QWidget] = [parts.filmstrip, parts.compare, parts.panel, parts.bottom.device_button]
        chain += [parts.bottom.output_button, parts.bottom.main_button]
        for one, other in itertools.pairwise(chain):
            QWidget.setTabOrder(one, other)

    # ------------------------------------------------------------------------------------------------------------ events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.show_theme()

    def show_theme(self) -> None:
        """Icons in the colours that are shown now."""
        theme = theme_of(self)
        if theme.name != self._icons_of:
            self._icons_of = theme.name
            self._actions.show_icons(theme)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if paths_in(event.mimeData()):
            event.acceptProposedAction()
            self._veil.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        self.paths_dropped.emit(paths_in(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close():
            event.accept()
        else:
            event.ignore()

    @Slot()
    def toggle_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()


_FIRST_GROUP_AT_THE_RIGHT = 4
