"""A recipe over a photo; what was found is used again exactly as long as it is still true."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from engine.color import srgb_to_lab, to_srgb
from engine.errors import Cancelled, GeneratorMissing, SettingInvalid
from engine.face_wishes import FaceWish
from engine.generator import Generator
from engine.hints import Hint
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.pipeline import AnalysisCache, Pipeline
from engine.progress import CancelToken, Progress
from engine.recipe import Recipe, RecipeEntry, load
from engine.session import Device
from engine.steps import STEPS
from engine.steps.clean import CleanSettings
from engine.steps.step import Analysis
from tests.engine import photos
from tests.engine.detector_files import write_detector
from tests.onnx_files import TINT, box_blur, enlarger, identity, write_colorizer, write_freshener, write_generator

COLORIZE = load("colorize").with_setting("colorize.working_size", 160)
BOTH = COLORIZE.with_enabled("tone", True)


class Counting(Loader):
    """A loader that knows how often a generator was fetched to work with a photo."""

    runs = 0

    def __call__(self, kind: str) -> Generator:
        self.runs += 1
        return super().__call__(kind)


@pytest.fixture
def loader(tmp_path: Path) -> Counting:
    write_colorizer(tmp_path)
    write_freshener(tmp_path)
    return Counting(ModelLibrary([tmp_path]), Device("cpu", threads=1))


def runs(loader: Counting, pipeline: Pipeline, photo: Photo, recipe: Recipe, hints: tuple[Hint, ...] = ()) -> int:
    """1 if a generator was fetched to work with the photo, 0 if what was found before was enough."""
    before = loader.runs
    pipeline.analyse(photo, recipe, hints)
    return int(loader.runs > before)


def test_an_outcome_tells_what_was_done(loader: Counting) -> None:
    said: list[Progress] = []
    outcome = Pipeline(loader).run(photos.grey(), BOTH, report=said.append)
    cards = [loader.card(kind) for kind in ("tone", "colorize")]
    assert outcome.steps == ("tone", "colorize") and set(outcome.analyses) == {"tone", "colorize"}
    assert outcome.generators == tuple((card.name, card.sha256["generator"]) for card in cards)
    assert outcome.provider == "CPUExecutionProvider" and outcome.notes == ()
    done = [progress.done for progress in said]
    assert done == sorted(done) and done[-1] == 1 and len({progress.stage for progress in said}) >= 3


def test_nothing_to_do_gives_the_very_same_photo_and_names_no_generator(loader: Counting) -> None:
    photo = photos.coloured()
    outcome = Pipeline(loader).run(photo, COLORIZE)
    assert outcome.photo is photo and outcome.steps == outcome.generators == () and outcome.provider == ""
    assert len(outcome.notes) == 1
    everything_off = COLORIZE.with_enabled("colorize", False)
    assert Pipeline(loader).run(photo, everything_off).photo is photo


def test_what_was_found_is_used_again_until_something_shapes_it_anew(loader: Counting, tmp_path: Path) -> None:
    pipeline, photo = Pipeline(loader), photos.grey()
    assert runs(loader, pipeline, photo, COLORIZE) == 1
    assert runs(loader, pipeline, photo, COLORIZE) == 0
    assert runs(loader, pipeline, Photo(photo.pixels.copy()), COLORIZE) == 0, "the same picture read again"
    assert runs(loader, pipeline, photo, COLORIZE.with_setting("colorize.strength", 0.3)) == 0
    assert runs(loader, pipeline, photo, COLORIZE.with_setting("colorize.working_size", 200)) == 1
    assert runs(loader, pipeline, photo, COLORIZE, (Hint(0.5, 0.5, "#ff0000"),)) == 1
    assert runs(loader, pipeline, photo, BOTH) == 1, "a step before it changes what it sees"
    assert runs(loader, pipeline, photo, BOTH.with_setting("tone.fading", 0.9)) == 0
    assert runs(loader, pipeline, photos.sepia(), COLORIZE) == 1
    changed = photo.pixels.copy()
    changed[60, 80] += 1
    assert runs(loader, pipeline, Photo(changed), COLORIZE) == 1


def test_another_generator_is_another_key(tmp_path: Path) -> None:
    write_colorizer(tmp_path, "one")
    write_generator(tmp_path, identity(), "two", kind="colorize")
    library, device, cache = ModelLibrary([tmp_path]), Device("cpu", threads=1), AnalysisCache()
    first, second = (Pipeline(Loader(library, device, {"colorize": name}), cache) for name in ("one", "two"))
    found = [pipeline.analyse(photos.grey(), COLORIZE)["colorize"].arrays["chroma"] for pipeline in (first, second)]
    assert np.abs(found[0]).mean() > 10 > 1 > np.abs(found[1]).mean()


def test_another_device_is_another_key(tmp_path: Path) -> None:
    """What the graphics card found must not stand for what the processor finds."""

    class Elsewhere(Counting):
        runs_on = "CUDAExecutionProvider"

    write_colorizer(tmp_path)
    library, cache = ModelLibrary([tmp_path]), AnalysisCache()
    here, there = (kind(library, Device("cpu", threads=1)) for kind in (Counting, Elsewhere))
    assert runs(here, Pipeline(here, cache), photos.grey(), COLORIZE) == 1
    assert runs(there, Pipeline(there, cache), photos.grey(), COLORIZE) == 1
    assert runs(here, Pipeline(here, cache), photos.grey(), COLORIZE) == 0


def test_progress_goes_on_while_colour_is_laid_over_a_large_photo(loader: Counting) -> None:
    said: list[Progress] = []
    outcome = Pipeline(loader).run(photos.grey(700, 700), COLORIZE, report=said.append)
    laying = [progress.done for progress in said if progress.stage == "Colour" and progress.done >= 0.5]
    assert outcome.steps == ("colorize",) and len(laying) > 3 and laying == sorted(laying)
    assert not any(progress.stage == "Done" for progress in said), "the photo is not saved yet"


def test_the_order_of_sliders_cannot_be_seen(loader: Counting) -> None:
    """Analysing first with one strength of tone and then using another gives what a fresh pipeline gives."""
    photo, other = photos.sepia(), BOTH.with_setting("tone.fading", 1.0).with_setting("tone.contrast", 0.9)
    moved = Pipeline(loader)
    moved.run(photo, BOTH)
    np.testing.assert_array_equal(moved.run(photo, other).photo.pixels, Pipeline(loader).run(photo, other).photo.pixels)


def test_applying_needs_no_generator_and_gives_the_same(loader: Counting) -> None:
    photo = photos.sepia()
    outcome = Pipeline(loader).run(photo, BOTH)
    before = loader.runs
    again = Pipeline.apply_all(photo, BOTH, outcome.analyses)
    assert loader.runs == before
    np.testing.assert_array_equal(again.pixels, outcome.photo.pixels)


def test_a_step_not_yet_analysed_is_left_out_of_a_preview(loader: Counting) -> None:
    photo = photos.sepia()
    tone = {"tone": Pipeline(loader).analyse(photo, BOTH)["tone"]}
    only_tone = Pipeline.apply_all(photo, BOTH.with_enabled("colorize", False), tone)
    np.testing.assert_array_equal(Pipeline.apply_all(photo, BOTH, tone).pixels, only_tone.pixels)
    assert Pipeline.apply_all(photo, BOTH, {}) is photo


def test_what_a_step_sees_is_what_its_analysis_is_of(loader: Counting) -> None:
    pipeline, photo = Pipeline(loader), photos.sepia()
    seen = pipeline.before(photo, BOTH.with_setting("tone.fading", 1.0), "colorize")
    assert not np.array_equal(seen.pixels, photo.pixels)
    alone = pipeline.analyse(seen, COLORIZE)["colorize"]
    np.testing.assert_array_equal(pipeline.analyse(photo, BOTH)["colorize"].arrays["chroma"], alone.arrays["chroma"])
    assert pipeline.before(photo, COLORIZE, "colorize") is photo
    assert pipeline.before(photo, BOTH, "tone") is photo
    with pytest.raises(SettingInvalid, match="has no step"):
        pipeline.before(photo, BOTH, "age")


def test_a_slider_of_a_later_step_does_not_repeat_the_earlier_one(loader: Counting) -> None:
    photo = photos.sepia()
    analyses = Pipeline(loader).analyse(photo, BOTH)
    first = Pipeline.apply_all(photo, BOTH.with_setting("colorize.strength", 0.0), analyses)
    second = Pipeline.apply_all(photo, BOTH.with_setting("colorize.strength", 0.0), analyses)
    assert first is second, "strength 0 shows what tone made, and that was kept"


def test_results_that_are_kept_die_with_their_photo(loader: Counting) -> None:
    photo = photos.sepia()
    analyses = Pipeline(loader).analyse(photo, BOTH)
    alive = weakref.ref(Pipeline.apply_all(photo, BOTH, analyses))
    del photo
    gc.collect()
    assert alive() is None


def test_cancelling_stops_it(loader: Counting) -> None:
    token = CancelToken()

    def cancel_when_colours_come(progress: Progress) -> None:
        if progress.stage == "Finding colours":
            token.cancel()

    with pytest.raises(Cancelled):
        Pipeline(loader).run(photos.grey(), COLORIZE, report=cancel_when_colours_come, cancel=token)


def test_a_missing_generator_is_said_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(GeneratorMissing, match="colorize"):
        Pipeline(Loader(ModelLibrary([tmp_path]), Device("cpu"))).run(photos.grey(), COLORIZE)


def test_the_cache_stays_within_its_bytes_and_forgets_the_oldest() -> None:
    def kilobytes(count: int) -> Analysis:
        return Analysis("x", {"chroma": np.zeros((count, 1000), np.uint8)})

    cache = AnalysisCache(max_bytes=100_000)
    for number in range(4):
        cache.put((number,), kilobytes(30))
        cache.get((0,))
    assert [cache.get((number,)) is not None for number in range(4)] == [True, False, True, True]
    cache.put((0,), kilobytes(1))
    cache.put((5,), kilobytes(60))
    assert cache.get((0,)) is not None and cache.get((3,)) is not None
    cache.put((6,), kilobytes(500))
    assert cache.get((6,)) is None and cache.get((5,)) is not None, "one that cannot fit drives nobody out"


@pytest.fixture
def enlarging(tmp_path: Path) -> Counting:
    """With generators that colour, and that enlarge by two and by four."""
    write_colorizer(tmp_path)
    for scale in (2, 4):
        write_generator(tmp_path, enlarger(scale), f"larger-{scale}", kind="upscale", scale=scale, multiple=8)
    return Counting(ModelLibrary([tmp_path]), Device("cpu", threads=1))


@pytest.mark.parametrize("steps", [("upscale", "colorize"), ("colorize", "upscale")])
@pytest.mark.parametrize("factor", [2, 4])
def test_a_photo_can_be_enlarged_before_or_after_it_is_coloured(
    enlarging: Counting, steps: tuple[str, str], factor: int
) -> None:
    entries = tuple(RecipeEntry(step, STEPS[step].settings()) for step in steps)
    recipe = Recipe("larger", "", "", entries).with_text("upscale.factor", str(factor))
    photo, pipeline = photos.grey(), Pipeline(enlarging)
    outcome = pipeline.run(photo, recipe)
    assert outcome.photo.pixels.shape == (120 * factor, 160 * factor, 3)
    assert outcome.steps == steps
    names = {"upscale": f"larger-{factor}", "colorize": "test-colorize"}
    assert [name for name, _ in outcome.generators] == [names[step] for step in steps]
    chroma = srgb_to_lab(to_srgb(outcome.photo))[..., 1:]
    np.testing.assert_allclose(chroma.mean((0, 1)), TINT, atol=2.5)
    assert pipeline.before(photo, recipe, steps[1]).height == (120 * factor if steps[0] == "upscale" else 120)


def test_another_factor_is_another_question(enlarging: Counting) -> None:
    recipe = Recipe("larger", "", "", (RecipeEntry("upscale", STEPS["upscale"].settings()),))
    pipeline, photo = Pipeline(enlarging), photos.grey()
    assert runs(enlarging, pipeline, photo, recipe) == 1
    assert runs(enlarging, pipeline, photo, recipe.with_setting("upscale.detail", 0.5)) == 0
    assert runs(enlarging, pipeline, photo, recipe.with_text("upscale.factor", "4")) == 1
    assert runs(enlarging, pipeline, photo, recipe.with_setting("upscale.fidelity", 0.5)) == 1


def test_a_wish_for_a_face_is_another_question_to_steps_that_know_faces_alone(tmp_path: Path) -> None:
    """A bright square is a face to the test's detector."""
    write_generator(tmp_path, box_blur(1), "blur", kind="clean", multiple=8, minimum=16)
    write_detector(tmp_path)
    loader = Counting(ModelLibrary([tmp_path]), Device("cpu", threads=1))
    pipeline, photo = Pipeline(loader), photos.grey()
    clean = Recipe("clean", "Clean", "", (RecipeEntry("clean", CleanSettings(force=True)),))
    wishes = (FaceWish(0.5, 0.5, "original"),)

    def asked(faces: tuple[FaceWish, ...]) -> bool:
        before = loader.runs
        pipeline.analyse(photo, clean, face_wishes=faces)
        return loader.runs > before

    assert asked(()) and not asked(()) and asked(wishes) and not asked(wishes)
