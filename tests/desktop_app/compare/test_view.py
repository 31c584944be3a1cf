"""The compare view as it is seen: which picture is where, how they line up, and what it says of itself."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QSlider

from desktop_app.compare import CompareView
from desktop_app.compare.frame import Frame
from desktop_app.compare.pyramid import Pyramid
from desktop_app.compare.viewport import Viewport
from desktop_app.theme.tokens import theme_of
from tests.desktop_app.compare.conftest import BLUE, RED, noise, plain


def _seen(view: CompareView, x: float, y: float) -> int:
    """The colour (0xffRRGGBB) at a place 0..1 of the photo, away from handle and labels."""
    place = view.photo_to_widget(QPointF(x, y)).toPoint()
    image = view.grab().toImage()
    ratio = image.devicePixelRatio()
    return image.pixel(round(place.x() * ratio), round(place.y() * ratio)) & 0xFFFFFFFF


def test_before_is_left_of_the_line_and_after_right(view):
    view.set_divider(0.3)
    assert _seen(view, 0.2, 0.7) == RED
    assert _seen(view, 0.4, 0.7) == BLUE


def test_the_original_can_be_seen_alone(view, qtbot):
    with qtbot.waitSignal(view.original_shown) as heard:
        view.show_original_alone(True)
    assert heard.args == [True]
    assert _seen(view, 0.9, 0.7) == RED
    view.show_original_alone(False)
    assert _seen(view, 0.9, 0.7) == BLUE


def test_one_picture_fills_the_view_without_a_line(view):
    view.set_after(None)
    assert not view.has_divider
    assert _seen(view, 0.9, 0.7) == RED
    view.set_before(None)
    view.set_after(plain(600, 400, BLUE))
    assert _seen(view, 0.1, 0.7) == BLUE


def test_without_a_picture_there_is_only_the_ground(view):
    view.clear()
    assert not view.has_picture
    image = view.grab().toImage()
    ground = theme_of(view).color("well").rgb()
    assert {image.pixel(x, y) for x in range(0, 900, 30) for y in range(0, 600, 30)} == {ground}
    assert view.before_colour_at(QPointF(0.5, 0.5)) is None


def test_another_resolution_changes_nothing_that_is_seen(view):
    """The full picture comes in while the preview is zoomed: the place under the eye stays, the zoom says more pixels."""
    view.zoom_to(300, QPointF(200, 100))
    before = view.widget_to_photo(QPointF(200, 100))
    view.set_after(plain(1800, 1200, BLUE))
    assert view.photo_size == QSize(1800, 1200)
    assert view.zoom_percent == pytest.approx(100)
    after = view.widget_to_photo(QPointF(200, 100))
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=1 / 600)


def test_a_draft_between_two_previews_does_not_move_the_photo(view):
    view.set_photo_size(QSize(2400, 1600))
    view.zoom_to(150)
    seen = view.viewport
    for width in (200, 600, 1200):
        view.set_after(plain(width, width * 2 // 3, BLUE))
        assert view.viewport == seen


def test_another_photo_is_shown_whole(view):
    view.zoom_to(400)
    view.clear()
    view.set_before(plain(640, 480, RED))
    assert view.viewport.is_fit
    view.zoom_to(400)
    view.set_before(plain(480, 640, RED))  # another shape cannot be the same photo
    assert view.viewport.is_fit


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("percent", [40.0, 73.0, 100.0, 250.0])
def test_two_resolutions_line_up_exactly(qtbot, ratio: float, percent: float):
    """A picture and the same one with every pixel doubled are painted alike, up to the softness of scaling."""
    small = noise(300, 200)
    large = small.scaled(600, 400)
    viewport = Viewport(600, 400, 300, 200, ratio).fitted().zoomed(percent / 100, 37, 91)
    ground = QColor("#000000")
    painted = [
        Frame().columns(Pyramid(image), viewport, ground, False, 0, round(300 * ratio)) for image in (small, large)
    ]
    one, other = (_channels(image) for image in painted)
    # Fast scaling takes the nearest pixel: a shift of the pictures by half a screen pixel would change most of them.
    assert (one == other).all(-1).mean() > (0.98 if percent != 73 else 0.6)


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_100_per_cent_shows_every_pixel_as_it_is(qtbot, ratio: float):
    """Also in full quality nothing is softened: the device pixels are the photo's."""
    image = noise(700, 500)
    viewport = Viewport(700, 500, 200, 150, ratio).fitted().zoomed(1, 31, 47)
    width, height = round(200 * ratio), round(150 * ratio)
    painted = Frame().columns(Pyramid(image), viewport, QColor(0, 0, 0), True, 0, width)
    left, top = -round(viewport.left * ratio), -round(viewport.top * ratio)
    assert (_channels(painted) == _channels(image.copy(left, top, width, height))).all()


