"""Guess map, suggestion, other colourings and a dragged hint in the real window with its engine process."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.document import slow_part
from desktop_app.engine_process.protocol import EngineOptions, Failed
from desktop_app.guesses.suggesting import NOTHING_TO_SUGGEST
from desktop_app.queue import State
from engine import sidecar
from engine.errors import EngineLost
from engine.hints import Hint
from tests.desktop_app.guesses.generators import NAME
from tests.onnx_files import slow, write_colorizer, write_generator

pytestmark = pytest.mark.gui


@pytest.fixture
def opened(hand, photo):
    hand.drop(photo)
    hand.wait_for_preview()
    return hand


def document(hand):
    return hand.app.queue.items[0].document


def candidate(hand) -> int:
    return document(hand).state.recipe.entry("colorize").settings.candidate


def open_sheet(hand):
    hand.press("other_colourings")
    sheet = hand.app.colourings.sheet
    hand.wait(lambda: bool(sheet.tiles))
    hand.wait(lambda: all(tile.has_picture for tile in sheet.tiles))
    return sheet


def test_the_guess_map_is_shown_and_follows_hints(opened):
    app = opened.app
    opened.press("guess_map")
    assert app.guess_map.isVisible() and app.guess_map.legend.isVisible()
    shown = []
    app.previewing.analysed.connect(lambda found: shown.append(found["colorize"].arrays["known"]))
    app.overlay.hint_added.emit(Hint(0.5, 0.5, "#808080", size=64))
    opened.wait(lambda: bool(shown))
    height, width = shown[0].shape
    assert shown[0][height // 2, width // 2] == 1
    opened.press("guess_map")
    assert not app.guess_map.isVisible()


def test_a_colouring_is_chosen_by_keys_kept_and_undone(opened, photo):
    before = opened.chroma()
    sheet = open_sheet(opened)
    assert [tile.number for tile in sheet.tiles] == [0, 1, 2, 3, 4]
    QTest.keyClick(sheet.tiles[0], Qt.Key.Key_Right)
    QTest.keyClick(sheet.tiles[1], Qt.Key.Key_Return)
    assert candidate(opened) == 1
    opened.wait(lambda: np.abs(opened.chroma() - before).max() > 10)
    chosen = opened.chroma()
    opened.wait(lambda: app_card(opened)._in_use.text() == "In use: Colouring 1")
    opened.app.sidecars.write()
    assert sidecar.read(photo).recipe.entry("colorize").settings.candidate == 1
    opened.press("restore_all")
    opened.wait(lambda: opened.states() == [State.DONE])
    assert opened.app.queue.items[0].restored_by == {NAME}
    opened.press("undo")
    assert candidate(opened) == 0
    opened.wait(lambda: np.abs(opened.chroma() - before).max() < 2)
    assert np.abs(chosen - before).max() > 10


def app_card(hand):
    return hand.app.guess_card


def test_the_likeliest_is_one_press_away(opened):
    card = app_card(opened)
    assert not card.likeliest.isVisible()
    sheet = open_sheet(opened)
    QTest.keyClick(sheet.tiles[2], Qt.Key.Key_Return)
    settings = document(opened).state.recipe.entry("colorize").settings
    assert settings.candidate == 2 and settings.candidate_of
    opened.wait(card.likeliest.isVisible)
    QTest.keyClick(card.likeliest, Qt.Key.Key_Space)
    settings = document(opened).state.recipe.entry("colorize").settings
    assert (settings.candidate, settings.candidate_of) == (0, "")
    opened.wait(lambda: not card.likeliest.isVisible())


def test_a_colouring_that_the_generator_lacks_can_be_given_up(opened):
    """As one without any colourings lacks every number: the sheet does not open there, and the button is the way back."""
    opened.app.commands.use_colouring(9, "")
    opened.wait(lambda: "Likeliest, not Colouring 9" in app_card(opened)._in_use.text())
    QTest.keyClick(app_card(opened).likeliest, Qt.Key.Key_Space)
    assert candidate(opened) == 0
    opened.wait(lambda: not app_card(opened)._in_use.isVisible())


def test_the_sheet_shows_the_one_in_use_with_a_mark(opened):
    opened.app.commands.use_colouring(3, "")
    opened.wait(lambda: "In use: Colouring 3" in app_card(opened)._in_use.text())
    sheet = open_sheet(opened)
    names = [tile.accessibleName() for tile in sheet.tiles]
    assert [name for name in names if "in use" in name] == ["Colouring 3, in use"]
    opened.app.colourings.close()


def test_a_colouring_of_another_generator_is_not_said_to_be_in_use(opened):
    """Its number means another style here, so the likeliest is laid: card and sheet say so."""
    opened.app.commands.use_colouring(3, "another")
    opened.wait(lambda: "Likeliest, not Colouring 3" in app_card(opened)._in_use.text())
    opened.wait(lambda: any("chosen with another generator" in note for note in document(opened).analyses.notes))
    sheet = open_sheet(opened)
    assert sheet.tiles[0].accessibleName() == "Likeliest, in use"
    opened.app.colourings.close()


def test_escape_leaves_the_photo_as_it_was(opened):
    sheet = open_sheet(opened)
    QTest.keyClick(sheet.tiles[0], Qt.Key.Key_Right)
    QTest.keyClick(sheet.tiles[1], Qt.Key.Key_Escape)
    assert candidate(opened) == 0 and not document(opened).can_undo
    assert opened.app.colourings.sheet is None


def test_a_suggested_place_is_ringed_and_its_colour_asked_for(opened):
    app = opened.app
    opened.press("suggest_place")
    opened.wait(app.overlay.picker.isVisible)
    assert app.ring.isVisible()
    marks = app.overlay._marks
    assert len(marks) == 1 and document(opened).state.hints == ()
    assert (app.ring.geometry().center() - marks[0].geometry().center()).manhattanLength() <= 2
    QTest.keyClick(app.overlay.picker, Qt.Key.Key_Return)
    assert len(document(opened).state.hints) == 1
    assert not app.ring.isVisible()


def test_a_suggestion_out_of_sight_is_brought_into_it(opened):
    app = opened.app
    opened.press("suggest_place")
    opened.wait(app.overlay.picker.isVisible)
    place = app.ring._place
    app.overlay.picker.reject()
    assert not app.ring.isVisible()
    app.compare.zoom_to(1600, app.compare.photo_to_widget(type(place)(1 - place.x(), 1 - place.y())))
    opened.press("suggest_place")
    opened.wait(app.overlay.picker.isVisible)
    assert app.compare.rect().contains(app.ring.geometry())
    app.overlay.picker.reject()


def test_a_colour_that_is_being_chosen_stays_behind_with_its_photo(opened, photo, tmp_path):
    """Also while it is picked out of the photo, when the picker is hidden."""
    other = tmp_path / "other.png"
    other.write_bytes(photo.read_bytes())
    app = opened.app
    app.open([other])
    app.queue.set_current(app.queue.items[0])
    opened.press("suggest_place")
    opened.wait(app.overlay.picker.isVisible)
    app.overlay.picker.photo_wanted.emit()
    app.queue.set_current(app.queue.items[1])
    assert not app.ring.isVisible() and not app.overlay._editing.is_taking
    assert app.overlay._marks == []


def test_where_nothing_is_in_doubt_a_sentence_says_so(opened):
    for row in range(4):
        for column in range(5):
            document(opened).add_hint(Hint(column / 4, row / 3, "#808080", size=64))
    opened.wait(lambda: document(opened).analyses.slow_part == slow_part(document(opened).state))
    opened.press("suggest_place")
    opened.wait(lambda: opened.app.bottom._words.text() == NOTHING_TO_SUGGEST)
    assert not opened.app.ring.isVisible() and not opened.app.overlay.picker.isVisible()


def test_a_dragged_hint_is_answered_while_it_moves_and_wholly_when_it_rests(opened):
    app = opened.app
    app.overlay.hint_added.emit(Hint(0.2, 0.5, "#808080"))
    app.overlay.hint_settled.emit(0)
    opened.wait(lambda: document(opened).analyses.slow_part == slow_part(document(opened).state))
    at_rest = document(opened).analyses
    pictures, finding = [], []
    app.previewing.analysed.connect(finding.append)
    app.previewing.after_changed.connect(pictures.append)
    for step in range(1, 200):
        app.overlay.hint_changed.emit(0, Hint(0.2 + step / 400, 0.5, "#808080"))
        opened.qtbot.wait(5)
        if len(finding) >= 3 and pictures:
            break
    assert document(opened).analyses is at_rest, "what is found on the way is not what counts in the end"
    assert len(finding) >= 3 and pictures, "the photo follows the hand"
    app.overlay.hint_settled.emit(0)
    opened.wait(lambda: document(opened).analyses.slow_part == slow_part(document(opened).state))
    hint = document(opened).state.hints[0]
    map_ = document(opened).analyses.found["colorize"].arrays["known"]
    assert map_[round(hint.y * map_.shape[0]), round(hint.x * map_.shape[1])] == 1


def test_undo_while_a_hint_is_dragged_shows_what_was(opened):
    app = opened.app
    before = document(opened).analyses
    app.overlay.hint_added.emit(Hint(0.5, 0.5, "#808080", size=64))
    opened.wait(lambda: app.previewing._live_found is not None)
    shown = []
    app.previewing.analysed.connect(shown.append)
    document(opened).undo()
    assert app.previewing._live_found is None and shown == [before.found]


def test_a_careful_answer_that_fails_takes_the_rough_one_away(opened):
    """Shown is then what was found last with care, not what was looked up in passing."""
    app = opened.app
    before = document(opened).analyses
    app.overlay.hint_added.emit(Hint(0.5, 0.5, "#808080", size=64))
    opened.wait(lambda: app.previewing._live_found is not None)
    shown, pictures = [], []
    app.previewing.analysed.connect(shown.append)
    app.previewing.after_changed.connect(pictures.append)
    app.overlay.hint_settled.emit(0)
    job = app.previewing._asked.job
    assert job, "the careful question is on its way"
    app.client.failed.emit(Failed(job, EngineLost("this photo")))
    assert app.previewing._live_found is None and shown == [before.found]
    opened.wait(lambda: bool(pictures))
    assert document(opened).analyses is before and app.queue.items[0].state is State.FAILED


class TestSlow:
    """A generator that takes long enough to be interrupted."""

    @pytest.fixture
    def options(self, tmp_path) -> EngineOptions:
        write_generator(tmp_path / "slow", slow(60), "slow", kind="colorize", multiple=8, minimum=16, working_size=160)
        return EngineOptions(device="cpu", threads=1, model_folders=(tmp_path / "slow",))

    def test_the_search_is_called_back_when_the_sheet_is_closed(self, opened):
        ended, found = [], []
        opened.app.client.failed.connect(lambda event: ended.append(event.error.code))
        opened.app.client.colourings_found.connect(found.append)
        opened.app.colourings.open()
        opened.qtbot.wait(50)
        QTest.keyClick(opened.app.colourings.sheet, Qt.Key.Key_Escape)
        opened.wait(lambda: bool(ended))
        assert (ended, found) == (["cancelled"], [])
        assert opened.app.colourings.sheet is None and candidate(opened) == 0


class TestWithoutStyles:
    """A generator that says how sure it is, and knows one colouring."""

    @pytest.fixture
    def options(self, tmp_path) -> EngineOptions:
        write_colorizer(tmp_path / "plain")
        return EngineOptions(device="cpu", threads=1, model_folders=(tmp_path / "plain",))

    def test_the_button_says_why_there_is_nothing_to_choose(self, opened):
        button = app_card(opened).controls["other_colourings"]
        opened.wait(lambda: "only one colouring" in button.toolTip())
        assert not button.isEnabled()
        opened.wait(app_card(opened).controls["guess_map"].isEnabled)

    def test_a_colouring_that_it_does_not_have_is_given_up_on_the_card(self, opened):
        """As of a photo whose colouring was chosen with another generator, and where no sheet opens."""
        card = app_card(opened)
        opened.app.commands.use_colouring(2, "")
        opened.wait(lambda: card._in_use.text() == "In use: Likeliest, not Colouring 2")
        card.likeliest.click()
        assert candidate(opened) == 0
        opened.wait(lambda: card._in_use.isHidden() and card.likeliest.isHidden())

    def test_the_sheet_says_it_too(self, opened):
        opened.app.colourings.open()
        opened.wait(lambda: "no other colouring" in opened.app.colourings.sheet.sentence)
        opened.app.colourings.close()


def test_the_card_is_there_only_where_something_is_coloured(opened):
    card = app_card(opened)
    assert card.isVisible()
    nameless = [name for name, control in card.controls.items() if not (control.accessibleName() and control.toolTip())]
    assert nameless == []
    document(opened).set_enabled("colorize", False)
    opened.wait(lambda: not card.isVisible())


def test_the_keyboard_reaches_every_control_of_the_card(opened):
    card, window = app_card(opened), opened.app.window
    opened.wait(lambda: all(control.isEnabled() for control in card.controls.values()))
    window.activateWindow()
    opened.app.panel.card("colorize").row("strength").slider.setFocus()
    met = []
    for _ in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget())
    assert [control for control in card.controls.values() if control not in met] == []


def test_a_switch_of_the_card_is_its_action(opened):
    switch, action = app_card(opened).controls["guess_map"], opened.app.actions["guess_map"]
    opened.wait(switch.isEnabled)
    switch.click()
    assert action.isChecked() and opened.app.guess_map.is_on
    action.trigger()
    assert not switch.isChecked()
