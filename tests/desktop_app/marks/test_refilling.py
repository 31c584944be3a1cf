"""Stroke after stroke in the real window with the bundled generator: what is mended is seen while the hand goes on."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from desktop_app.document import slow_part
from desktop_app.engine_process.protocol import EngineOptions
from desktop_app.marks.brush import Brush, Tool
from tests.desktop_app.marks.test_window import RECIPE, document, stroke, take, wait_for_answer

pytestmark = pytest.mark.gui

WIDTH, HEIGHT = 1000, 750
STROKE_EVERY_S = 0.3
WANTED = 2
LONGEST_S = 30.0
"""Only a loaded machine needs as long for two refills; a hand that calls each of them back would never see one."""


@pytest.fixture
def options() -> EngineOptions:
    """With the generators that come with Autochrome."""
    return EngineOptions(device="cpu", threads=1)


@pytest.fixture
def opened(hand, tmp_path: Path):
    photo = tmp_path / "photo.png"
    Image.fromarray(skimage.data.astronaut()).convert("L").resize((WIDTH, HEIGHT)).save(photo)
    hand.drop(photo)
    hand.wait_for_preview()
    document(hand).set_recipe(RECIPE)
    wait_for_answer(hand)
    return hand


def test_quick_strokes_are_mended_while_the_hand_goes_on(opened):
    """A stroke every 300 ms; pictures of strokes come in between, and their tint goes from the restored side."""
    take(opened, Tool.BRUSH)
    opened.app.marking.show_brush(Brush(0.015, 0.3))
    one, mask, seen = document(opened), opened.app.marking.mask, []

    def note(image: object) -> None:
        if image is not None and one.analyses.marks is not None and one.analyses.marks not in seen:
            seen.append(one.analyses.marks)

    opened.app.closeup.after_shown.connect(note)
    began, strokes, untinted = time.monotonic(), 0, 0
    while len(seen) < WANTED and time.monotonic() - began < LONGEST_S:
        x, y = 0.55 + 0.04 * (strokes % 10), 0.1 + 0.03 * (strokes // 10 % 25)
        stroke(opened, (x, y), (x + 0.02, y + 0.01))
        strokes += 1
        due = began + strokes * STROKE_EVERY_S
        opened.qtbot.wait(max(1, round(1000 * (due - time.monotonic()))))
        untinted = max(untinted, strokes - len(mask._unanswered))
    assert len(seen) >= WANTED and untinted > 0
    opened.wait(lambda: one.analyses.slow_part == slow_part(one.state))
    opened.wait(lambda: mask._unanswered == [])