def test_a_frame_made_of_strips_is_the_frame_made_at_once(qtbot):
    """The divider may uncover the picture column by column without a seam."""
    image = noise(500, 400)
    viewport = Viewport(500, 400, 300, 240).fitted().zoomed(1.7, 120, 80)
    ground = QColor("#102030")
    frame = Frame()
    pyramid = Pyramid(image)
    for lo, hi in ((140, 150), (100, 150), (100, 151), (0, 160), (0, 300)):
        stripped = frame.columns(pyramid, viewport, ground, True, lo, hi)
    whole = Frame().columns(pyramid, viewport, ground, True, 0, 300)
    # One code: Qt counts a span's places in whole steps of 1/65536 from where the span begins.
    assert np.abs(_channels(stripped) - _channels(whole)).max() <= 1


def test_it_is_painted_carefully_once_the_hand_rests(view, qtbot):
    """While moving the nearest pixels are good enough; a moment later the photo is smooth, without being asked."""
    view.set_before(noise(601, 401))
    view.set_after(noise(601, 401))
    view.zoom_to(190)
    moving = view.grab().toImage()
    qtbot.waitUntil(lambda: view.grab().toImage() != moving)
    resting = view.grab().toImage()
    view.rest_now()
    assert view.grab().toImage() == resting


def test_a_result_that_is_exchanged_again_and_again_is_painted_quickly_first(view, qtbot):
    """The slider moves: as while zooming, the nearest pixels do until no more results come."""
    alone = noise(601, 401)
    view.set_before(None)
    view.set_after(None)
    view.set_after(alone)
    careful = view.grab().toImage()
    for seed in (1, 2):
        view.set_after(noise(601, 401, seed))
    view.set_after(alone)
    assert view.grab().toImage() != careful
    qtbot.waitUntil(lambda: view.grab().toImage() == careful)


def test_pixels_are_squares_when_zoomed_in_far(view):
    """At 800 % a column of screen pixels inside one photo pixel has one colour."""
    view.set_before(noise(60, 40))
    view.set_after(None)
    view.zoom_to(800)
    view.rest_now()
    corner = view.photo_to_widget(QPointF(10 / 60, 10 / 40)).toPoint()
    image = view.grab().toImage()
    inside = {image.pixel(corner.x() + x, corner.y() + y) for x in range(1, 7) for y in range(1, 7)}
    assert len(inside) == 1


def test_labels_leave_when_the_line_takes_their_room(view):
    """Their corner shows the bare photo then."""
    left, top, _, _ = (round(edge) for edge in view.viewport.visible)
    view.set_divider(0.5)
    assert _inked(view.grab().toImage(), left, top) > 50
    view.set_divider(0.03)
    assert _inked(view.grab().toImage(), left + 40, top) == 0


def test_it_says_what_it_shows(view):
    """Name, divider and zoom for those who cannot see it; the handle is a slider with a value."""
    assert view.accessibleName()
    view.set_divider(0.25)
    view.zoom_to(200)
    assert "200 %" in view.accessibleDescription() and "25 %" in view.accessibleDescription()
    handle = view.divider_handle
    assert isinstance(handle, QSlider)
    assert handle.accessibleName() and handle.value() == 250


def test_the_handle_moves_the_line_and_back(view, qtbot):
    with qtbot.waitSignal(view.divider_moved) as heard:
        view.divider_handle.setValue(800)
    assert heard.args == [pytest.approx(0.8)]
    middle = view.divider_handle.geometry().center()
    assert middle.x() == pytest.approx(view.divider_px, abs=1.5)  # a whole pixel, and the middle of an even width


def test_colours_can_be_asked_for(view):
    assert view.before_colour_at(QPointF(0.5, 0.5)).rgb() == RED
    assert view.after_colour_at(QPointF(1.0, 1.0)).rgb() == BLUE
    assert view.after_colour_at(QPointF(1.1, 0.5)) is None


def test_a_place_outside_is_brought_into_sight(view):
    view.zoom_to(800, QPointF(0, 0))
    view.bring_into_sight(QPointF(0.9, 0.9))
    place = view.photo_to_widget(QPointF(0.9, 0.9))
    assert view.rect().adjusted(-1, -1, 1, 1).contains(place.toPoint())


def _channels(image: QImage) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].astype(int)  # a copy: the memory is the image's


def _inked(image: QImage, left: int, top: int) -> int:
    """Pixels near that corner that are neither picture's plain colour."""
    box = ((left + x, top + y) for x in range(4, 50) for y in range(4, 30))
    return sum(image.pixel(x, y) not in (RED, BLUE) for x, y in box)
