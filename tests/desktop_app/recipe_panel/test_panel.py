"""The panel is made from the steps' declarations: every setting has its row, and what the hand does is told."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QScrollArea

from desktop_app.document import DocumentState
from desktop_app.recipe_panel.card import GeneratorChoice, MoreToggle, SettingChange, StepSwitch
from desktop_app.recipe_panel.panel import WIDTH_PX, RecipePanel
from desktop_app.recipe_panel.rows import ChoiceRow, SliderRow, SwitchRow, row_for, value_text
from desktop_app.recipe_panel.step_rows import OWN_ROWS, row_of
from engine import recipe as recipes
from engine.steps import STEPS
from engine.steps.step import Setting, settings_of
from tests.onnx_files import card_of

RECIPE = recipes.load("colorize")


@pytest.fixture
def panel(qtbot) -> RecipePanel:
    cards = [card_of(name=name, title=name.title(), kind="colorize") for name in ("one", "two")]
    made = RecipePanel(cards, {"colorize": "two"}, {"colorize"})
    qtbot.addWidget(made)
    made.show_state(DocumentState(RECIPE))
    made.show()
    return made


def test_every_declared_setting_has_a_row_that_takes_every_default(panel):
    seen = 0
    for entry in RECIPE.entries:
        for declared in settings_of(STEPS[entry.step].settings):
            if declared.by_eye:
                continue  # on the contact sheet
            row = panel.card(entry.step).row(declared.name)
            row.show_value(declared.default)
            assert row.toolTip() == declared.sentence
            seen += 1
    assert seen > 5


def test_a_slider_tells_its_value_and_goes_back_on_double_click_and_backspace(panel, qtbot):
    told = []
    panel.setting_changed.connect(told.append)
    row = panel.card("colorize").row("strength")
    assert isinstance(row, SliderRow)
    row.slider.setFocus()
    QTest.keyClick(row.slider, Qt.Key.Key_Left)
    assert told == [SettingChange("colorize", "strength", 0.99)]
    QTest.keyClick(row.slider, Qt.Key.Key_Backspace)
    assert told[-1] == SettingChange("colorize", "strength", 1.0)
    row.slider.setValue(20)
    QTest.mouseDClick(row.slider, Qt.MouseButton.LeftButton, pos=row.slider.rect().center())
    assert told[-1] == SettingChange("colorize", "strength", 1.0)


def test_a_click_beside_the_handle_goes_there(panel):
    slider = panel.card("colorize").row("strength").slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert abs(slider.value() - slider.maximum() / 2) <= 2


def test_showing_a_state_tells_nothing(panel, qtbot):
    told = []
    for signal in (panel.setting_changed, panel.step_switched):
        signal.connect(told.append)
    changed = RECIPE.with_setting("colorize.strength", 0.3).with_enabled("tone", True)
    panel.show_state(DocumentState(changed))
    assert told == []
    assert panel.card("tone").switch.isChecked()


def test_a_switched_off_step_hides_its_settings(panel):
    told = []
    panel.step_switched.connect(told.append)
    row = panel.card("colorize").row("strength")
    assert row.isVisible()
    panel.card("colorize").switch.click()
    assert told == [StepSwitch("colorize", False)]
    assert not row.isVisible()


def test_more_is_remembered(panel):
    told = []
    panel.more_toggled.connect(told.append)
    assert panel.card("colorize").row("saturation").isVisible()
    panel.card("colorize").more.click()
    assert told == [MoreToggle("colorize", False)]
    assert not panel.card("colorize").row("saturation").isVisible()


def test_the_generator_can_be_chosen_where_there_are_two(panel):
    told = []
    panel.generator_chosen.connect(told.append)
    (choice,) = [box for box in panel.card("colorize").findChildren(QComboBox) if box.accessibleName() == "Generator"]
    assert choice.currentText() == "Two"
    panel.show_chosen({"colorize": "one"})
    assert choice.currentText() == "One"
    panel.show_chosen({"colorize": "two"})
    choice.setCurrentIndex(0)
    choice.activated.emit(0)
    assert told == [GeneratorChoice("colorize", "one")]


def test_a_long_title_of_a_generator_does_not_make_the_panel_wider(qtbot):
    """Everything at its right would be cut off; in the list the title is whole."""
    title = "Landscapes of the north, unpaired, the second run of three"
    made = RecipePanel(
        [card_of(kind="colorize"), card_of(name="other", title=title, kind="colorize")], {}, {"colorize"}
    )
    qtbot.addWidget(made)
    made.show_state(DocumentState(RECIPE))
    (area,) = made.findChildren(QScrollArea)
    assert area.widget().minimumSizeHint().width() <= WIDTH_PX - area.verticalScrollBar().sizeHint().width()
    (choice,) = made.card("colorize").findChildren(QComboBox)
    made.show()
    choice.showPopup()
    assert choice.view().minimumWidth() > choice.fontMetrics().horizontalAdvance(title)
    choice.hidePopup()


def test_cards_of_another_recipe_are_gone_at_once(panel):
    old = panel.card("colorize")
    panel.show_state(DocumentState(recipes.load("age")))
    assert old.isHidden()


def test_without_a_photo_nothing_can_be_changed(panel):
    panel.show_state(None)
    assert not panel.isEnabled()


def test_kinds_of_settings_have_their_controls(panel):
    whole = Setting("size", "Size", "How large.", int, 256, 160, 512, unit="px")
    choice = Setting("style", "Style", "Which.", str, "soft", choices=("soft", "hard"))
    assert isinstance(row_for(whole, panel), SliderRow)
    assert isinstance(row_for(choice, panel), ChoiceRow)
    assert isinstance(row_for(Setting("force", "Force", "Do it.", bool, False), panel), SwitchRow)
    row = row_for(choice, panel)
    told = []
    row.value_chosen.connect(told.append)
    row.settled.connect(lambda: told.append("settled"))
    row.choice.textActivated.emit("hard")
    assert told == ["hard", "settled"]


def test_a_switch_is_settled_with_each_press(panel):
    row = row_for(Setting("force", "Force", "Do it.", bool, False), panel)
    told = []
    row.value_chosen.connect(told.append)
    row.settled.connect(lambda: told.append("settled"))
    row.box.click()
    row.box.click()
    assert told == [True, "settled", False, "settled"]


def test_what_is_chosen_by_eye_has_a_row_only_where_one_is_made_for_it(panel):
    declared = {(step, each.name): each for step in STEPS for each in settings_of(STEPS[step].settings)}
    by_eye = {place for place, each in declared.items() if each.by_eye}
    assert set(OWN_ROWS) <= set(declared) and not by_eye <= set(OWN_ROWS)
    for place in by_eye | set(OWN_ROWS):
        row = row_of(place[0], declared[place], panel)
        assert row is None if place not in OWN_ROWS else isinstance(row, OWN_ROWS[place])


@pytest.mark.parametrize(
    ("declared", "value", "text"),
    [
        (Setting("a", "A", "", float, 1.0, 0.0, 1.0), 0.5, "50 %"),
        (Setting("a", "A", "", float, 1.0, 0.0, 2.0), 1.25, "125 %"),
        (Setting("a", "A", "", float, 0.0, -1.0, 1.0), 0.2, "+20"),
        (Setting("a", "A", "", float, 0.0, -1.0, 1.0), -0.2, "-20"),
        (Setting("a", "A", "", float, 0.0, -1.0, 1.0), 0.0, "0"),
        (Setting("a", "A", "", int, 256, 160, 512, unit="px"), 256, "256 px"),
        (Setting("a", "A", "", int, 0, 160, 512, unit="px", zero="automatic"), 0, "automatic"),
    ],
)
def test_values_are_said_in_words(declared, value, text):
    assert value_text(declared, value) == text
