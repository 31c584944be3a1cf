"""The curve's row in the panel: it follows the step's settings and what was found, and tells what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from desktop_app.curve.row import CurveRow
from desktop_app.document import DocumentState
from desktop_app.recipe_panel.card import SettingChange
from desktop_app.recipe_panel.panel import WIDTH_PX, RecipePanel
from engine import recipe as recipes
from engine.steps.step import Analysis
from tests.desktop_app.curve.conftest import DARKER

RECIPE = recipes.load("colorize").with_enabled("tone", True).with_setting("tone.contrast", 0.0)
FOUND = {"tone": Analysis("tone", {"light": DARKER.astype(np.float32)}, {"middle": 40.0})}


@pytest.fixture
def panel(qtbot) -> RecipePanel:
    made = RecipePanel([], {}, {"tone"})
    qtbot.addWidget(made)
    made.resize(WIDTH_PX, 900)
    made.show_state(DocumentState(RECIPE.with_setting("tone.fading", 1.0)))
    made.show_found(FOUND)
    made.show()
    return made


def row(panel: RecipePanel) -> CurveRow:
    found = panel.card("tone").row("curve")
    assert isinstance(found, CurveRow)
    return found


def test_the_automatic_curve_follows_the_other_settings(panel):
    assert row(panel).editor.points[2] == (50, 25)
    panel.show_state(DocumentState(RECIPE.with_setting("tone.fading", 0.5)))
    assert row(panel).editor.points[2] == (50, 37.5)


def test_a_drag_is_told_as_a_change_of_the_setting_and_settled_when_let_go(panel):
    told, settled = [], []
    panel.setting_changed.connect(told.append)
    panel.setting_settled.connect(lambda: settled.append(len(told)))
    editor = row(panel).editor
    start, middle, end = (editor.plot.place((50, after)).toPoint() for after in (25, 32, 40))
    QTest.mousePress(editor, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(editor, middle)
    QTest.mouseMove(editor, end)
    assert len(told) == 2 and settled == []
    QTest.mouseRelease(editor, Qt.MouseButton.LeftButton, pos=end)
    assert settled == [2]
    assert (told[-1].step, told[-1].name) == ("tone", "curve") and len(told[-1].value.split()) == 5


def test_the_button_is_there_while_the_curve_is_ones_own_and_goes_back(panel):
    told = []
    panel.setting_changed.connect(told.append)
    assert not row(panel).back.isVisible()
    height = row(panel).sizeHint().height()
    panel.show_state(DocumentState(RECIPE.with_setting("tone.curve", "0:10 100:90")))
    assert row(panel).editor.points == ((0, 10), (100, 90)) and row(panel).back.isVisible()
    assert row(panel).sizeHint().height() == height, "nothing below it moves"
    row(panel).back.click()
    assert told == [SettingChange("tone", "curve", "")]
    assert not row(panel).back.isVisible() and len(row(panel).editor.points) == 5


def test_without_an_analysis_it_cannot_be_bent_and_cards_made_later_have_the_one_there_is(panel):
    panel.show_found({})
    assert not row(panel).editor.isEnabled()
    panel.show_found(FOUND)
    panel.show_state(DocumentState(recipes.load("age")))
    panel.show_state(DocumentState(RECIPE))
    assert row(panel).editor.isEnabled()


def test_it_does_not_make_the_panel_wider(panel):
    panel.show_state(DocumentState(RECIPE.with_setting("tone.curve", "0:10 100:90")))
    (area,) = panel.findChildren(QScrollArea)
    assert area.widget().minimumSizeHint().width() <= WIDTH_PX - area.verticalScrollBar().sizeHint().width()


def test_it_has_a_name_and_says_what_it_does(panel):
    for control in (row(panel).editor, row(panel).back):
        assert control.accessibleName() and control.accessibleDescription() and control.toolTip()
