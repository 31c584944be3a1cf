"""The real window with its real engine process, driven as a stranger would: drop, look, change, restore, and what goes wrong."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app import messages
from desktop_app.assembly import Assembly
from desktop_app.document import slow_part
from desktop_app.engine_process.protocol import Failed
from desktop_app.queue import State
from desktop_app.settings import OUTPUT_FOLDER, THEME
from desktop_app.theme import theme_of
from engine import recipe as recipes
from engine import sidecar
from engine.errors import EngineLost
from engine.hints import Hint
from tests.desktop_app.conftest import SLOW, write_photo
from tests.desktop_app.hand import LONG_MS

pytestmark = pytest.mark.gui


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    for number in range(3):
        write_photo(folder / f"photo{number}.jpg", seed=number)
    return folder


def test_a_dropped_photo_shows_itself_in_colour_and_is_restored_into_a_file(hand, album):
    """The whole path of a stranger: drop, see, move the line, press the one button, find the file."""
    hand.drop(album / "photo0.jpg")
    assert hand.app.filmstrip.isVisible()
    hand.wait_for_preview()
    assert np.hypot(*hand.chroma()) > 5, "the preview is in colour"
    hand.app.compare.set_divider(0.25)
    assert hand.app.compare.divider == 0.25
    QTest.mouseClick(hand.app.bottom.main_button, Qt.MouseButton.LeftButton)
    hand.wait(lambda: hand.states() == [State.DONE])
    output = hand.app.queue.items[0].output
    assert output == album / "restored" / "photo0-restored.jpg"
    with Image.open(output) as written:
        assert written.size == (160, 120)
        assert written.mode == "RGB"
    hand.wait(lambda: hand.app.bottom.main_button.text() == "All restored")


def test_a_folder_comes_in_with_thumbnails_and_every_photo_is_restored(hand, album):
    hand.drop(album)
    hand.wait(lambda: len(hand.app.queue.items) == 3)
    hand.wait(lambda: all(item.thumbnail is not None for item in hand.app.queue.items))
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE] * 3)
    assert len(list((album / "restored").iterdir())) == 3


def test_the_same_photo_is_not_there_twice(hand, album):
    hand.drop(album / "photo0.jpg")
    hand.drop(album / "photo1.jpg", album / ".." / "album" / "photo0.jpg")
    assert [item.name for item in hand.app.queue.items] == ["photo0.jpg", "photo1.jpg"]


def test_photos_copied_elsewhere_are_pasted(hand, album):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(album / "photo1.jpg"))])
    QGuiApplication.clipboard().setMimeData(mime)
    hand.press("paste")
    assert [item.name for item in hand.app.queue.items] == ["photo1.jpg"]


def test_the_strength_slider_changes_the_photo_without_the_engine(hand, album):
    hand.drop(album / "photo0.jpg")
    hand.wait_for_preview()
    asked = []
    hand.app.client.preview_analysed.connect(asked.append)
    slider = hand.app.panel.card("colorize").row("strength").slider
    full = np.hypot(*hand.chroma())
    slider.setValue(round(slider.maximum() / 4))
    hand.wait(lambda: np.hypot(*hand.chroma()) < full / 2)
    assert asked == []
    hand.press("undo")
    hand.wait(lambda: np.hypot(*hand.chroma()) > full * 0.9)
    assert slider.value() == slider.maximum()
    hand.press("redo")
    hand.wait(lambda: np.hypot(*hand.chroma()) < full / 2)


def test_a_slow_setting_asks_the_engine_again(hand, album):
    hand.drop(album / "photo0.jpg")
    hand.wait_for_preview()
    document = hand.app.queue.items[0].document
    before = document.analyses
    with hand.qtbot.waitSignal(hand.app.client.preview_analysed, timeout=LONG_MS):
        hand.app.panel.card("colorize").row("working_size").slider.setValue(20)
    assert before.slow_part != document.analyses.slow_part == slow_part(document.state)


def test_a_hint_gives_its_colour_to_the_photo_and_survives_in_the_side_car(hand, album, qtbot, tmp_path, options):
    hand.drop(album / "photo0.jpg")
    hand.wait_for_preview()
    before = hand.chroma()
    hand.press("hint_tool")
    hand.app.overlay.hint_added.emit(Hint(0.5, 0.5, "#2060ff", size=64))
    hand.wait(lambda: hand.chroma()[1] < before[1] - 5)
    hand.app.close()
    written = sidecar.read(album / "photo0.jpg")
    assert written is not None
    assert written.hints == (Hint(0.5, 0.5, "#2060ff", size=64),)
    again = Assembly(QApplication.instance(), tmp_path / "other.ini", options)
    again.open([album / "photo0.jpg"])
    assert again.queue.items[0].document.state.hints == written.hints
    again.close()
    again.window.deleteLater()


def test_a_side_car_of_another_version_is_left_as_it_is(hand, album, monkeypatch):
    told = []
    monkeypatch.setattr(messages, "show_error", lambda parent, error, details="": told.append(error.code))
    file = sidecar.beside(album / "photo0.jpg")
    file.write_text(json.dumps({"autochrome_sidecar": 99}))
    hand.drop(album / "photo0.jpg")
    hand.app.queue.items[0].document.add_hint(Hint(0.5, 0.5, "#2060ff"))
    hand.app.sidecars.write()
    assert told == ["sidecar-invalid"]
    assert json.loads(file.read_text()) == {"autochrome_sidecar": 99}


def test_a_bad_photo_does_not_stop_the_others(hand, album):
    (album / "photo1.jpg").write_bytes(b"water damage")
    hand.drop(album)
    hand.wait(lambda: len(hand.app.queue.items) == 3)
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE, State.FAILED, State.DONE])
    hand.app.queue.set_current(hand.app.queue.items[1])
    assert hand.app.banner.isVisible()
    assert "photo1.jpg" in hand.app.queue.items[1].error.sentence
    hand.press("copy_details")
    assert "photo-unreadable" in QGuiApplication.clipboard().text()


def test_stop_stops_the_one_at_work_and_all_that_wait(hand, album):
    hand.app.restoring.set_generators(SLOW)
    hand.drop(*sorted(album.glob("*.jpg")))
    hand.press("restore_all")
    hand.wait(lambda: hand.app.queue.items[0].progress > 0.04)
    hand.press("stop")
    hand.wait(lambda: hand.states() == [State.STOPPED] * 3)
    assert not (album / "restored").exists()
    hand.wait(lambda: hand.app.bottom.main_button.text() == "Restore 3 photos")


def test_killing_the_engine_fails_one_photo_and_retry_restores_it(hand, album):
    hand.app.restoring.set_generators(SLOW)
    hand.drop(*sorted(album.glob("*.jpg")))
    hand.press("restore_all")
    hand.wait(lambda: hand.app.queue.items[0].progress > 0.04)
    hand.app.restoring.set_generators({})
    os.kill(hand.app.client.process_id, signal.SIGKILL)
    hand.wait(lambda: hand.states() == [State.FAILED, State.DONE, State.DONE])
    item = hand.app.queue.items[0]
    assert item.error.code == "engine-lost"
    assert "photo0.jpg" in item.error.sentence
    assert hand.app.banner.isVisible()
    QTest.mouseClick(hand.app.banner.retry_button, Qt.MouseButton.LeftButton)
    hand.wait(lambda: hand.states() == [State.DONE] * 3)
    assert not hand.app.banner.isVisible()


def test_restoring_a_changed_photo_again_replaces_its_own_result(hand, album):
    hand.drop(album / "photo0.jpg")
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE])
    first = hand.app.queue.items[0].output.read_bytes()
    hand.app.queue.items[0].document.set_setting("colorize", "saturation", 0.2)
    assert hand.app.queue.items[0].words == "Changed since restoring"
    hand.press("restore_all")
    hand.wait(lambda: hand.app.queue.items[0].is_up_to_date)
    assert [path.name for path in (album / "restored").iterdir()] == ["photo0-restored.jpg"]
    assert hand.app.queue.items[0].output.read_bytes() != first


def test_save_as_writes_the_format_of_the_suffix_and_never_over_an_original(hand, album, monkeypatch):
    hand.drop(*sorted(album.glob("*.jpg")))
    monkeypatch.setattr(messages, "choose_target", lambda *words: album / "mine.png")
    hand.press("save_as")
    hand.wait(lambda: hand.states()[0] is State.DONE)
    with Image.open(album / "mine.png") as written:
        assert written.format == "PNG"
    original = (album / "photo1.jpg").read_bytes()
    monkeypatch.setattr(messages, "choose_target", lambda *words: album / "photo1.jpg")
    hand.press("save_as")
    hand.wait(lambda: hand.states()[0] is State.FAILED)
    assert hand.app.queue.items[0].error.code == "original-in-danger"
    assert (album / "photo1.jpg").read_bytes() == original


def test_results_go_to_the_chosen_folder(hand, album, tmp_path):
    hand.app.settings.remember(OUTPUT_FOLDER, str(tmp_path / "out"))
    hand.drop(album / "photo0.jpg")
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE])
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["photo0-restored.jpg"]


def test_zooming_into_a_finished_photo_shows_the_file(hand, tmp_path):
    """Before that, both sides are the preview: nothing is sharper on one side of the line than on the other."""
    photo = write_photo(tmp_path / "wide.jpg", 3000, 400)
    hand.drop(photo)
    hand.wait_for_preview()
    hand.wait(lambda: hand.after.width() == 2000)
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE])
    assert hand.after.width() == 2000
    hand.press("actual_size")
    hand.wait(lambda: hand.after.width() == 3000)
    hand.app.queue.items[0].document.set_setting("colorize", "strength", 0.5)
    hand.wait(lambda: hand.after.width() == 2000)


def test_removing_goes_to_the_neighbour_and_leaves_the_files(hand, album):
    hand.drop(*sorted(album.glob("*.jpg")))
    hand.wait_for_preview()
    hand.press("remove")
    assert [item.name for item in hand.app.queue.items] == ["photo1.jpg", "photo2.jpg"]
    assert hand.app.queue.current.name == "photo1.jpg"
    hand.press("select_all")
    hand.press("remove")
    assert hand.app.empty.isVisible()
    assert not hand.app.bottom.isVisible()
    assert len(list(album.glob("*.jpg"))) == 3


def test_settings_can_be_used_for_all_photos(hand, album):
    hand.drop(*sorted(album.glob("*.jpg")))
    hand.wait_for_preview()
    first = hand.app.queue.items[0].document
    first.set_setting("colorize", "strength", 0.4)
    first.add_hint(Hint(0.5, 0.5, "#2060ff"))
    hand.press("use_for_all")
    others = [item.document.state for item in hand.app.queue.items[1:]]
    assert [state.recipe.entry("colorize").settings.strength for state in others] == [0.4, 0.4]
    assert [state.hints for state in others] == [(), ()]


def test_a_colouring_stays_with_the_photo_it_was_chosen_for(hand, album, tmp_path, monkeypatch):
    """“Use for all”, a saved recipe and another recipe carry the settings; each photo keeps its own colouring."""
    hand.drop(*sorted(album.glob("*.jpg")))
    hand.wait_for_preview()
    first, second, third = (item.document for item in hand.app.queue.items)
    hand.app.commands.use_colouring(3, "one")
    first.set_setting("colorize", "strength", 0.4)
    second.set_recipe(second.state.recipe.with_setting("colorize.candidate", 5))
    hand.press("use_for_all")
    chosen = [each.state.recipe.entry("colorize").settings for each in (first, second, third)]
    assert [(each.strength, each.candidate, each.candidate_of) for each in chosen] == [
        (0.4, 3, "one"),
        (0.4, 5, ""),
        (0.4, 0, ""),
    ]
    monkeypatch.setattr(messages, "choose_target", lambda *words: tmp_path / "mine.json")
    monkeypatch.setattr(messages, "choose_file", lambda *words: tmp_path / "mine.json")
    hand.app.commands.save_recipe()
    saved = recipes.load(tmp_path / "mine.json").entry("colorize").settings
    assert (saved.strength, saved.candidate, saved.candidate_of) == (0.4, 0, "")
    for change in (lambda: hand.app.recipe_menu.chosen.emit("colorize"), hand.app.commands.load_recipe):
        change()
        kept = first.state.recipe.entry("colorize").settings
        assert (kept.candidate, kept.candidate_of) == (3, "one")


def test_a_recipe_goes_to_a_file_and_comes_back(hand, album, tmp_path, monkeypatch):
    hand.drop(album / "photo0.jpg")
    document = hand.app.queue.items[0].document
    document.set_setting("colorize", "strength", 0.4)
    monkeypatch.setattr(messages, "choose_target", lambda *words: tmp_path / "mine.json")
    hand.app.commands.save_recipe()
    document.undo()
    monkeypatch.setattr(messages, "choose_file", lambda *words: tmp_path / "mine.json")
    hand.app.commands.load_recipe()
    assert document.state.recipe.entry("colorize").settings.strength == 0.4


@pytest.fixture
def told(monkeypatch) -> list[str]:
    """The codes of the errors that are shown."""
    shown: list[str] = []
    monkeypatch.setattr(messages, "show_error", lambda parent, error, details="": shown.append(error.code))
    return shown


def test_a_recipe_that_cannot_be_saved_is_said(hand, album, tmp_path, monkeypatch, told):
    hand.drop(album / "photo0.jpg")
    monkeypatch.setattr(messages, "choose_target", lambda *words: tmp_path / "no such folder" / "mine.json")
    hand.app.commands.save_recipe()
    assert told == ["output-unwritable"]


def test_a_folder_that_cannot_be_searched_is_said(hand, album, told):
    """The engine is lost again and again: the wish is given up, and the user hears of it."""
    hand.drop(album)
    (job,) = hand.app.commands._finding
    hand.app.client.failed.emit(Failed(job, EngineLost("your photos")))
    assert told == ["engine-lost"]
    assert hand.app.commands._finding == set()


def test_another_generator_makes_finished_photos_outstanding_again(hand, album):
    hand.drop(album / "photo0.jpg")
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE])
    assert hand.app.queue.items[0].is_up_to_date
    hand.app.settings.set_generator("colorize", SLOW["colorize"])
    assert hand.app.queue.items[0].words == "Changed since restoring"
    hand.app.settings.set_generator("colorize", "test-colorize")
    assert hand.app.queue.items[0].words == "Restored"


def test_the_theme_switches_and_is_remembered(hand):
    assert theme_of(hand.app.window).name == "dark"
    hand.press("switch_theme")
    assert theme_of(hand.app.window).name == "light"
    assert hand.app.settings.get(THEME) == "light"
    assert hand.app.actions["theme_light"].isChecked()


def test_closing_while_it_works_asks_and_leaves_no_half_written_file(hand, album, monkeypatch):
    hand.app.restoring.set_generators(SLOW)
    hand.drop(*sorted(album.glob("*.jpg")))
    hand.press("restore_all")
    hand.wait(lambda: hand.app.queue.items[0].progress > 0.04)
    answers = [False, True]
    monkeypatch.setattr(messages, "ask", lambda parent, question: answers.pop(0))
    hand.app.window.close()
    assert hand.app.window.isVisible()
    hand.app.window.close()
    assert not hand.app.window.isVisible()
    assert answers == []
    assert not (album / "restored").exists()


def test_every_control_has_a_name_and_the_keyboard_reaches_it(hand, album):
    """Tab goes round through the strip, the photo, the panel and the button, and everything says what it is."""
    hand.drop(album / "photo0.jpg")
    hand.wait_for_preview()
    window = hand.app.window
    window.activateWindow()
    hand.app.filmstrip.setFocus()
    met = []
    for _ in range(80):
        widget = QApplication.focusWidget()
        if widget in met:
            break
        met.append(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    nameless = [widget for widget in met if not (widget.accessibleName() or getattr(widget, "text", str)())]
    assert nameless == []
    wanted = {hand.app.filmstrip, hand.app.compare, hand.app.bottom.main_button}
    wanted.add(hand.app.panel.card("colorize").row("strength").slider)
    assert wanted <= set(met)


def test_dropped_text_is_let_fall(hand):
    mime = QMimeData()
    mime.setText("hello")
    hand.drop_mime(mime)
    assert hand.app.queue.items == ()
