"""The bar says what is so in words, and its button does the one thing that makes sense."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_app.bottom_bar import BottomBar, Work, button_text, sentence


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (Work(), "No photos yet"),
        (Work(total=1), "1 photo"),
        (Work(total=20, done=3, failed=1), "20 photos · 3 restored · 1 failed"),
        (Work(total=2, looking="Finding colours"), "Finding colours…"),
        (Work(total=2, running="Reading", place=1, of=2), "Restoring 1 of 2 · Reading"),
        (Work(total=2, running="Saving", place=2, of=2, seconds_left=40), "Restoring 2 of 2 · Saving · 40 s left"),
        (Work(total=2, running="Saving", place=2, of=2, looking="Opening"), "Restoring 2 of 2 · Saving"),
    ],
)
def test_the_state_in_words(work, words):
    assert sentence(work) == words


@pytest.mark.parametrize(
    ("work", "text"),
    [
        (Work(), "Restore"),
        (Work(total=1, outstanding=1), "Restore 1 photo"),
        (Work(total=20, outstanding=12), "Restore 12 photos"),
        (Work(total=20), "All restored"),
    ],
)
def test_the_button_says_what_it_will_do(work, text):
    assert button_text(work) == text


def test_the_button_starts_then_stops(qtbot):
    bar = BottomBar()
    qtbot.addWidget(bar)
    assert not bar.main_button.isEnabled()
    bar.show_work(Work(total=2, outstanding=2))
    with qtbot.waitSignal(bar.start_wanted):
        QTest.mouseClick(bar.main_button, Qt.MouseButton.LeftButton)
    bar.show_work(Work(total=2, running="Reading", place=1, of=2))
    with qtbot.waitSignal(bar.stop_wanted):
        QTest.keyClick(bar.main_button, Qt.Key.Key_Space)
