"""The curve in the real window with its engine process: bent, seen in the photo, undone, kept with its own photo."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.document import slow_part
from engine import recipe as recipes
from engine import sidecar
from tests.desktop_app.conftest import write_photo

pytestmark = pytest.mark.gui
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(hand, tmp_path):
    """Two photos; the first is looked at, with tone alone and its “More” open."""
    hand.drop(write_photo(tmp_path / "one.png"), write_photo(tmp_path / "two.png", seed=2))
    tone = recipes.load("colorize").with_enabled("tone", True).with_enabled("colorize", False)
    for item in hand.app.queue.items:
        item.document.set_recipe(tone.with_setting("tone.fading", 1.0))
    hand.app.panel.card("tone").more.click()
    hand.wait(editor(hand).isEnabled)
    hand.wait_for_preview()
    return hand


def editor(hand):
    return hand.app.panel.card("tone").row("curve").editor


def curve(hand, number: int = 0) -> str:
    return hand.app.queue.items[number].document.state.recipe.entry("tone").settings.curve


def drag(hand, to_after: float) -> None:
    """The point in the middle."""
    bent = editor(hand)
    spots = [bent.plot.place(bent.points[2]).toPoint(), bent.plot.place((50, to_after)).toPoint()]
    QTest.mousePress(bent, LEFT, pos=spots[0])
    QTest.mouseMove(bent, (spots[0] + spots[1]) / 2)
    QTest.mouseMove(bent, spots[1])
    QTest.mouseRelease(bent, LEFT, pos=spots[1])


def lightness(hand) -> int:
    """Of the middle of the photo at the right of the line."""
    return hand.after.pixelColor(hand.after.width() // 2, hand.after.height() // 2).lightness()


def test_a_drag_is_one_step_for_undo_and_is_seen_in_the_photo(opened):
    document = opened.app.queue.current.document
    before, slow = document.state, slow_part(document.state)
    opened.wait(lambda: opened.after.width() == document.preview.width)
    was = lightness(opened)
    up = editor(opened).points[3][1]
    drag(opened, up)
    first = curve(opened)
    assert len(first.split()) == 5 and editor(opened).points[2][1] == pytest.approx(up, abs=1)
    assert slow_part(document.state) == slow, "the engine is not asked for it"
    opened.wait(lambda: lightness(opened) > was + 5)
    drag(opened, editor(opened).points[1][1])
    assert curve(opened) not in ("", first)
    opened.press("undo")
    assert curve(opened) == first and editor(opened).points[2][1] == pytest.approx(up, abs=1)
    opened.press("undo")
    assert document.state == before
    opened.wait(lambda: abs(lightness(opened) - was) <= 1)
    opened.press("redo")
    assert curve(opened) == first


def test_each_photo_has_its_own_and_another_gets_none_of_it(opened):
    drag(opened, editor(opened).points[3][1])
    own = curve(opened)
    opened.press("use_for_all")
    assert curve(opened) == own and curve(opened, 1) == ""
    opened.app.queue.set_current(opened.app.queue.items[1])
    opened.wait(editor(opened).isEnabled)
    assert not opened.app.panel.card("tone").row("curve").back.isVisible()
    drag(opened, editor(opened).points[1][1])
    opened.app.queue.set_current(opened.app.queue.items[0])
    opened.wait(editor(opened).isEnabled)
    assert curve(opened) == own and curve(opened, 1) not in ("", own)
    assert opened.app.panel.card("tone").row("curve").back.isVisible()


def test_it_lies_beside_the_photo(opened):
    drag(opened, editor(opened).points[3][1])
    opened.app.sidecars.write()
    kept = sidecar.read(opened.app.queue.items[0].path)
    assert kept.recipe.entry("tone").settings.curve == curve(opened) != ""


def test_a_step_switched_off_and_on_again_has_its_curve_still(opened):
    drag(opened, editor(opened).points[3][1])
    own = curve(opened)
    card = opened.app.panel.card("tone")
    card.switch.click()
    assert not editor(opened).isVisible()
    opened.wait(lambda: not editor(opened).isEnabled())
    card.switch.click()
    opened.wait(editor(opened).isEnabled)
    assert curve(opened) == own and editor(opened).points[2][1] > 0
