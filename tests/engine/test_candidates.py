"""Candidates are those of the step itself, far from each other, in order, and follow the hints."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.candidates import Candidate, _farthest_first, candidates, difference
from engine.color import srgb_to_lab, to_srgb_small
from engine.errors import Cancelled
from engine.hints import Hint
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.progress import CancelToken, Progress
from engine.recipe import load
from engine.session import Device
from engine.steps.colorize import COLORIZE, ColorizeSettings
from engine.steps.step import Tools
from tests.engine import photos
from tests.engine.split_files import write_split
from tests.onnx_files import TINT, write_colorizer, write_freshener

STYLES = [[0.05, 0], [1, 0], [-1, 0], [1, 0.02], [0, 1], [0, -0.5]]
"""1 is nearly the likeliest, 4 nearly 2."""
DEFAULT = ColorizeSettings()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    folder = tmp_path_factory.mktemp("models")
    write_split(folder, styles=STYLES)
    write_freshener(folder)
    return Tools(Loader(ModelLibrary([folder]), Device("cpu", threads=1)))


def looks(photo: Photo, found: list[Candidate]) -> list[np.ndarray]:
    """Lab (n, 3) of each, at working size."""
    height, width = found[0].analysis.arrays["chroma"].shape[:2]
    lightness = srgb_to_lab(to_srgb_small(photo, height, width))[..., :1]
    whole = [np.concatenate([lightness, one.analysis.arrays["chroma"].astype(np.float32)], 2) for one in found]
    return [lab.reshape(-1, 3) for lab in whole]


def test_the_likeliest_comes_first_then_what_differs_most(tools: Tools) -> None:
    photo = photos.grey()
    found = candidates(photo, DEFAULT, tools)
    assert found[0].number == 0 and {1, 4}.isdisjoint(one.number for one in found) and len(found) >= 4
    colours = looks(photo, found)
    apart = [[difference(one, other) for other in colours] for one in colours]
    assert min(apart[i][j] for i, j in itertools.combinations(range(len(found)), 2)) >= 4
    nearest = [min(apart[i][j] for j in range(i)) for i in range(1, len(found))]
    assert nearest == sorted(nearest, reverse=True), "each adds less than the one before"


def test_a_candidate_is_what_its_number_gives(tools: Tools) -> None:
    """So that choosing one on the sheet gives the photo that the sheet showed."""
    photo, hinted = photos.sepia(), Tools(tools.generator, hints=(Hint(0.5, 0.5, "#3050c0", 20),))
    found = candidates(photo, ColorizeSettings(candidate=3), hinted)
    assert found[0].number == 0
    for one in found:
        again = COLORIZE.analyse(photo, ColorizeSettings(candidate=one.number), hinted)
        for name, array in again.arrays.items():
            np.testing.assert_array_equal(one.analysis.arrays[name], array)
        assert one.analysis.values == again.values and one.analysis.note == again.note == ""


def test_the_one_in_use_is_always_among_them(tools: Tools) -> None:
    """Though it is nearly the likeliest, and however few are asked for; it comes right behind the likeliest."""
    for number in (1, 4, 2):
        found = candidates(photos.grey(), ColorizeSettings(candidate=number), tools, most=2)
        assert [(one.number, one.in_use) for one in found] == [(0, False), (number, True)]
    assert [one.in_use for one in candidates(photos.grey(), DEFAULT, tools)][:2] == [True, False]
    (alone,) = candidates(photos.grey(), ColorizeSettings(candidate=2), tools, most=1)
    assert alone.number == 0 and not alone.in_use


def test_what_was_chosen_with_another_generator_or_is_not_there_leaves_the_likeliest_in_use(tools: Tools) -> None:
    for chosen in (ColorizeSettings(candidate=2, candidate_of="another"), ColorizeSettings(candidate=20)):
        found = candidates(photos.grey(), chosen, tools)
        assert [one.number for one in found if one.in_use] == [0]
        assert len(found) == len(candidates(photos.grey(), DEFAULT, tools))
    its_own = found[0].generator
    bound = candidates(photos.grey(), ColorizeSettings(candidate=2, candidate_of=its_own), tools)
    assert [one.number for one in bound if one.in_use] == [2]


def test_hints_are_followed_in_all(tools: Tools) -> None:
    hinted = Tools(tools.generator, hints=(Hint(0.6, 0.4, "#3050c0", 20),))
    found = candidates(photos.grey(), DEFAULT, hinted)
    assert len(found) >= 4
    said = [one.analysis.arrays["chroma"][26, 51] for one in found]
    assert max(np.abs(colour - said[0]).max() for colour in said) < 0.1
    assert np.abs(said[0] - np.array(TINT)).max() > 10


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_than_asked_for(tools: Tools, most: int) -> None:
    many = candidates(photos.grey(), DEFAULT, tools)
    assert [one.number for one in candidates(photos.grey(), DEFAULT, tools, most)] == [one.number for one in many][
        :most
    ]
    with pytest.raises(ValueError, match="most must be at least 1"):
        candidates(photos.grey(), DEFAULT, tools, 0)


def test_how_much_they_must_differ_is_the_callers_choice(tools: Tools) -> None:
    everything = candidates(photos.grey(), DEFAULT, tools, 32, smallest_difference=0.0)
    assert sorted(one.number for one in everything) == [0, 1, 2, 3, 4, 5, 6]
    assert [one.number for one in candidates(photos.grey(), DEFAULT, tools, smallest_difference=300.0)] == [0]


def test_a_generator_without_styles_has_only_the_likeliest(tmp_path: Path) -> None:
    write_colorizer(tmp_path)
    plain = Tools(Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    (only,) = candidates(photos.grey(), DEFAULT, plain)
    assert only.number == 0
    np.testing.assert_allclose(only.analysis.arrays["chroma"].mean((0, 1)), TINT, atol=0.5)


def test_a_photo_in_colour_has_none_unless_forced(tools: Tools) -> None:
    assert candidates(photos.coloured(), DEFAULT, tools) == []
    assert len(candidates(photos.coloured(), ColorizeSettings(force=True), tools)) > 2


def test_progress_rises_to_the_end_and_work_stops_between_runs(tools: Tools) -> None:
    said, token = list[Progress](), CancelToken()
    candidates(photos.grey(), DEFAULT, Tools(tools.generator, report=said.append))
    done = [progress.done for progress in said]
    assert done == sorted(done) and done[-1] == pytest.approx(1) and len(set(done)) > len(STYLES)

    def stop(progress: Progress) -> None:
        if progress.done > 0.4:
            token.cancel()

    with pytest.raises(Cancelled):
        candidates(photos.grey(), DEFAULT, Tools(tools.generator, report=stop, cancel=token))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-80, 80)), min_size=1, max_size=12), st.floats(0, 30))
def test_what_is_chosen_is_apart_and_what_is_left_is_near(points: list[tuple[float, float]], smallest: float) -> None:
    colours = [np.array([[60, a, b]], np.float32) for a, b in points]
    in_use = len(colours) - 1
    first = [0, in_use] if in_use else [0]
    chosen = _farthest_first(colours, first, len(colours), smallest)
    assert chosen[: len(first)] == first and len(set(chosen)) == len(chosen)
    for one, other in itertools.combinations(chosen, 2):
        assert [one, other] == first or difference(colours[one], colours[other]) >= smallest - 1e-3
    for left in set(range(len(colours))) - set(chosen):
        assert min(difference(colours[left], colours[one]) for one in chosen) <= smallest + 1e-3


def test_a_dress_counts_and_the_sky_does_not_dilute_it() -> None:
    one = np.tile(np.array([60, 0, 0], np.float32), (1000, 1))
    other = one.copy()
    other[:200, 1] = 40
    assert difference(one, other) > 20


def test_behind_another_step_each_is_what_the_recipe_finds_with_its_number(tools: Tools) -> None:
    """Wherever the sliders of the step before stand."""
    recipe = load("colorize").with_enabled("tone", True).with_setting("tone.fading", 0.2)
    pipeline, photo = Pipeline(tools.generator), photos.grey()
    found = candidates(pipeline.before(photo, recipe, "colorize"), recipe.entry("colorize").settings, tools)
    assert len(found) > 2
    for each in found:
        own = pipeline.analyse(photo, recipe.with_setting("colorize.candidate", each.number))["colorize"]
        np.testing.assert_array_equal(each.analysis.arrays["chroma"], own.arrays["chroma"])
