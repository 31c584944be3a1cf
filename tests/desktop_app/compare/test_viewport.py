"""Zooming and panning as numbers: what is under the pointer stays there, and the photo cannot be lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.compare.viewport import LARGEST_ZOOM, Viewport, _margin

SIDES = st.integers(1, 20_000)
VIEWS = st.floats(60, 3000)
RATIOS = st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0])
PLACES = st.floats(-0.2, 1.2)
RUNS = settings(max_examples=60, deadline=None)


@st.composite
def viewports(draw) -> Viewport:
    """Any photo in any view, zoomed and panned somewhere."""
    fitted = Viewport(draw(SIDES), draw(SIDES), draw(VIEWS), draw(VIEWS), draw(RATIOS)).fitted()
    zoomed = fitted.zoomed(draw(st.floats(0.001, 40)), draw(VIEWS), draw(VIEWS))
    return zoomed.panned(draw(st.floats(-5000, 5000)), draw(st.floats(-5000, 5000)))


@given(viewports(), PLACES, PLACES)
@RUNS
def test_a_place_goes_to_the_view_and_back(viewport: Viewport, x: float, y: float):
    back = viewport.to_photo(*viewport.to_view(x, y))
    assert back == pytest.approx((x, y), abs=1e-9)


@given(viewports(), st.floats(0.001, 40), st.floats(0, 1), st.floats(0, 1))
@RUNS
def test_zooming_keeps_what_is_under_the_pointer(viewport: Viewport, zoom: float, across: float, down: float):
    """To a device pixel, in each direction in which the photo's edges leave it the choice."""
    x, y = across * viewport.view_width, down * viewport.view_height
    place = viewport.to_photo(x, y)
    after = viewport.zoomed(zoom, x, y)
    now_x, now_y = after.to_view(*place)
    if _is_free(after.centre_x, after.shown_width, after.view_width):
        assert now_x == pytest.approx(x, abs=1.01 / after.device_ratio)
    if _is_free(after.centre_y, after.shown_height, after.view_height):
        assert now_y == pytest.approx(y, abs=1.01 / after.device_ratio)


@given(viewports())
@RUNS
def test_the_photo_is_never_lost(viewport: Viewport):
    """As much of it is in sight as the view has room for, whatever was done."""
    left, top, right, bottom = viewport.visible
    pixel = 1 / viewport.device_ratio
    across = min(viewport.shown_width, viewport.view_width - 2 * _margin(viewport.view_width))
    down = min(viewport.shown_height, viewport.view_height - 2 * _margin(viewport.view_height))
    assert right - left >= across - pixel
    assert bottom - top >= down - pixel


@given(viewports(), st.floats(1e-6, 1e6))
@RUNS
def test_zoom_stays_within_its_limits(viewport: Viewport, zoom: float):
    after = viewport.zoomed(zoom, 10, 10)
    assert after.smallest_zoom <= after.zoom <= LARGEST_ZOOM
    assert after.smallest_zoom == pytest.approx(min(after.fit_zoom / 2, 1))


@given(viewports())
@RUNS
def test_what_fits_is_seen_whole(viewport: Viewport):
    fitted = viewport.fitted()
    pixel = 1 / fitted.device_ratio
    assert fitted.left >= -pixel and fitted.top >= -pixel
    assert fitted.left + fitted.shown_width <= fitted.view_width + pixel
    assert fitted.top + fitted.shown_height <= fitted.view_height + pixel


@given(viewports())
@RUNS
def test_the_photo_lies_on_whole_device_pixels(viewport: Viewport):
    for edge in (viewport.left, viewport.top):
        assert edge * viewport.device_ratio == pytest.approx(round(edge * viewport.device_ratio), abs=1e-6)


@given(viewports(), st.integers(2, 8), st.floats(0, 1), st.floats(0, 1))
@RUNS
def test_a_finer_picture_of_the_photo_is_seen_as_the_coarser_was(viewport: Viewport, times: int, x: float, y: float):
    """Where both resolutions allow the zoom, nothing moves by more than a pixel."""
    finer = viewport.with_photo(viewport.photo_width * times, viewport.photo_height * times)
    if finer.zoom * times != pytest.approx(viewport.zoom):
        return
    pixel = 1.01 / viewport.device_ratio
    assert finer.to_view(x, y) == pytest.approx(viewport.to_view(x, y), abs=pixel)


@given(viewports())
@RUNS
def test_steps_in_and_out_pass_through_fit_and_100_per_cent(viewport: Viewport):
    """Going in from the smallest zoom every stop is larger; both landmarks are among them."""
    at = viewport.zoomed(0, 0, 0)
    stops = []
    while not stops or at.zoom > stops[-1]:
        stops.append(at.zoom)
        at = at.zoomed_in()
    assert stops[-1] == LARGEST_ZOOM
    for landmark in (at.fit_zoom, 1.0):
        assert min(abs(stop / landmark - 1) for stop in stops) < 0.002
    for _ in stops:
        at = at.zoomed_out()
    assert at.zoom == pytest.approx(at.smallest_zoom)


def test_fit_follows_the_window_and_a_chosen_zoom_does_not():
    fitted = Viewport(3000, 2000, 900, 600).fitted()
    assert fitted.resized(1800, 1200, 1).zoom > fitted.zoom
    chosen = fitted.zoomed(1, 450, 300)
    assert chosen.resized(1800, 1200, 1).zoom == 1


def test_100_per_cent_is_counted_in_device_pixels():
    """On a screen of 200 % a photo pixel is half a logical one."""
    viewport = Viewport(3000, 2000, 900, 600, 2.0).fitted().zoomed(1, 0, 0)
    assert viewport.shown_width == 1500


def _is_free(centre: float, shown: float, length: float) -> bool:
    """The photo's edges did not decide where its middle is."""
    inner = length - 2 * _margin(length)
    if shown <= inner:
        return False
    half = inner / 2 / shown
    return half + 1e-9 < centre < 1 - half - 1e-9


@given(viewports(), st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.001, 0.5), st.floats(0.001, 0.5))
@RUNS
def test_a_part_that_is_shown_is_in_sight_and_as_large_as_wanted(
    viewport: Viewport, x: float, y: float, width: float, height: float
):
    """Where neither the whole photo nor the largest zoom is in the way."""
    after = viewport.showing(x, y, width, height, 1 / 3)
    assert viewport.fit_zoom <= after.zoom <= LARGEST_ZOOM
    left, top, right, bottom = after.visible
    at = after.to_view(x, y)
    assert left - 1 <= at[0] <= right + 1 and top - 1 <= at[1] <= bottom + 1
    if not after.is_fit and after.zoom < LARGEST_ZOOM:
        shares = width * after.shown_width / after.view_width, height * after.shown_height / after.view_height
        assert max(shares) == pytest.approx(1 / 3, rel=1e-6)
