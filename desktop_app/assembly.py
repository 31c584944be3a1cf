"""Builds the window's parts and joins them: the only place where they know of each other.

Beside app.py and not in it, because the engine process imports app.py again when it starts and must not load Qt.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from weakref import WeakKeyDictionary

import platformdirs
from PySide6.QtCore import QObject, QPointF, QSize, Slot
from PySide6.QtWidgets import QApplication, QDialog

from desktop_app import messages, theme
from desktop_app.actions import Actions
from desktop_app.bottom_bar import BottomBar
from desktop_app.choices import Choices, Obeying
from desktop_app.closeup import Closeup
from desktop_app.commands import Commands
from desktop_app.compare.view import CompareView
from desktop_app.engine_process.background import Background
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import EngineOptions
from desktop_app.faces.card import FacesCard
from desktop_app.faces.finding import FaceFinding
from desktop_app.faces.treating import Treating
from desktop_app.filmstrip.thumbnails import Thumbnails
from desktop_app.filmstrip.view import Filmstrip
from desktop_app.guesses.card import GuessCard
from desktop_app.guesses.colourings import Colourings
from desktop_app.guesses.overlay import GuessOverlay
from desktop_app.guesses.ring import PlaceRing
from desktop_app.guesses.suggesting import Suggesting
from desktop_app.hints.overlay import HintOverlay
from desktop_app.marks.brush import Brush
from desktop_app.marks.card import MarksCard
from desktop_app.marks.files import MaskFiles
from desktop_app.marks.loading import MaskLoading
from desktop_app.marks.marking import Marking
from desktop_app.marks.reading import MaskReader
from desktop_app.menus import DeviceMenu, OutputMenu, RecipeMenu
from desktop_app.pages.about import AboutPage
from desktop_app.pages.banner import Banner
from desktop_app.pages.empty import EmptyPage
from desktop_app.pages.shortcuts import ShortcutsPage
from desktop_app.presenter import Presenter, Shown
from desktop_app.previewing import PreviewFailed, Previewing
from desktop_app.queue import PhotoQueue, QueueItem, State
from desktop_app.recipe_panel.panel import RecipePanel
from desktop_app.restoring import Restoring
from desktop_app.settings import BRUSH, DEVICE, GEOMETRY, RECENT_COLOURS, SPLITTER, THEME, Settings
from desktop_app.sidecars import Sidecars
from desktop_app.window import MainWindow, Parts
from engine import recipe as recipes
from engine.assets import asset
from engine.codecs import READABLE
from engine.errors import EngineError
from engine.library import ModelLibrary, user_folder
from engine.steps.step import Analysis

_CLOSING = messages.Question(
    "Autochrome",
    "Photos are still being restored.",
    "What is finished stays. The others can be restored next time.",
    yes="Stop and close",
    no="Go on restoring",
)


def settings_file() -> Path:
    """Where the app remembers things."""
    return Path(platformdirs.user_config_dir("Autochrome", appauthor=False)) / "autochrome.ini"


def options_of(extra_models: Sequence[Path] | None, log_file: Path | None) -> EngineOptions:
    """Options of the engine with more folders of generators than the bundled and the user's."""
    extra = tuple(folder.absolute() for folder in extra_models or ())
    folders = (asset("models"), user_folder(), *extra) if extra else None
    return EngineOptions(model_folders=folders, log_file=log_file)


def samples() -> list[Path]:
    """The photos that come with Autochrome."""
    return sorted(path for path in asset("samples").glob("*") if path.suffix.lower() in READABLE)


