"""The list of faces: what it says, what hand and keys do in it, and that many faces cost little."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget

from desktop_app.faces.delegate import CROP, ROW_PX, places
from desktop_app.faces.face_list import MOST_ROWS, NOBODY, FaceList
from desktop_app.faces.model import FaceRow
from desktop_app.theme.fonts import small
from engine.face_wishes import TREATMENTS


def rows(count: int, treatment: str = "gentle", usual: str = "gentle") -> list[FaceRow]:
    return [FaceRow(number + 1, count, treatment, usual, treatment != usual) for number in range(count)]


class Told:
    """What the list has said."""

    def __init__(self, faces: FaceList) -> None:
        self.pointed: list[int] = []
        self.opened: list[int] = []
        self.chosen: list[tuple[int, str]] = []
        faces.pointed_at.connect(self.pointed.append)
        faces.opened.connect(self.opened.append)
        faces.treatment_chosen.connect(lambda row, word: self.chosen.append((row, word)))


@pytest.fixture
def faces(qtbot) -> Iterator[FaceList]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(248, 400)
    made = FaceList(window)
    made.faces.show_faces(5)
    made.faces.show_rows(rows(5))
    made.resize(248, made.sizeHint().height())
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.clearFocus()  # the window gave it to its only control
    yield made
    window.close()


def spot(faces: FaceList, row: int, part: str) -> QPoint:
    found = places(faces.visualRect(faces.faces.index(row)), small(faces.font()))
    return (found.crop if part == CROP else found.choices[part]).center()


def click(faces: FaceList, row: int, part: str) -> None:
    QTest.mouseClick(faces.viewport(), Qt.MouseButton.LeftButton, pos=spot(faces, row, part))


def key(faces: FaceList, *keys: Qt.Key) -> None:
    for each in keys:
        QTest.keyClick(faces, each)


def test_the_model_keeps_qts_rules(faces):
    tester = QAbstractItemModelTester(faces.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    faces.faces.show_faces(3)
    faces.faces.show_rows(rows(3, "full"))
    faces.faces.show_crops([QImage(4, 4, QImage.Format.Format_RGB32)] * 3)
    faces.faces.show_faces(0)
    tester.deleteLater()


@pytest.mark.parametrize(
    ("row", "name", "words"),
    [
        (FaceRow(2, 5, "gentle", "gentle", False), "Face 2 of 5: gentle", "As the photo: gentle"),
        (FaceRow(2, 5, "original", "gentle", True), "Face 2 of 5: original", "This face: original"),
        (FaceRow(1, 1, "", "", False), "Face 1 of 1: as each step has it", "As each step has it"),
    ],
)
def test_a_face_says_which_it_is_and_what_it_gets(faces, row, name, words):
    faces.faces.show_faces(1)
    faces.faces.show_rows([row])
    index = faces.faces.index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == name
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == words


def test_clicks_choose_and_open(faces):
    told = Told(faces)
    click(faces, 1, "original")
    click(faces, 2, CROP)
    click(faces, 0, "full")
    assert told.chosen == [(1, "original"), (0, "full")] and told.opened == [2]


def test_a_press_that_is_let_go_elsewhere_chooses_nothing(faces):
    told = Told(faces)
    QTest.mousePress(faces.viewport(), Qt.MouseButton.LeftButton, pos=spot(faces, 0, "full"))
    QTest.mouseRelease(faces.viewport(), Qt.MouseButton.LeftButton, pos=spot(faces, 1, "full"))
    QTest.mouseClick(faces.viewport(), Qt.MouseButton.RightButton, pos=spot(faces, 1, "full"))
    assert told.chosen == [] and told.opened == []


def test_keys_go_among_faces_and_choose(faces):
    told = Told(faces)
    faces.setFocus(Qt.FocusReason.TabFocusReason)
    key(faces, Qt.Key.Key_3, Qt.Key.Key_Down, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert told.chosen == [(0, "original"), (1, "full"), (1, "gentle"), (1, "full")] and told.opened == [1]


def test_left_and_right_stop_at_the_ends_and_begin_where_nothing_is_chosen(faces):
    told = Told(faces)
    faces.setFocus(Qt.FocusReason.TabFocusReason)
    key(faces, Qt.Key.Key_Left)
    assert told.chosen == []
    faces.faces.show_rows(rows(5, "original"))
    key(faces, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert told.chosen == [(0, "full")]
    faces.faces.show_rows(rows(5, "", ""))
    key(faces, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert told.chosen[1:] == [(0, TREATMENTS[0]), (0, TREATMENTS[-1])]


def test_the_pointer_and_else_the_keys_say_who_is_meant(faces):
    told = Told(faces)
    faces.setFocus(Qt.FocusReason.TabFocusReason)
    key(faces, Qt.Key.Key_Down)
    QTest.mouseMove(faces.viewport(), spot(faces, 2, CROP))
    assert told.pointed == [0, 1, 2]
    QTest.mouseMove(faces.window(), QPoint(200, 390))
    assert told.pointed[-1] == 1, "back to the face at which the keys are"
    faces.clearFocus()
    assert told.pointed[-1] == NOBODY


def test_after_a_click_nobody_is_meant_when_the_pointer_has_left(faces):
    """A frame that stays would lie over what the click has changed."""
    told = Told(faces)
    QTest.mouseMove(faces.viewport(), spot(faces, 2, "full"))
    click(faces, 2, "full")
    QTest.mouseMove(faces.window(), QPoint(200, 390))
    assert told.pointed == [2, NOBODY]


def test_the_keys_are_seen_where_they_are_and_the_mouse_is_not_framed(faces):
    """A ring round the face, from the first key on, also after a click."""

    def edge() -> QColor:
        return faces.viewport().grab().toImage().pixelColor(120, 3)

    click(faces, 0, CROP)
    QTest.mouseMove(faces.window(), QPoint(200, 390))
    plain = edge()
    key(faces, Qt.Key.Key_Home)
    assert edge() != plain
    click(faces, 0, CROP)
    QTest.mouseMove(faces.window(), QPoint(200, 390))
    assert edge() == plain


def test_other_faces_are_pointed_at_by_nobody(faces):
    told = Told(faces)
    faces.setFocus(Qt.FocusReason.TabFocusReason)
    faces.faces.show_faces(2)
    assert told.pointed == [0, NOBODY]


@pytest.mark.parametrize("count", [1, 3, 4, 40])
def test_it_is_as_high_as_its_faces_and_never_higher_than_a_few(faces, count):
    faces.faces.show_faces(count)
    assert faces.sizeHint().height() == round(min(count, MOST_ROWS) * ROW_PX)


@pytest.mark.parametrize("width", [168, 188, 200, 236, 248])
def test_in_every_width_of_the_panel_the_words_have_room(faces, width):
    font = small(faces.font())
    found = places(faces.visualRect(faces.faces.index(0)).adjusted(0, 0, width - 248, 0), font)
    for word, place in found.choices.items():
        assert place.width() >= faces.fontMetrics().tightBoundingRect(word).width() * 0.9
    ends = [place.left() for place in found.choices.values()] + [list(found.choices.values())[-1].right()]
    assert ends == sorted(ends) and found.crop.right() < ends[0] and ends[-1] < width


def test_each_part_says_what_it_does(faces):
    tips = [faces.tip_at(spot(faces, 0, part)) for part in (CROP, *TREATMENTS)]
    assert all(tips) and len(set(tips)) == 4
    assert ["all faces" in tip for tip in tips] == [False, True, False, False], "the photo's word says that it is"


def test_what_is_chosen_is_seen(faces):
    """Filled with the accent, where the usual word is filled quietly."""

    def colour(part: str) -> QColor:
        image = faces.viewport().grab().toImage()
        at = places(faces.visualRect(faces.faces.index(0)), small(faces.font())).choices[part]
        return image.pixelColor(at.left() + 5, at.center().y())

    quiet, beside = colour("gentle"), colour("full")
    faces.faces.show_rows([replace(rows(1)[0], treatment="full", is_wished=True), *rows(5)[1:]])
    assert colour("full") not in (quiet, beside) and colour("gentle") == beside


def test_forty_faces_are_quick(faces):
    """Shown, given their pictures and scrolled through in less than a blink each."""
    crop = QImage(112, 112, QImage.Format.Format_RGB32)
    crop.fill(QColor(90, 80, 70))
    began = time.perf_counter()
    faces.faces.show_faces(40)
    faces.faces.show_rows(rows(40))
    faces.faces.show_crops([crop] * 40)
    faces.grab()
    for row in range(0, 40, 4):
        faces.scrollTo(faces.faces.index(row))
        faces.grab()
    assert time.perf_counter() - began < 1.0
