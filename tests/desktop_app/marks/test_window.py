"""Damage marked in the real window with its engine process: mended, undone, kept beside the photo, used for others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app import messages
from desktop_app.assembly import Assembly
from desktop_app.document import slow_part
from desktop_app.engine_process.protocol import EngineOptions
from desktop_app.marks.brush import Brush, Tool
from desktop_app.marks.sheet import MarkSheet
from desktop_app.queue import State
from engine import companion
from engine.marks import SUFFIX, Marks
from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS
from tests.engine.repair_files import write_repairer
from tests.onnx_files import write_colorizer

pytestmark = pytest.mark.gui

RECIPE = Recipe("mend", "Mend", "", (RecipeEntry("repair", STEPS["repair"].settings()),))
GREY, DARK, WHITE = 120, 20, 255
SPOT, SCRATCH = (0.25, 0.3), (0.6, 0.7)
"""Places of the photo: something dark that only a hand can call damage, and something white that the generator finds."""


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("repairers")
    write_repairer(folder)
    write_colorizer(folder)
    return folder


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_damaged(tmp_path / "photo.png")


def write_damaged(path: Path, width: int = 480, height: int = 320) -> Path:
    pixels = np.full((height, width), GREY, np.uint8)
    for (x, y), value in ((SPOT, DARK), (SCRATCH, WHITE)):
        row, column = int(y * height), int(x * width)
        pixels[row - 6 : row + 6, column - 6 : column + 6] = value
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def opened(hand, photo):
    """With a recipe that mends."""
    hand.drop(photo)
    hand.wait_for_preview()
    document(hand).set_recipe(RECIPE)
    wait_for_answer(hand)
    return hand


def document(hand, number: int = 0):
    return hand.app.queue.items[number].document


def wait_for_answer(hand) -> None:
    """Until engine and picture know of everything that is marked."""
    one = document(hand)
    hand.wait(lambda: one.analyses is not None and one.analyses.slow_part == slow_part(one.state))
    hand.wait(lambda: hand.after is not None and hand.after.width() == one.preview.width)
    hand.qtbot.wait(50)


def lightness(hand, place: tuple[float, float]) -> int:
    image: QImage = hand.after
    return image.pixelColor(int(place[0] * image.width()), int(place[1] * image.height())).lightness()


def stroke(hand, *places: tuple[float, float], button=Qt.MouseButton.LeftButton) -> None:
    view = hand.app.compare
    window = hand.app.window.windowHandle()
    spots = [view.mapTo(hand.app.window, view.photo_to_widget(QPointF(*place)).toPoint()) for place in places]
    QTest.mousePress(window, button, Qt.KeyboardModifier.NoModifier, spots[0])
    for spot in spots[1:]:
        QTest.mouseMove(window, spot)
    QTest.mouseRelease(window, button, Qt.KeyboardModifier.NoModifier, spots[-1])


def take(hand, tool: Tool, diameter: float = 0.08) -> None:
    hand.press(tool.value)
    hand.app.marking.show_brush(Brush(diameter, 0.0))


def test_what_is_painted_is_mended_and_undo_brings_it_back(opened):
    assert lightness(opened, SCRATCH) == pytest.approx(GREY, abs=3), "found without a word"
    assert lightness(opened, SPOT) == DARK
    take(opened, Tool.BRUSH)
    assert opened.app.marking.mask.isVisible() and opened.app.actions["damage_mask"].isChecked()
    stroke(opened, (0.22, 0.3), (0.25, 0.3), (0.28, 0.3))
    wait_for_answer(opened)
    assert lightness(opened, SPOT) == pytest.approx(GREY, abs=3)
    opened.press("undo")
    wait_for_answer(opened)
    opened.wait(lambda: lightness(opened, SPOT) == DARK)
    assert document(opened).state.marks is None
    opened.press("redo")
    opened.wait(lambda: lightness(opened, SPOT) > GREY - 4)


def test_what_is_erased_stays_as_it_was(opened):
    take(opened, Tool.ERASER)
    stroke(opened, (0.57, 0.7), (0.63, 0.7))
    wait_for_answer(opened)
    opened.wait(lambda: lightness(opened, SCRATCH) == WHITE)
    stroke(opened, (0.57, 0.7), (0.63, 0.7), button=Qt.MouseButton.RightButton)
    opened.wait(lambda: lightness(opened, SCRATCH) < WHITE)
    opened.press("clear_marks")
    opened.wait(lambda: lightness(opened, SCRATCH) == pytest.approx(GREY, abs=3))
    assert document(opened).state.marks is None


def test_a_restored_file_has_what_was_marked(opened, photo):
    take(opened, Tool.BRUSH)
    stroke(opened, (0.22, 0.3), (0.28, 0.3))
    assert not opened.app.queue.items[0].is_up_to_date
    opened.press("restore_all")
    opened.wait(lambda: opened.states() == [State.DONE])
    assert opened.app.queue.items[0].is_up_to_date
    with Image.open(opened.app.queue.items[0].output) as written:
        assert np.asarray(written.convert("L"))[96, 120] == pytest.approx(GREY, abs=3)
    stroke(opened, (0.8, 0.8), (0.82, 0.8))
    assert opened.app.queue.items[0].words == "Changed since restoring"


def test_marks_lie_beside_the_photo_and_are_read_again(opened, photo, tmp_path, options):
    take(opened, Tool.BRUSH)
    stroke(opened, (0.22, 0.3), (0.28, 0.3))
    file = companion.beside(photo, SUFFIX)
    opened.wait(file.exists)
    kept = document(opened).state.marks.marks()
    opened.app.close()
    again = Assembly(QApplication.instance(), tmp_path / "other.ini", options)
    again.open([photo])
    read = again.queue.items[0].document
    assert read.awaits_marks, "the window does not wait for the file"
    opened.wait(lambda: not read.awaits_marks)
    assert np.array_equal(read.state.marks.marks().damaged, kept.damaged)
    again.queue.items[0].document.set_marks(None)
    again.close()
    again.window.deleteLater()
    assert not file.exists(), "a photo without marks has no mask"


def test_a_mask_that_cannot_be_read_is_said_and_left_alone(hand, photo, monkeypatch):
    told = []
    monkeypatch.setattr(messages, "show_error", lambda parent, error, details="": told.append(error.code))
    file = companion.beside(photo, SUFFIX)
    file.write_bytes(b"water damage")
    hand.drop(photo)
    hand.wait_for_preview()
    hand.wait(lambda: bool(told))
    document(hand).set_marks(MarkSheet.of(Marks(np.full((8, 12), 255, np.uint8), np.zeros((8, 12), np.uint8))))
    hand.app.mask_files.write()
    assert told == ["mask-unreadable"] and file.read_bytes() == b"water damage"


def test_a_mask_is_used_for_all_photos_of_its_shape(opened, tmp_path):
    others = [
        write_damaged(tmp_path / "same.png"),
        write_damaged(tmp_path / "other.png", 320, 480),
        write_damaged(tmp_path / "unseen.png"),
    ]
    opened.drop(*others)
    opened.app.queue.set_current(opened.app.queue.items[2])
    opened.wait(lambda: document(opened, 2).size is not None)
    opened.app.queue.set_current(opened.app.queue.items[0])
    wait_for_answer(opened)
    take(opened, Tool.BRUSH)
    stroke(opened, (0.22, 0.3), (0.28, 0.3))
    opened.press("use_mask_for_all")
    marks = [document(opened, number).state.marks for number in range(4)]
    assert marks[0] is not None and marks[1] is marks[0] and marks[2] is None and marks[3] is marks[0]
    opened.wait(lambda: "another: 1 photo." in opened.app.bottom._words.text())
    assert "given to 2 photos; undo" in opened.app.bottom._words.text()
    opened.app.queue.set_current(opened.app.queue.items[1])
    opened.press("undo")
    marks = [document(opened, number).state.marks for number in range(4)]
    assert marks[1] is None and marks[3] is marks[0] is not None, "each photo has its own undo"


def test_a_mask_goes_to_a_file_and_comes_back(opened, tmp_path, monkeypatch):
    take(opened, Tool.BRUSH)
    stroke(opened, (0.22, 0.3), (0.28, 0.3))
    marks = document(opened).state.marks.marks()
    monkeypatch.setattr(messages, "choose_target", lambda *words: tmp_path / "mine.png")
    opened.press("save_mask")
    opened.press("clear_marks")
    monkeypatch.setattr(messages, "choose_file", lambda *words: tmp_path / "mine.png")
    opened.press("load_mask")
    opened.wait(lambda: document(opened).state.marks is not None)
    assert np.array_equal(document(opened).state.marks.marks().damaged, marks.damaged)
    opened.press("undo")
    assert document(opened).state.marks is None


@pytest.mark.parametrize("what", ["no picture", "other shape"])
def test_a_mask_that_does_not_serve_is_said(opened, tmp_path, monkeypatch, what):
    told = []
    monkeypatch.setattr(messages, "show_error", lambda parent, error, details="": told.append(error.sentence))
    file = tmp_path / "mask.png"
    if what == "no picture":
        file.write_bytes(b"no picture")
    else:
        write_damaged(file, 100, 200)
    monkeypatch.setattr(messages, "choose_file", lambda *words: file)
    opened.press("load_mask")
    opened.wait(lambda: bool(told))
    assert len(told) == 1 and "mask.png" in told[0]
    assert document(opened).state.marks is None


def test_one_tool_at_a_time_and_escape_puts_it_away(opened):
    actions, painting = opened.app.actions, opened.app.marking.painting
    opened.press("brush")
    opened.press("eraser")
    assert actions["eraser"].isChecked() and not actions["brush"].isChecked() and painting.isVisible()
    opened.wait(lambda: "sound" in opened.app.bottom._words.text())
    QTest.keyClick(painting, Qt.Key.Key_Escape)
    assert not actions["eraser"].isChecked() and not painting.isVisible()
    opened.press("brush")
    actions["hint_tool"].setEnabled(True)
    actions["hint_tool"].trigger()
    assert not painting.isVisible() and not actions["brush"].isChecked()


def test_the_brush_is_changed_by_keys_and_by_the_card(opened):
    opened.press("brush")
    brush = opened.app.marking.brush
    for action in ("brush_larger", "brush_softer"):
        opened.press(action)
    assert opened.app.marking.brush == brush.larger().softer()
    card = opened.app.marks_card
    card.brush_size.slider.setValue(card.brush_size.slider.maximum())
    assert opened.app.marking.brush.diameter == pytest.approx(0.25)
    card.brush_softness.slider.setValue(0)
    assert opened.app.marking.brush.softness == 0
    opened.press("brush_smaller")
    opened.press("brush_harder")
    assert opened.app.marking.brush.diameter < 0.25


def test_where_nothing_is_mended_the_tools_say_so(opened):
    opened.press("brush")
    document(opened).set_enabled("repair", False)
    opened.wait(lambda: not opened.app.marks_card.isVisible())
    opened.wait(lambda: not opened.app.actions["brush"].isEnabled())
    assert "No damage is mended" in opened.app.actions["brush"].toolTip()
    assert not opened.app.marking.painting.isVisible()
    assert not opened.app.marking.mask.isVisible()


def test_the_keyboard_reaches_every_control_of_the_card(opened):
    card, window = opened.app.marks_card, opened.app.window
    take(opened, Tool.BRUSH)
    stroke(opened, (0.22, 0.3), (0.28, 0.3))
    opened.wait(lambda: all(control.isEnabled() for control in card.controls.values()))
    window.activateWindow()
    opened.app.panel.card("repair").row("strength").slider.setFocus()
    met = []
    for _ in range(14):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget())
    wanted = [*card.controls.values(), card.brush_size.slider, card.brush_softness.slider]
    assert [control.accessibleName() for control in wanted if control not in met] == []
    assert [control for control in wanted if not (control.accessibleName() and control.toolTip())] == []
    sliders = [slider.accessibleName() for slider in (card.brush_size.slider, card.brush_softness.slider)]
    assert sliders == ["Brush size", "Brush softness"], "they stand among the sliders of other cards"
    opened.wait(lambda: "damaged" in card._said.text() and "Mended: " in card._said.text())


def test_a_line_is_not_drawn_on_from_the_photo_before(opened, tmp_path):
    opened.drop(write_damaged(tmp_path / "other.png"))
    document(opened, 1).set_recipe(RECIPE)
    take(opened, Tool.BRUSH, 0.02)
    stroke(opened, (0.1, 0.1), (0.2, 0.1))
    opened.app.queue.set_current(opened.app.queue.items[1])
    view, window = opened.app.compare, opened.app.window
    opened.wait(lambda: document(opened, 1).preview is not None and view.has_picture)
    spot = view.mapTo(window, view.photo_to_widget(QPointF(0.2, 0.8)).toPoint())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, spot)
    damaged = document(opened, 1).state.marks.marks().damaged
    rows, _ = np.nonzero(damaged)
    assert rows.min() > 0.7 * damaged.shape[0]


def test_the_window_does_not_wait_for_a_long_answer(opened, monkeypatch):
    """Stroke after stroke is taken while the engine is still at work on the first."""
    take(opened, Tool.BRUSH, 0.02)
    for number in range(5):
        stroke(opened, (0.1 + number / 10, 0.85), (0.12 + number / 10, 0.85))
    assert len(document(opened)._past) >= 5
    opened.wait(lambda: document(opened).analyses.slow_part == slow_part(document(opened).state))
    assert document(opened).analyses.found["repair"].values["mended"] > 0


class TestWithoutGuide:
    """A repairer that listens to nobody."""

    @pytest.fixture
    def options(self, tmp_path) -> EngineOptions:
        from tests.onnx_files import multiply, write_generator

        write_colorizer(tmp_path / "deaf")
        write_generator(tmp_path / "deaf", multiply(0.5), "deaf", kind="repair", title="Deaf", multiple=8, minimum=16)
        return EngineOptions(device="cpu", threads=1, model_folders=(tmp_path / "deaf",))

    def test_the_tools_say_why_they_do_nothing(self, hand, photo):
        hand.drop(photo)
        hand.wait_for_preview()
        document(hand).set_recipe(RECIPE)
        hand.wait(lambda: "“Deaf”" in hand.app.actions["brush"].toolTip())
        assert not hand.app.actions["brush"].isEnabled()
