"""A recipe that enlarges, in the window: small photos are shown enlarged, large ones as they are, and all are restored larger."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QSize

from desktop_app.engine_process.protocol import EngineOptions
from desktop_app.queue import State
from engine.hints import Hint
from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS
from tests.desktop_app.conftest import write_photo
from tests.desktop_app.hand import LONG_MS
from tests.onnx_files import enlarger, write_generator


def recipe(*steps: str) -> Recipe:
    return Recipe("larger", "Larger", "", tuple(RecipeEntry(step, STEPS[step].settings()) for step in steps))


ORDERS = [recipe("upscale", "colorize"), recipe("colorize", "upscale")]


@pytest.fixture
def options(models, tmp_path_factory) -> EngineOptions:
    """With generators that enlarge by two and by four."""
    folder = tmp_path_factory.mktemp("enlargers")
    for scale in (2, 4):
        write_generator(
            folder, enlarger(scale), f"enlarge-{scale}", kind="upscale", scale=scale, multiple=8, minimum=16
        )
    return EngineOptions(device="cpu", threads=1, model_folders=(models, folder))


@pytest.fixture
def small(hand, tmp_path):
    """A small photo that is looked at."""
    path = write_photo(tmp_path / "small.png")
    hand.drop(path)
    hand.wait_for_preview()
    return path


def show(hand, wanted: Recipe) -> None:
    """Until the preview is that of the recipe."""
    document = hand.app.queue.current.document
    with hand.qtbot.waitSignal(hand.app.client.preview_analysed, timeout=LONG_MS):
        document.set_recipe(wanted)


@pytest.mark.parametrize("wanted", ORDERS, ids=["then colour", "after colour"])
def test_a_small_photo_is_shown_enlarged_beside_its_original(hand, small, wanted):
    show(hand, wanted)
    hand.wait(lambda: hand.after is not None and hand.after.size() == QSize(320, 240))
    compare = hand.app.compare
    hand.wait(lambda: np.hypot(*hand.chroma()) > 10)
    assert compare.has_divider and compare.photo_size == QSize(160, 120), "100 % are the original's own pixels"
    for x, y in ((0.1, 0.2), (0.5, 0.5), (0.9, 0.8)):
        before, after = (
            look(QPointF(x, y)).lightness() for look in (compare.before_colour_at, compare.after_colour_at)
        )
        assert abs(before - after) < 20, "the same place of the photo"
    seen = compare.grab().toImage()
    left, top, right, bottom = compare.viewport.visible
    for x in (0.25, 0.75):  # either side of the line is painted up to the photo's edge
        for y in (0.02, 0.98):
            place = QPointF(left + x * (right - left), top + y * (bottom - top)).toPoint() * seen.devicePixelRatio()
            assert seen.pixelColor(place) != seen.pixelColor(1, 1)


def test_the_factor_is_chosen_in_the_panel_and_detail_answers_without_the_engine(hand, small):
    show(hand, recipe("upscale"))
    hand.wait(lambda: hand.after is not None and hand.after.width() == 320)
    card = hand.app.panel.card("upscale")
    card.row("factor").choice.textActivated.emit("4")
    hand.wait(lambda: hand.after is not None and hand.after.width() == 640)
    asked, sharp = [], hand.after
    hand.app.client.preview_analysed.connect(asked.append)
    card.row("detail").slider.setValue(0)
    hand.wait(lambda: hand.after is not None and hand.after != sharp and hand.after.width() == 640)
    assert asked == []


@pytest.mark.parametrize("wanted", ORDERS, ids=["then colour", "after colour"])
def test_a_hint_is_followed_in_an_enlarged_photo(hand, small, wanted):
    show(hand, wanted)
    hand.wait(lambda: hand.after is not None and hand.after.width() == 320 and np.hypot(*hand.chroma()) > 10)
    hand.press("hint_tool")
    hand.app.overlay.hint_added.emit(Hint(0.5, 0.5, "#2060ff", size=64))
    hand.wait(lambda: hand.chroma()[1] < -5 and hand.after.width() == 320)


def test_a_large_photo_is_shown_as_it_is_and_the_user_reads_why(hand, tmp_path):
    hand.drop(write_photo(tmp_path / "large.png", 1200, 900))
    hand.wait_for_preview()
    show(hand, recipe("upscale", "colorize"))
    hand.wait(lambda: np.hypot(*hand.chroma()) > 10)
    hand.wait(lambda: hand.after.size() == QSize(1200, 900))
    assert ["restored photo will be larger" in note for note in hand.app.queue.current.document.analyses.notes] == [
        True
    ]


@pytest.mark.parametrize("wanted", ORDERS, ids=["then colour", "after colour"])
def test_the_restored_photo_is_larger_and_shown_when_one_looks_close(hand, small, wanted):
    show(hand, wanted)
    hand.press("restore_all")
    hand.wait(lambda: hand.states() == [State.DONE])
    item = hand.app.queue.items[0]
    with Image.open(item.output) as image:
        assert image.size == (320, 240)
    assert item.is_up_to_date, "the generator of this factor is the one that would be taken again"
    hand.app.compare.zoom_to(800)
    hand.wait(lambda: len(hand.app.closeup._files) == 2)
    assert hand.after.size() == QSize(320, 240) and hand.app.compare.photo_size == QSize(160, 120)


def test_one_generator_for_each_factor_is_no_choice(hand, small):
    show(hand, recipe("upscale"))
    assert hand.app.panel.card("upscale")._choice is None
