"""The table of actions is whole: every one has its words, its keys are its own, and somebody does it."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import pytest
from PySide6.QtGui import QKeySequence

from desktop_app.action_spec import Situation
from desktop_app.action_table import ACTIONS
from desktop_app.actions import Actions, menus
from desktop_app.commands import Commands
from desktop_app.pages.shortcuts import sections
from desktop_app.theme import DARK, LIGHT


def test_no_id_and_no_keys_are_given_twice():
    assert len(ACTIONS) > 25
    ids = Counter(spec.id for spec in ACTIONS)
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert [name for name, count in ids.items() if count > 1] == []
    assert [name for name, count in keys.items() if count > 1 or not name] == []


def test_every_action_has_a_command_of_its_name():
    assert [spec.id for spec in ACTIONS if not callable(getattr(Commands, spec.id, None))] == []


def test_access_keys_are_unique_in_each_menu():
    seen = 0
    for title, specs in menus().items():
        letters = Counter(spec.text[spec.text.index("&") + 1].lower() for spec in specs if "&" in spec.text)
        assert [letter for letter, count in letters.items() if count > 1] == [], title
        seen += len(letters)
    assert seen > 25


def test_a_situation_decides_what_can_be_used(qtbot):
    """Nothing there: only what brings photos in or concerns the app; everything there: everything."""
    actions = Actions()
    actions.update(Situation())
    usable = {spec.id for spec in ACTIONS if actions[spec.id].isEnabled()}
    assert "open_photos" in usable
    assert usable.isdisjoint({"undo", "remove", "restore_all", "stop", "save_as", "hint_tool", "fit"})
    everything = Situation(**{item.name: 1 for item in fields(Situation) if not item.name.startswith("no_")})  # type: ignore[arg-type]
    actions.update(everything)
    assert [spec.id for spec in ACTIONS if not actions[spec.id].isEnabled()] == []
    actions.update(replace(everything, no_hints="It takes no hints."))
    assert [spec.id for spec in ACTIONS if not actions[spec.id].isEnabled()] == ["hint_tool"]
    assert actions["hint_tool"].toolTip() == "It takes no hints."
    actions.update(everything)
    assert actions["hint_tool"].toolTip().startswith("Click a place")


@pytest.mark.parametrize(
    ("reason", "action"),
    [("no_guess_map", "guess_map"), ("no_suggestion", "suggest_place"), ("no_colourings", "other_colourings")],
)
def test_what_cannot_be_used_says_why(qtbot, reason, action):
    actions = Actions()
    actions.update(Situation(current_can_change=True))
    assert actions[action].isEnabled()
    actions.update(Situation(current_can_change=True, **{reason: "The reason."}))
    assert not actions[action].isEnabled()
    assert actions[action].toolTip() == "The reason."


def test_icons_are_there_in_both_themes(qtbot):
    actions = Actions()
    for theme in (DARK, LIGHT):
        actions.show_icons(theme)
        drawn = [spec for spec in ACTIONS if spec.icon]
        assert len(drawn) > 5
        assert [spec.id for spec in drawn if actions[spec.id].icon().isNull()] == []


def test_the_shortcuts_page_lists_every_key():
    said = " ".join(keys for pairs in sections().values() for keys, _ in pairs)
    wanted = [
        QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for spec in ACTIONS for key in spec.keys
    ]
    assert len(wanted) > 20
    assert [key for key in wanted if key not in said] == []
