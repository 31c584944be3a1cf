"""The row of the working size: real sizes on the slider, the generator's own while it is automatic, and a way back to that."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from desktop_app.document import DocumentState
from desktop_app.recipe_panel.card import SettingChange
from desktop_app.recipe_panel.panel import WIDTH_PX, RecipePanel
from desktop_app.recipe_panel.working_size_row import WorkingSizeRow
from engine import recipe as recipes
from tests.onnx_files import card_of

SIZES = {"fine": 384, "light": 160}


@pytest.fixture
def panel(qtbot) -> RecipePanel:
    cards = [card_of(name=name, kind="colorize", working_size=size) for name, size in SIZES.items()]
    made = RecipePanel(cards, {"colorize": "fine"}, {"colorize"})
    qtbot.addWidget(made)
    made.show_state(DocumentState(recipes.load("colorize")))
    made.show()
    return made


@pytest.fixture
def row(panel) -> WorkingSizeRow:
    found = panel.card("colorize").row("working_size")
    assert isinstance(found, WorkingSizeRow)
    return found


@pytest.fixture
def told(panel) -> list[SettingChange]:
    heard: list[SettingChange] = []
    panel.setting_changed.connect(heard.append)
    return heard


def test_automatic_shows_the_size_of_the_generator_that_is_used(panel, row, told):
    assert row.number.text() == "automatic, 384 px" and not row.back.isVisible()
    assert row.slider.minimum() < row.slider.value() < row.slider.maximum()
    panel.show_chosen({"colorize": "light"})
    assert row.number.text() == "automatic, 160 px" and row.slider.value() == row.slider.minimum()
    panel.show_chosen({})
    assert row.number.text() == "automatic"
    assert told == []


def test_every_place_of_the_slider_is_a_real_size(row, told):
    """Its ends by keys; automatic is at none of them."""
    row.slider.setFocus()
    for key, value in ((Qt.Key.Key_Home, 160), (Qt.Key.Key_Right, 171), (Qt.Key.Key_End, 512)):
        QTest.keyClick(row.slider, key)
        assert told[-1] == SettingChange("colorize", "working_size", value)
        assert row.number.text() == f"{value} px" and row.back.isVisible()
    for value in (160, 171, 512):
        row.show_value(value)
        row._moved(row.slider.value())
        assert told[-1].value == value, "what is shown is what the place stands for"


@pytest.mark.parametrize("way", ["button", "key"])
def test_back_to_automatic(row, told, way):
    row.slider.setFocus()
    QTest.keyClick(row.slider, Qt.Key.Key_End)
    height = row.height()
    if way == "button":
        row.back.setFocus()
        QTest.keyClick(row.back, Qt.Key.Key_Space)
        assert row.slider.hasFocus(), "the button that was pressed is gone"
    else:
        QTest.keyClick(row.slider, Qt.Key.Key_Backspace)
    assert told[-1] == SettingChange("colorize", "working_size", 0)
    assert row.number.text() == "automatic, 384 px" and not row.back.isVisible()
    assert row.height() == height


def test_the_way_back_fits_into_the_panel(panel, row):
    row.show_value(512)
    (area,) = panel.findChildren(QScrollArea)
    assert row.back.isVisible()
    assert area.widget().minimumSizeHint().width() <= WIDTH_PX - area.verticalScrollBar().sizeHint().width()


def test_a_size_of_ones_own_stays_when_the_generator_changes(panel, row):
    panel.show_state(DocumentState(recipes.load("colorize").with_setting("colorize.working_size", 300)))
    panel.show_chosen({"colorize": "light"})
    assert row.number.text() == "300 px" and row.back.isVisible()