class Assembly(QObject):
    """The whole app, except its QApplication."""

    def __init__(self, app: QApplication, settings_file: Path, options: EngineOptions) -> None:
        super().__init__(app)
        self.settings = Settings(settings_file, self)
        self._library = ModelLibrary(options.model_folders)
        self._offered = [recipe for recipe in recipes.bundled() if self._library.why_not(recipe.kinds) is None]
        theme.apply(app, self.settings.get(THEME))
        self.client = EngineClient(replace(options, device=self.settings.get(DEVICE)), self)
        self.background = Background(self)
        self.queue = PhotoQueue(self)
        self.mask_reader = MaskReader(self.client, self.background, self)
        self.mask_files = MaskFiles(self.queue, self.mask_reader, self.background, self)
        self.sidecars = Sidecars(self.queue, self)
        self.restoring = Restoring(self.queue, self.client, self.settings, self)
        self.previewing = Previewing(self.queue, self.client, self.background, self)
        self.closeup = Closeup(self.queue, self.client, self.background, self)
        self.actions = Actions(self)
        self._build_widgets()
        self.commands = Commands(
            self.queue, self.restoring, self.client, self.settings, self.sidecars, self._offered, self.window
        )
        self.choices = self._build_choices(app)
        self.presenter = self._build_presenter()
        self._pages: dict[str, QDialog] = {}
        self._preview_errors: WeakKeyDictionary[QueueItem, EngineError] = WeakKeyDictionary()
        self._closed = False
        self._join_commands()
        self._join_photos()
        self._join_guesses()
        self._join_marks()
        self._join_faces()
        self.presenter.show_situation()

    # ---------------------------------------------------------------------------------------------------------- building

    def _build_widgets(self) -> None:
        self.window = MainWindow(self.actions, self._may_close)
        self.filmstrip = Filmstrip(self.queue)
        self.compare = CompareView()
        self.overlay = HintOverlay(self.compare)
        self.overlay.recent_colours = self.settings.recent_colours()
        self.guess_map = GuessOverlay(self.compare)
        self.ring = PlaceRing(self.compare)
        self.ring.stackUnder(self.overlay)
        self.guess_card = GuessCard(self.actions)
        self.panel = RecipePanel(self._library.cards(), {}, self.settings.shown_steps())
        self.marks_card = MarksCard(self.actions)
        self.faces_card = FacesCard()
        self.panel.add_below(self.marks_card)
        self.panel.add_below(self.faces_card)
        self.panel.add_below(self.guess_card)
        self.bottom = BottomBar()
        self.banner = Banner()
        self.empty = EmptyPage(bool(samples()))
        self.recipe_menu = RecipeMenu(self._offered, self.window)
        self.output_menu = OutputMenu(self.window)
        self.device_menu = DeviceMenu(self.window)
        self.panel.set_recipe_menu(self.recipe_menu)
        self.bottom.set_menus(self.output_menu, self.device_menu)
        self.parts = Parts(self.filmstrip, self.compare, self.panel, self.bottom, self.banner, self.empty)
        self.window.place(self.parts, {"&Restore": [self.recipe_menu, self.output_menu, self.device_menu]})
        self.window.restoreGeometry(self.settings.get(GEOMETRY))
        self.window.splitter.restoreState(self.settings.get(SPLITTER))
        self.window.show_theme()

    def _build_choices(self, app: QApplication) -> Choices:
        obeying = Obeying(
            app=app,
            window=self.window,
            client=self.client,
            queue=self.queue,
            previewing=self.previewing,
            restoring=self.restoring,
            actions=self.actions,
            bottom=self.bottom,
            panel=self.panel,
            output_menu=self.output_menu,
            device_menu=self.device_menu,
        )
        return Choices(self.settings, self._library, obeying, self)

    def _build_presenter(self) -> Presenter:
        shown = Shown(
            self.window, self.parts, self.overlay, self.guess_card, self.actions, self.recipe_menu, self.device_menu
        )
        return Presenter(self.queue, self.restoring, self.commands, shown, self._library.cards(), self)

    # ----------------------------------------------------------------------------------------------------------- joining

    def _join_commands(self) -> None:
        commands, window, panel = self.commands, self.window, self.panel
        self.actions.connect_to(commands)
        window.paths_dropped.connect(commands.add_paths)
        commands.view_wanted.connect(self._change_view)
        commands.page_wanted.connect(self._show_page)
        commands.select_all_wanted.connect(self.filmstrip.selectAll)
        commands.full_screen_wanted.connect(window.toggle_full_screen)
        commands.quit_wanted.connect(window.close)
        commands.error_shown.connect(self.show_error)
        commands.hint_tool_wanted.connect(self.overlay.set_hint_tool_enabled)
        commands.hint_tool_wanted.connect(self.presenter.hint_tool_changed)
        self.empty.open_wanted.connect(commands.open_photos)
        self.empty.sample_wanted.connect(self._open_sample)
        self.banner.retry_wanted.connect(self._retry_current)
        self.banner.details_wanted.connect(commands.copy_details)
        self.bottom.start_wanted.connect(commands.restore_all)
        self.bottom.stop_wanted.connect(commands.stop)
        self.recipe_menu.chosen.connect(commands.use_bundled)
        self.recipe_menu.load_wanted.connect(commands.load_recipe)
        self.recipe_menu.save_wanted.connect(commands.save_recipe)
        panel.setting_changed.connect(commands.change_setting)
        panel.setting_settled.connect(commands.settle)
        panel.step_switched.connect(commands.switch_step)
        panel.generator_chosen.connect(commands.choose_generator)
        panel.more_toggled.connect(commands.toggle_more)

    def _join_photos(self) -> None:
        thumbnails = Thumbnails(self.queue, self.client, self)
        self.filmstrip.seen.connect(thumbnails.want)
        self.filmstrip.looked_at.connect(self.queue.set_current)
        self.filmstrip.selection_changed.connect(self.commands.set_selected)
        self.filmstrip.selection_changed.connect(self.presenter.something_changed)
        self.previewing.before_changed.connect(self.closeup.show_preview_before)
        self.previewing.after_changed.connect(self.closeup.show_preview_after)
        self.previewing.size_known.connect(self._size_known)
        self.previewing.size_known.connect(self.panel.show_size)
        self.previewing.busy_changed.connect(self.presenter.looking_for)
        self.previewing.noted.connect(self.panel.show_notes)
        self.previewing.noted.connect(self._preview_analysed)
        self.previewing.analysed.connect(self.panel.show_found)
        self.previewing.failed.connect(self._preview_failed)
        self.closeup.before_shown.connect(self.compare.set_before)
        self.closeup.after_shown.connect(self.compare.set_after)
        self.compare.zoom_changed.connect(self.closeup.set_zoom)
        self.overlay.hint_added.connect(self.commands.add_hint)
        self.overlay.hint_changed.connect(self.commands.change_hint)
        self.overlay.hint_removed.connect(self.commands.remove_hint)
        self.overlay.hint_settled.connect(self.commands.settle)
        self.sidecars.failed.connect(self.show_error)

    def _join_guesses(self) -> None:
        self.suggesting = Suggesting(self.queue, self.background, self)
        self.colourings = Colourings(self.queue, self.client, self.background, self.previewing, self.window)
        self.commands.guess_map_wanted.connect(self.guess_map.switch)
        self.commands.suggestion_wanted.connect(self.suggesting.look)
        self.commands.colourings_wanted.connect(self.colourings.open)
        self.previewing.analysed.connect(self._show_guesses)
        self.suggesting.found.connect(self._ask_for_colour)
        self.suggesting.nothing_found.connect(self.presenter.say)
        self.overlay.editing_ended.connect(self.ring.hide)
        self.colourings.chosen.connect(self.commands.use_colouring)
        self.guess_card.likeliest_wanted.connect(self.commands.use_likeliest)

    def _join_marks(self) -> None:
        commands = self.commands
        self.marking = Marking(
            self.queue, self.previewing, commands, self.actions, self.marks_card, self.compare, self.window
        )
        self.marking.show_brush(Brush.from_text(self.settings.get(BRUSH)))
        commands.mark_tool_wanted.connect(self.presenter.mark_tool_changed)
        commands.said.connect(self.presenter.say)
        self.mask_files.failed.connect(self.show_error)
        self.mask_files.taken_up.connect(self.restoring.go_on)
        loading = MaskLoading(self.queue, self.mask_reader, self)
        commands.mask_chosen.connect(loading.load)
        loading.failed.connect(self.show_error)
        loading.said.connect(self.presenter.say)

    def _join_faces(self) -> None:
        has_detector = self._library.why_not(["detector"]) is None
        finding = FaceFinding(self.queue, self.client, self.previewing, has_detector, self)
        self.treating = Treating(self.queue, finding, self.background, self.faces_card, self.compare, self.window)
        self.treating.wishes_chosen.connect(self.commands.change_face_wishes)

    # -------------------------------------------------------------------------------------------------------- life cycle

    def show(self) -> None:
        self.window.show()

    def warm_up(self) -> None:
        """Start the engine before it is needed."""
        self.choices.warm_up()

    def open(self, paths: Sequence[Path]) -> None:
        """Add photos and folders, as if they had been dropped."""
        if paths:
            self.commands.add_paths(paths)

    @Slot()
    def close(self) -> None:
        """Stop the work, write what is not written yet, end the process and the threads. Calling it again does nothing."""
        if self._closed:
            return
        self._closed = True
        self.presenter.stop()
        self.sidecars.write()
        self.mask_files.write()
        self.settings.remember(GEOMETRY, self.window.saveGeometry().data())
        self.settings.remember(SPLITTER, self.window.splitter.saveState().data())
        self.settings.remember(RECENT_COLOURS, ";".join(self.overlay.recent_colours))
        self.settings.remember(BRUSH, self.marking.brush.text)
        self.settings.save()
        self.client.close()
        self.background.close()
        self.compare.close_pictures()

    def _may_close(self) -> bool:
        if self.restoring.is_running and not messages.ask(self.window, _CLOSING):
            return False
        self.close()
        return True

    # -------------------------------------------------------------------------------------------------- small connections

    @Slot(object)
    def _size_known(self, size: tuple[int, int]) -> None:
        self.compare.set_photo_size(QSize(*size))

    @Slot(object)
    def _preview_failed(self, failed: PreviewFailed) -> None:
        if not failed.item.is_busy:
            self._preview_errors[failed.item] = failed.event.error
            self.queue.update(failed.item, state=State.FAILED, error=failed.event.error, details=failed.event.details)

    @Slot(object)
    def _preview_analysed(self, notes: Sequence[str]) -> None:
        """What kept the photo from being shown is over, such as a recipe whose generator is missing."""
        item = self.queue.current
        if item is not None and item.error is not None and item.error is self._preview_errors.pop(item, None):
            self.queue.update(item, state=State.NEW, error=None, details="")

    @Slot(object)
    def _show_guesses(self, found: Mapping[str, Analysis]) -> None:
        coloured = found.get("colorize")
        self.guess_map.show_map(coloured.arrays.get("known") if coloured is not None else None)

    @Slot(object)
    def _ask_for_colour(self, place: QPointF) -> None:
        """The ring stays as long as the colour is being chosen."""
        self.ring.show_at(place)
        self.overlay.add_at(place)

    @Slot(str)
    def _change_view(self, how: str) -> None:
        if how == "fit":
            self.compare.zoom_to_fit()
        elif how == "actual":
            self.compare.zoom_to(100.0, None)
        elif how == "in":
            self.compare.zoom_in()
        else:
            self.compare.zoom_out()

    @Slot(str)
    def _show_page(self, name: str) -> None:
        if name not in self._pages:
            shortcuts = name == "shortcuts"
            self._pages[name] = (
                ShortcutsPage(self.window) if shortcuts else AboutPage(self._library.cards(), self.window)
            )
        self._pages[name].show()
        self._pages[name].raise_()

    @Slot()
    def _open_sample(self) -> None:
        """A copy of the user's own, so that its result lies in a folder that can be written and found."""
        folder = Path(platformdirs.user_data_dir("Autochrome", appauthor=False)) / "samples"
        folder.mkdir(parents=True, exist_ok=True)
        self.open([Path(shutil.copy(sample, folder / sample.name)) for sample in samples()[:1]])

    @Slot()
    def _retry_current(self) -> None:
        if self.queue.current is not None:
            self.previewing.show_item(self.queue.current)
            self.restoring.start([self.queue.current])

    @Slot(object)
    def show_error(self, error: EngineError) -> None:
        """An error that belongs to no photo."""
        messages.show_error(self.window, error)

    @Slot(object)
    def show_crash(self, details: str) -> None:
        """What nobody foresaw: said once a run; the log has every one."""
        if "crash" not in self._pages:
            self._pages["crash"] = messages.show_error(self.window, messages.UNEXPECTED, details)
