"""The contact sheet by hand and by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop_app.guesses.sheet import CHOOSE, LOOKING, ContactSheet

KEY = Qt.Key


@pytest.fixture
def sheet(qtbot):
    over = QWidget()
    over.resize(1280, 800)
    qtbot.addWidget(over)
    shown = ContactSheet(over)
    shown.open()
    qtbot.waitExposed(shown)
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    yield shown
    shown.reject()


@pytest.fixture
def chosen(sheet) -> list[int]:
    numbers: list[int] = []
    sheet.chosen.connect(numbers.append)
    return numbers


def focused(sheet) -> int:
    return next(tile.number for tile in sheet.tiles if tile.hasFocus())


def test_it_says_that_it_looks_until_there_is_something_to_choose(sheet):
    assert sheet.sentence == LOOKING
    sheet.show_colourings([0, 1, 4], 0, 1.5)
    assert sheet.sentence == CHOOSE
    assert [tile.text() for tile in sheet.tiles] == ["Likeliest", "Colouring 1", "Colouring 4"]


def test_the_one_in_use_has_the_focus_and_is_named_so(sheet):
    sheet.show_colourings([0, 1, 4], 4, 1.5)
    assert focused(sheet) == 4
    assert [tile.accessibleName() for tile in sheet.tiles][-1] == "Colouring 4, in use"


def test_one_in_use_that_is_not_shown_leaves_the_focus_to_the_likeliest(sheet):
    sheet.show_colourings([0, 1], 7, 1.5)
    assert focused(sheet) == 0


def test_arrows_walk_and_enter_chooses(sheet, chosen):
    sheet.show_colourings(list(range(8)), 0, 1.5)
    columns = sheet._grid._columns
    assert columns > 1
    for key, number in ((KEY.Key_Right, 1), (KEY.Key_Down, 1 + columns), (KEY.Key_Left, columns), (KEY.Key_Up, 0)):
        QTest.keyClick(sheet.focusWidget(), key)
        assert focused(sheet) == number
    QTest.keyClick(sheet.focusWidget(), KEY.Key_Left)  # there is nothing further
    QTest.keyClick(sheet.focusWidget(), KEY.Key_Right)
    QTest.keyClick(sheet.focusWidget(), KEY.Key_Return)
    assert chosen == [1]
    assert not sheet.isVisible()


def test_a_click_chooses(sheet, chosen):
    sheet.show_colourings([0, 3], 0, 0.7)
    QTest.mouseClick(sheet.tiles[1], Qt.MouseButton.LeftButton)
    assert chosen == [3]


def test_escape_and_the_button_choose_nothing(sheet, chosen):
    sheet.show_colourings([0, 3], 0, 0.7)
    QTest.keyClick(sheet.focusWidget(), KEY.Key_Escape)
    assert chosen == [] and not sheet.isVisible()


def test_pictures_come_one_by_one_large_enough_and_in_their_shape(sheet):
    sheet.show_colourings([0, 3], 0, 1.5)
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(0xFF00C000)
    sheet.show_picture(3, image)
    sheet.show_picture(9, image)  # nobody's
    first, second = sheet.tiles
    assert not first.has_picture and second.has_picture
    assert second.width() >= 200
    assert second.grab().toImage().pixelColor(second.rect().center()).name() == "#00c000"


def test_a_reason_takes_the_place_of_the_pictures(sheet):
    sheet.show_nothing("There is only this one.")
    assert sheet.sentence == "There is only this one."
    assert sheet.height() < 300
