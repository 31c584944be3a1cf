"""Faces in the real window with its engine process and a real detector: listed, treated apart, undone, kept beside the photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.assembly import Assembly
from desktop_app.engine_process.protocol import EngineOptions, FindColourings
from desktop_app.faces.delegate import CROP, places
from desktop_app.faces.treating import NONE_FOUND
from desktop_app.queue import State
from desktop_app.theme.fonts import small
from engine import sidecar
from engine.face_wishes import FaceWish
from engine.recipe import Recipe
from tests.desktop_app.faces.conftest import (
    CLEAN,
    FACES,
    LARGER,
    RECIPE,
    document,
    middle,
    wait_for_answer,
    write_people,
)
from tests.onnx_files import multiply, write_colorizer, write_generator

pytestmark = pytest.mark.gui


def lightness(hand, number: int) -> int:
    """Of the middle of a face at the right of the line."""
    image: QImage = hand.after
    x, y = middle(number)
    return image.pixelColor(int(x * image.width()), int(y * image.height())).lightness()


def is_dark(hand, number: int) -> bool:
    return lightness(hand, number) < 0.6 * FACES[number][2]


def spot(hand, row: int, part: str) -> QPoint:
    faces = hand.app.faces_card.faces
    found = places(faces.visualRect(faces.faces.index(row)), small(faces.font()))
    return (found.crop if part == CROP else found.choices[part]).center()


def click(hand, row: int, part: str) -> None:
    faces = hand.app.faces_card.faces
    hand.wait(faces.isVisible)
    QTest.mouseClick(faces.viewport(), Qt.MouseButton.LeftButton, pos=spot(hand, row, part))


def rows(hand) -> list[str]:
    model = hand.app.faces_card.faces.faces
    return [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def test_one_face_stays_as_it_was_and_undo_gives_it_back(opened):
    opened.wait(lambda: all(is_dark(opened, number) for number in range(3)))
    assert rows(opened) == [f"Face {number} of 3: full" for number in (1, 2, 3)]
    click(opened, 1, "original")
    assert document(opened).state.face_wishes == (FaceWish(*middle(1), "original"),)
    opened.wait(lambda: not is_dark(opened, 1))
    assert is_dark(opened, 0) and is_dark(opened, 2)
    assert rows(opened)[1] == "Face 2 of 3: original"
    opened.press("undo")
    opened.wait(lambda: is_dark(opened, 1))
    assert document(opened).state.face_wishes == () and rows(opened)[1] == "Face 2 of 3: full"
    opened.press("redo")
    opened.wait(lambda: not is_dark(opened, 1))
    click(opened, 1, "full")
    assert document(opened).state.face_wishes == (), "the photo's own word takes the wish away"
    opened.wait(lambda: is_dark(opened, 1))


def test_the_other_faces_follow_the_word_of_the_photo(opened):
    click(opened, 0, "full")
    click(opened, 2, "original")
    document(opened).set_setting("clean", "faces", "original")
    wait_for_answer(opened)
    assert rows(opened) == [f"Face {number} of 3: original" for number in (1, 2, 3)]
    document(opened).set_setting("clean", "faces", "full")
    wait_for_answer(opened)
    assert rows(opened)[2] == "Face 3 of 3: original"


def test_where_steps_differ_the_same_word_again_takes_the_wish_away(opened):
    document(opened).set_recipe(Recipe("both", "Both", "", (CLEAN, LARGER)))
    assert rows(opened) == [f"Face {number} of 3: as each step has it" for number in (1, 2, 3)]
    click(opened, 0, "original")
    assert rows(opened)[0] == "Face 1 of 3: original"
    click(opened, 0, "original")
    assert document(opened).state.face_wishes == ()


def test_a_restored_file_has_what_was_wished(opened):
    click(opened, 0, "original")
    assert not opened.app.queue.items[0].is_up_to_date
    opened.press("restore_all")
    opened.wait(lambda: opened.states() == [State.DONE])
    assert opened.app.queue.items[0].is_up_to_date
    with Image.open(opened.app.queue.items[0].output) as written:
        grey = np.asarray(written.convert("L"))
    values = [int(grey[int(y * grey.shape[0]), int(x * grey.shape[1])]) for x, y in map(middle, range(3))]
    assert values[0] == FACES[0][2] and values[1] < 150 and values[2] < 150
    click(opened, 1, "original")
    assert opened.app.queue.items[0].words == "Changed since restoring"


def test_wishes_lie_beside_the_photo_and_are_read_again(opened, photo, tmp_path, options):
    click(opened, 2, "original")
    opened.app.close()
    written = sidecar.read(photo)
    assert written is not None and written.faces == (FaceWish(*middle(2), "original"),)
    again = Assembly(QApplication.instance(), tmp_path / "other.ini", options)
    again.open([photo])
    assert again.queue.items[0].document.state.face_wishes == written.faces
    again.close()
    again.window.deleteLater()


def test_settings_for_all_leave_each_photo_its_faces(opened, tmp_path):
    click(opened, 2, "original")
    opened.drop(write_people(tmp_path / "other.png"))
    opened.press("use_for_all")
    states = [item.document.state for item in opened.app.queue.items]
    assert [len(state.face_wishes) for state in states] == [1, 0]
    assert states[0].recipe == states[1].recipe


def test_other_colourings_are_looked_for_with_the_same_faces(opened, monkeypatch):
    click(opened, 2, "original")
    wait_for_answer(opened)
    sent: list[FindColourings] = []
    monkeypatch.setattr(opened.app.client, "send", lambda command: sent.append(command) or 1)
    opened.app.colourings.open()
    opened.app.colourings.close()
    assert [command.face_wishes for command in sent] == [(FaceWish(*middle(2), "original"),)]


def test_the_crop_shows_where_its_face_is_and_brings_it_closer(opened):
    frame, compare, faces = opened.app.treating.frame, opened.app.compare, opened.app.faces_card.faces
    opened.wait(lambda: faces.faces.index(2).data(Qt.ItemDataRole.DecorationRole) is not None)
    assert not frame.isVisible()
    QTest.mouseMove(faces.viewport(), spot(opened, 2, CROP))
    assert frame.isVisible()
    assert frame.geometry().contains(compare.photo_to_widget(QPointF(*middle(2))).toPoint())
    before = compare.zoom_percent
    click(opened, 2, CROP)
    assert compare.zoom_percent > before
    share = 32 * compare.viewport.zoom / compare.viewport.device_ratio / min(compare.width(), compare.height())
    assert share == pytest.approx(1 / 3, abs=0.02)
    at = compare.photo_to_widget(QPointF(*middle(2)))
    assert (at - QPointF(compare.rect().center())).manhattanLength() < 4
    QTest.mouseMove(opened.app.window, QPoint(600, 5))
    assert not frame.isVisible()


def test_another_photo_has_its_own_faces(opened, tmp_path):
    opened.drop(write_people(tmp_path / "other.png", FACES[:1]), write_people(tmp_path / "nobody.png", ()))
    opened.press("use_for_all")
    opened.app.queue.set_current(opened.app.queue.items[1])
    opened.wait(lambda: rows(opened) == ["Face 1 of 1: full"])
    opened.app.queue.set_current(opened.app.queue.items[2])
    opened.wait(lambda: opened.app.faces_card.said == NONE_FOUND)
    assert not opened.app.faces_card.faces.isVisible() and opened.app.faces_card.isVisible()
    opened.app.queue.set_current(opened.app.queue.items[0])
    assert len(rows(opened)) == 3, "known still"


def test_the_card_is_there_only_where_faces_are_treated_apart(opened):
    assert opened.app.faces_card.isVisible()
    document(opened).set_enabled("clean", False)
    assert not opened.app.faces_card.isVisible()
    document(opened).set_enabled("clean", True)
    assert opened.app.faces_card.isVisible() and len(rows(opened)) == 3


def test_the_keyboard_reaches_the_faces_and_treats_them(opened):
    faces = opened.app.faces_card.faces
    opened.app.window.activateWindow()
    opened.app.filmstrip.setFocus()
    for _ in range(60):
        if QApplication.focusWidget() is faces:
            break
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is faces and opened.app.treating.frame.isVisible()
    QTest.keyClick(faces, Qt.Key.Key_Down)
    QTest.keyClick(faces, Qt.Key.Key_3)
    assert document(opened).state.face_wishes == (FaceWish(*middle(1), "original"),)
    QTest.keyClick(faces, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not faces, "one press of Tab leaves the list"


def test_without_a_detector_there_is_no_card(qtbot, tmp_path, photo):
    folder = tmp_path / "models"
    folder.mkdir()
    write_colorizer(folder)
    write_generator(folder, multiply(0.5), "darken", kind="clean", multiple=8, minimum=16)
    options = EngineOptions(device="cpu", threads=1, model_folders=(folder,))
    assembly = Assembly(QApplication.instance(), tmp_path / "settings.ini", options)
    assembly.show()
    assembly.open([photo])
    one = assembly.queue.items[0].document
    one.set_recipe(RECIPE)
    qtbot.waitUntil(lambda: one.analyses is not None, timeout=20_000)
    assert not assembly.faces_card.isVisible() and one.faces is None
    assembly.close()
    assembly.window.close()
    assembly.window.deleteLater()


def test_a_wish_made_elsewhere_is_kept_without_a_detector(qtbot, tmp_path, photo, models: Path):
    """Somebody may open the photo on another computer."""
    wish = FaceWish(*middle(0), "original")
    sidecar.Sidecar(RECIPE, faces=(wish,)).write(photo)
    folder = tmp_path / "models"
    folder.mkdir()
    write_colorizer(folder)
    options = EngineOptions(device="cpu", threads=1, model_folders=(folder,))
    assembly = Assembly(QApplication.instance(), tmp_path / "settings.ini", options)
    assembly.open([photo])
    assembly.queue.items[0].document.set_setting("clean", "strength", 0.4)
    assembly.close()
    assembly.window.deleteLater()
    written = sidecar.read(photo)
    assert written is not None and written.faces == (wish,)
