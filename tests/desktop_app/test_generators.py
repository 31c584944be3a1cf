"""The window with several generators: a second colouriser without hints, one that makes old, and what happens when one is gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QComboBox

from desktop_app.assembly import Assembly
from desktop_app.engine_process.protocol import EngineOptions
from desktop_app.queue import State
from desktop_app.settings import RECIPE
from engine.hints import Hint
from engine.recipe import load
from engine.sidecar import Sidecar
from tests.desktop_app.conftest import write_photo
from tests.engine import photos
from tests.onnx_files import TINT, write_ager, write_colorizer, write_tinter

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """Two colourisers, of which “tinter” takes no hints and is not the default, and one that makes old."""
    folder = tmp_path_factory.mktemp("models")
    write_colorizer(folder / "bundled")
    write_tinter(folder / "own", "tinter", a=-20.0, b=10.0)
    write_ager(folder / "own")
    return folder


@pytest.fixture
def options(models: Path) -> EngineOptions:
    return EngineOptions(device="cpu", threads=1, model_folders=(models / "bundled", models / "own"))


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_photo(tmp_path / "photo.jpg")


def choose(hand, title: str) -> None:
    """Take a generator as the hand does."""
    (choice,) = [
        box for box in hand.app.panel.card("colorize").findChildren(QComboBox) if box.accessibleName() == "Generator"
    ]
    choice.setCurrentText(title)
    choice.activated.emit(choice.currentIndex())


def offered(assembly: Assembly) -> list[str]:
    return [action.data() for action in assembly.recipe_menu.actions() if action.isCheckable()]


def test_the_second_colouriser_colours_the_preview_and_the_file_and_is_remembered(hand, photo):
    hand.drop(photo)
    hand.wait_for_preview()
    np.testing.assert_allclose(hand.chroma(), TINT, atol=2)
    choose(hand, "Tinter")
    hand.wait(lambda: hand.after is not None and np.abs(hand.chroma() - (-20, 10)).max() < 2)
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE])
    assert hand.app.queue.items[0].restored_by == {"tinter"}
    assert hand.app.settings.generators() == {"colorize": "tinter"}


def test_hints_are_refused_with_a_reason_where_nothing_follows_them(hand, photo):
    hand.drop(photo)
    hand.wait_for_preview()
    tool = hand.app.actions["hint_tool"]
    hand.press("hint_tool")
    assert hand.app.overlay.hint_tool_enabled
    hand.app.overlay.hint_added.emit(Hint(0.5, 0.5, "#2060ff", size=64))
    choose(hand, "Tinter")
    hand.wait(lambda: not tool.isEnabled())
    assert "“Tinter” takes no hints" in tool.toolTip()
    assert not tool.isChecked() and not hand.app.overlay.hint_tool_enabled
    hand.wait(lambda: "“Tinter” takes no hints" in hand.app.panel._notes.text())
    assert len(hand.app.queue.items[0].document.state.hints) == 1, "they wait for one that follows them"
    choose(hand, "Test generator")
    hand.wait(lambda: tool.isEnabled())
    assert tool.toolTip().startswith("Click a place")
    hand.wait(lambda: not hand.app.panel._notes.isVisible())


def test_a_photo_is_made_old(hand, tmp_path):
    photo = photos.save(photos.coloured(), tmp_path / "colour.png")
    words: list[str] = []
    hand.app.previewing.busy_changed.connect(words.append)
    hand.drop(photo)
    hand.wait_for_preview()
    assert offered(hand.app) == ["colorize", "age"]
    hand.app.recipe_menu.chosen.emit("age")
    hand.wait(lambda: "Ageing" in words and words[-1] == "")
    hand.wait(lambda: hand.after is not None and np.hypot(*hand.chroma()) < 1)
    hand.wait(lambda: not hand.app.actions["hint_tool"].isEnabled())
    assert hand.app.panel.card("age").row("grain").isVisible()
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE])
    assert hand.app.queue.items[0].restored_by == {"test-age"}


class Poorer:
    """What an earlier session chose, in a window without those generators."""

    @pytest.fixture
    def options(self, models: Path) -> EngineOptions:
        return EngineOptions(device="cpu", threads=1, model_folders=(models / "bundled",))


class TestWithoutTheirFiles(Poorer):
    def test_a_recipe_is_not_offered_and_no_longer_the_usual_one(self, hand, photo):
        assert offered(hand.app) == ["colorize"]
        hand.app.settings.remember(RECIPE, "age")
        hand.drop(photo)
        assert hand.app.queue.items[0].document.state.recipe == load("colorize")

    def test_a_choice_that_is_gone_gives_way_to_the_default(self, hand, photo):
        """Or no photo could be coloured, and with one colouriser left there is nothing to choose another with."""
        hand.app.settings.set_generator("colorize", "tinter")
        hand.drop(photo)
        hand.wait_for_preview()
        np.testing.assert_allclose(hand.chroma(), TINT, atol=2)

    def test_a_side_car_that_wants_one_is_told_what_is_missing(self, hand, photo):
        Sidecar(load("age")).write(photo)
        hand.drop(photo)
        hand.wait(lambda: hand.app.banner.isVisible())
        assert hand.app.queue.items[0].error.code == "generator-missing"
        hand.app.recipe_menu.chosen.emit("colorize")
        hand.wait(lambda: not hand.app.banner.isVisible())
        assert hand.states() == [State.NEW] and hand.app.queue.items[0].error is None


def test_without_any_generator_the_engine_still_tells_what_it_runs_on(qtbot, tmp_path, photo):
    assembly = Assembly(
        QApplication.instance(), tmp_path / "s.ini", EngineOptions("cpu", 1, model_folders=(tmp_path / "none",))
    )
    with qtbot.waitSignal(assembly.client.warmed_up, timeout=20_000):
        assembly.warm_up()
    assert assembly.bottom.device_button.text() == "Processor"
    assert offered(assembly) == []
    assembly.close()
    assembly.window.deleteLater()
