"""A document remembers what was decided, goes back and forth, and knows what costs the engine a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.document import Document, DocumentState, slow_part
from desktop_app.marks.sheet import Box, MarkSheet
from engine.errors import SettingInvalid
from engine.face_wishes import FaceWish
from engine.hints import Hint
from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS

RECIPE = Recipe(
    "test", "Test", "", tuple(RecipeEntry(name, step.settings(), name == "colorize") for name, step in STEPS.items())
)


@pytest.fixture
def document(qtbot) -> Document:
    return Document(Path("photo.jpg"), DocumentState(RECIPE))


def strength(document: Document) -> float:
    return document.state.recipe.entry("colorize").settings.strength


def test_a_slider_drag_is_one_step_back(document):
    """Every value on the way is shown, and undo goes to where the hand took hold."""
    for value in (0.9, 0.8, 0.7):
        document.set_setting("colorize", "strength", value)
    document.seal()
    document.set_setting("colorize", "strength", 0.2)
    document.undo()
    assert strength(document) == 0.7
    document.undo()
    assert strength(document) == 1.0
    assert not document.can_undo


def test_two_sliders_are_two_steps_back(document):
    document.set_setting("colorize", "strength", 0.5)
    document.set_setting("colorize", "saturation", 1.5)
    document.undo()
    assert strength(document) == 0.5
    assert document.state.recipe.entry("colorize").settings.saturation == 1.0


def test_what_was_brought_back_to_where_it_was_is_nothing_to_undo(document):
    before = document.state
    for strength in (0.8, 0.3, 1.0):
        document.set_setting("colorize", "strength", strength)
    assert document.can_undo and document.state == before
    document.seal()
    assert not document.can_undo and document.state is before
    document.set_setting("colorize", "strength", 0.5)
    document.seal()
    assert document.can_undo
    document.undo()
    assert document.state == before


def test_hints_come_back_with_undo(document):
    document.add_hint(Hint(0.5, 0.5, "#a04020"))
    document.seal()
    document.change_hint(0, Hint(0.6, 0.5, "#a04020"))
    document.change_hint(0, Hint(0.7, 0.5, "#a04020"))
    document.remove_hint(0)
    document.undo()
    assert document.state.hints == (Hint(0.7, 0.5, "#a04020"),)
    document.undo()
    assert document.state.hints == (Hint(0.5, 0.5, "#a04020"),)
    document.redo()
    document.redo()
    assert document.state.hints == ()


def test_a_stroke_is_one_step_back_and_an_empty_sheet_is_none(document):
    patch = np.full((4, 4, 2), 255, np.uint8)
    first = MarkSheet(40, 60).with_patch(Box(0, 0, 4, 4), patch)
    second = first.with_patch(Box(10, 10, 14, 14), patch)
    for sheet in (first, second):
        document.set_marks(sheet)
        document.seal()
    document.undo()
    assert document.state.marks is first
    document.set_marks(MarkSheet(40, 60))
    assert document.state.marks is None
    document.undo()
    document.undo()
    assert document.state.marks is None and not document.can_undo


def test_marks_need_the_engine_where_a_step_follows_them():
    recipe = Recipe("mend", "Mend", "", (RecipeEntry("repair", STEPS["repair"].settings()),))
    sheet = MarkSheet(40, 60).with_patch(Box(0, 0, 4, 4), np.full((4, 4, 2), 255, np.uint8))
    assert slow_part(DocumentState(recipe, marks=sheet)) != slow_part(DocumentState(recipe))
    deaf = recipe.with_enabled("repair", False)
    assert slow_part(DocumentState(deaf, marks=sheet)) == slow_part(DocumentState(deaf))


def test_a_new_hint_and_the_way_to_its_colour_are_one_step_back(document):
    """The colour is dragged over the plane of the picker, and every colour on the way is shown."""
    document.add_hint(Hint(0.2, 0.2, "#808080"))
    document.add_hint(Hint(0.5, 0.5, "#808080"))
    for colour in ("#907060", "#a04020"):
        document.change_hint(1, Hint(0.5, 0.5, colour))
    document.undo()
    assert document.state.hints == (Hint(0.2, 0.2, "#808080"),)
    document.undo()
    assert document.state.hints == ()
    assert not document.can_undo


def test_a_change_after_undo_forgets_what_could_be_redone(document):
    document.set_enabled("tone", True)
    document.undo()
    document.set_setting("colorize", "strength", 0.1)
    assert not document.can_redo


def test_a_value_out_of_range_changes_nothing(document):
    with pytest.raises(SettingInvalid):
        document.set_setting("colorize", "strength", 7.0)
    assert not document.can_undo


def test_what_is_said_again_is_no_change(document, qtbot):
    with qtbot.assertNotEmitted(document.state_changed):
        document.set_setting("colorize", "strength", 1.0)
    assert not document.can_undo


def test_wishes_for_faces_come_back_with_undo_and_are_written_down(qtbot, document):
    wishes = (FaceWish(0.3, 0.4, "original"),)
    with qtbot.waitSignal(document.changed_by_hand):
        document.set_face_wishes(wishes)
    document.set_face_wishes(())
    document.undo()
    assert document.state.face_wishes == wishes
    document.undo()
    assert document.state.face_wishes == () and not document.can_undo


def test_wishes_for_faces_need_the_engine_where_a_step_treats_them_apart():
    wished = (FaceWish(0.3, 0.4, "original"),)
    assert slow_part(DocumentState(RECIPE)) == slow_part(DocumentState(RECIPE, face_wishes=wished))
    clean = Recipe("clean", "Clean", "", (RecipeEntry("clean", STEPS["clean"].settings()),))
    assert slow_part(DocumentState(clean)) != slow_part(DocumentState(clean, face_wishes=wished))


def test_only_slow_settings_hints_and_switches_need_the_engine(document):
    """Exactly the settings that are declared slow count."""
    seen = 0
    for entry in document.state.recipe.enabled:
        for name, other in (("strength", 0.3), ("saturation", 0.3), ("working_size", 300)):
            changed = RECIPE.with_setting(f"{entry.step}.{name}", other)
            needs = slow_part(DocumentState(changed)) != slow_part(document.state)
            assert needs == (name == "working_size")
            seen += 1
    assert seen == 3
    assert slow_part(DocumentState(RECIPE, (Hint(0.5, 0.5, "#a04020"),))) != slow_part(document.state)
    assert slow_part(DocumentState(RECIPE.with_enabled("tone", True))) != slow_part(document.state)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["strength", "saturation", "hint", "seal", "undo", "redo"]), max_size=25), st.data())
def test_undoing_everything_returns_to_the_start(steps, data):
    """Whatever is done in whatever order, undo leads back to the first state and redo to the last."""
    document = Document(Path("photo.jpg"), DocumentState(RECIPE))
    start = document.state
    for step in steps:
        if step == "hint":
            document.add_hint(Hint(data.draw(st.floats(0, 1)), 0.5, "#808080"))
        elif step in ("undo", "redo", "seal"):
            getattr(document, step)()
        else:
            document.set_setting("colorize", step, data.draw(st.floats(0, 1)))
    while document.can_redo:
        document.redo()
    newest = document.state
    while document.can_undo:
        document.undo()
    assert document.state == start
    while document.can_redo:
        document.redo()
    assert document.state == newest


SHEET = MarkSheet(40, 60).with_patch(Box(0, 0, 4, 4), np.full((4, 4, 2), 255, np.uint8))
OTHER = MarkSheet(40, 60).with_patch(Box(9, 9, 14, 14), np.full((5, 5, 2), 255, np.uint8))


def test_marks_that_were_kept_are_taken_up_into_all_that_was_decided_meanwhile(document):
    """They were there before: nobody changed them, and neither undo nor redo leads to a state without them."""
    by_hand = []
    document.changed_by_hand.connect(by_hand.append)
    document.await_marks()
    document.set_setting("colorize", "strength", 0.5)
    document.set_recipe(RECIPE)
    document.undo()
    assert len(by_hand) == 3
    document.take_up_marks(SHEET)
    assert document.state.marks is SHEET and strength(document) == 0.5 and len(by_hand) == 3
    document.undo()
    assert document.state.marks is SHEET and strength(document) == 1.0
    document.redo()
    document.redo()
    assert document.state.marks is SHEET and not document.can_redo


def test_marks_made_by_hand_come_before_those_that_are_awaited(document):
    document.await_marks()
    document.set_marks(None)
    assert document.awaits_marks, "removing none is not a word about them"
    document.set_marks(OTHER)
    assert not document.awaits_marks
    document.take_up_marks(SHEET)
    assert document.state.marks is OTHER
    document.undo()
    assert document.state.marks is None


def test_marks_that_nobody_awaits_are_not_taken_up(document):
    document.take_up_marks(SHEET)
    assert document.state.marks is None


def test_what_was_decided_is_known_until_it_is_undone(document):
    document.set_marks(SHEET)
    marked = document.state
    assert not document.was(marked), "it still is"
    document.set_marks(OTHER)
    assert document.was(marked)
    document.undo()
    document.undo()
    assert not document.was(marked)
