"""The step repair: damage goes, all else stays bit for bit, marks win, a stroke costs its own place, a large photo stays small."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import Cancelled, GeneratorMissing
from engine.face_regions import clothes_of, regions_of, towards
from engine.face_wishes import FaceWish
from engine.faces import Face
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.marks import Marks
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.progress import CancelToken, Progress
from engine.recipe import Recipe, RecipeEntry
from engine.session import Device
from engine.steps import STEPS, repair
from engine.steps.repair import REPAIR, STRETCHED, Repair, RepairSettings
from engine.steps.step import Analysis, Tools
from tests.engine.repair_files import line, write_repairer, write_repairer_in_one
from tests.engine.test_generator_repair import Counting

GO_ON = CancelToken()
DEFAULT = RepairSettings()
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def loader(tmp_path_factory: pytest.TempPathFactory) -> Loader:
    folder = tmp_path_factory.mktemp("models")
    write_repairer(folder)
    return Loader(ModelLibrary([folder]), Device("cpu", threads=1))


@pytest.fixture
def tools(loader: Loader) -> Tools:
    return Tools(loader)


def scratched(
    height: int = 160, width: int = 200, depth: type = np.uint8, channels: int = 3, alpha: bool = False
) -> tuple[Photo, NDArray[np.bool_]]:
    """A smooth photo in the middle tones with white scratches; and where they are."""
    down, across = np.mgrid[0:height, 0:width]
    shade = (0.4 + 0.2 * np.sin(down / 40) * np.cos(across / 50))[..., None] * np.array([1, 0.9, 0.8][:channels])
    damage = line(height, width, 1) | line(height, width, 2)
    shade[damage] = 1
    full = np.iinfo(depth).max
    other = np.random.default_rng(0).integers(0, full, (height, width), dtype=depth) if alpha else None
    return Photo(np.round(shade * full).astype(depth), other), damage


def mended(photo: Photo, tools: Tools, step: Repair = REPAIR, **chosen: Any) -> tuple[Photo, Analysis]:
    settings = RepairSettings(**chosen)
    analysis = step.analyse(photo, settings, tools)
    return step.apply(photo, analysis, settings, GO_ON), analysis


def square(shape: tuple[int, int], top: int, left: int, side: int) -> NDArray[np.uint8]:
    plane = np.zeros(shape, np.uint8)
    plane[top : top + side, left : left + side] = 255
    return plane


def test_it_is_a_step_that_comes_before_what_changes_tones() -> None:
    """What is filled has the tones of the photo as it came; a slider of an earlier step would leave it standing out."""
    assert next(iter(STEPS)) == "repair" and REPAIR.uses_marks and not REPAIR.uses_hints


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 300),
    st.integers(1, 300),
    st.sampled_from([np.uint8, np.uint16]),
    st.sampled_from([1, 3]),
    st.booleans(),
    st.sampled_from([0.3, 1.0]),
)
def test_outside_the_mask_every_photo_stays_bit_for_bit(
    loader: Loader, height: int, width: int, depth: type, channels: int, alpha: bool, strength: float
) -> None:
    photo, damage = scratched(height, width, depth, channels, alpha)
    result, analysis = mended(photo, Tools(loader), strength=strength, largest=1.0)
    assert result.pixels.dtype == depth and result.pixels.shape == photo.pixels.shape
    assert result.alpha is photo.alpha and result.metadata == photo.metadata
    changed = (result.pixels != photo.pixels).any(-1)
    near = np.zeros_like(damage)
    for row, column in zip(*np.nonzero(damage), strict=True):
        near[max(0, row - 3) : row + 4, max(0, column - 3) : column + 4] = True
    assert not (changed & ~near).any(), "three pixels are rim, the rest is not touched"
    assert changed[damage].all() or near.all()
    assert analysis.values["mended"] <= near.mean()


def test_damage_goes_and_what_was_there_comes_back(tools: Tools) -> None:
    photo, damage = scratched()
    result, analysis = mended(photo, tools)
    whole = (0.4 + 0.2 * np.sin(np.arange(160)[:, None] / 40) * np.cos(np.arange(200) / 50)) * 255
    assert np.abs(result.pixels[..., 0] - whole).max() < 12
    assert analysis.values["share"] == pytest.approx(damage.mean()) and analysis.note == ""
    assert (analysis.arrays["overview"][damage] == 255).all() and analysis.arrays["overview"].shape == (160, 200)


def test_one_file_mends_as_two_do(tools: Tools, tmp_path: Path) -> None:
    write_repairer_in_one(tmp_path)
    one = Tools(Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    photo, _ = scratched()
    np.testing.assert_array_equal(mended(photo, one)[0].pixels, mended(photo, tools)[0].pixels)


def test_a_photo_without_damage_is_the_very_same_photo(tools: Tools) -> None:
    photo = Photo(np.full((50, 60, 3), 90, np.uint8))
    assert mended(photo, tools)[0] is photo
    damaged, _ = scratched()
    assert mended(damaged, tools, strength=0.0)[0] is damaged


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_grey_photo_stays_grey(tools: Tools, depth: type, channels: int) -> None:
    photo, damage = scratched(depth=depth, channels=1)
    photo = Photo(np.repeat(photo.pixels, channels, 2))
    result, _ = mended(photo, tools)
    assert result.pixels.shape == photo.pixels.shape and np.ptp(result.pixels, 2).max() == 0
    assert result.pixels[damage].max() < 0.7 * photo.maximum


def test_marks_win_over_the_map(loader: Loader) -> None:
    photo, damage = scratched()
    shape = damage.shape
    sound = square(shape, 0, 0, 80)
    marks = Marks(square(shape, 120, 20, 10), sound)
    result, _ = mended(photo, Tools(loader, marks=marks))
    np.testing.assert_array_equal(result.pixels[sound > 0], photo.pixels[sound > 0])
    assert result.pixels[damage & (sound == 0)].max() < 200
    smudge = Photo(np.where(square(shape, 120, 20, 10)[..., None] > 0, 0, photo.pixels).astype(np.uint8))
    result, _ = mended(smudge, Tools(loader, marks=marks))
    assert result.pixels[120:130, 20:30].min() > 40, "what no map shows but the user does"


def test_at_sensitivity_0_only_marks_are_mended_and_nothing_is_looked_for(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(loader("repair"), monkeypatch)
    photo, damage = scratched()
    marks = Marks(square(damage.shape, 40, 40, 12), np.zeros(damage.shape, np.uint8))
    result, _ = mended(photo, Tools(loader, marks=marks), Repair(), sensitivity=0.0)
    assert counting.runs == {"encode": 0, "decode": 1}
    changed = (result.pixels != photo.pixels).any(-1)
    assert changed.any() and not changed[:36].any() and not changed[56:].any()
    assert mended(photo, Tools(loader), Repair(), sensitivity=0.0)[0] is photo


def test_a_stroke_fills_only_its_own_place_and_looks_for_nothing(
    loader: Loader, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, photo = Repair(), scratched(1000, 1200)[0]
    nothing = np.zeros((500, 600), np.uint8)
    step.analyse(photo, DEFAULT, Tools(loader))
    counting = Counting(loader("repair"), monkeypatch)
    stroke = square(nothing.shape, 60, 560, 4)
    again = Photo(photo.pixels.copy())
    first = step.analyse(again, DEFAULT, Tools(loader, marks=Marks(stroke, nothing)))
    assert counting.runs == {"encode": 0, "decode": 1}, "also in a photo that was read again"
    fresh = Repair().analyse(photo, DEFAULT, Tools(loader, marks=Marks(stroke, nothing)))
    np.testing.assert_array_equal(first.arrays["values"], fresh.arrays["values"])


def test_a_stroke_far_from_a_large_hole_leaves_it_as_it_is(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    step, photo = Repair(), scratched(1000, 1200)[0]
    hole, nothing = square((1000, 1200), 100, 100, 200), np.zeros((1000, 1200), np.uint8)
    step.analyse(photo, DEFAULT, Tools(loader, marks=Marks(hole, nothing)))
    counting = Counting(loader("repair"), monkeypatch)
    more = hole | square((1000, 1200), 900, 1100, 8)
    step.analyse(photo, DEFAULT, Tools(loader, marks=Marks(more, nothing)))
    assert counting.runs == {"encode": 0, "decode": 1}


def test_too_much_damage_is_not_believed_and_said(tools: Tools) -> None:
    pixels = np.full((100, 100, 3), 90, np.uint8)
    pixels[:45] = 255
    result, analysis = mended(photo := Photo(pixels), tools)
    assert result is photo
    assert analysis.note.startswith("45% of the photo looks damaged") and "repair.largest" in analysis.note
    assert mended(photo, tools, largest=0.6)[1].note == ""


def test_a_mask_of_other_proportions_is_said(loader: Loader) -> None:
    marks = Marks(square((200, 160), 10, 10, 10), np.zeros((200, 160), np.uint8))
    assert mended(scratched()[0], Tools(loader, marks=marks))[1].note == STRETCHED


def test_a_generator_with_a_working_size_is_shown_large_photos_smaller(tmp_path: Path) -> None:
    write_repairer(tmp_path, working_size=80)
    small = Tools(Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    photo = Photo(np.where(square((320, 400), 100, 100, 24)[..., None] > 0, 255, 90).astype(np.uint8).repeat(3, 2))
    result, _ = mended(photo, small)
    assert result.pixels.max() < 100, "and the mask is of the photo's own size"


def test_a_preview_shows_what_was_found_in_a_draft(tools: Tools) -> None:
    photo, _ = scratched(240, 300)
    small, damage = scratched(120, 150)
    shown = REPAIR.apply(photo, REPAIR.analyse(small, DEFAULT, tools), DEFAULT, GO_ON)
    large = np.repeat(np.repeat(damage, 2, 0), 2, 1)
    assert np.median(shown.pixels[large]) < 180 < np.median(photo.pixels[line(240, 300, 1)])
    assert shown.pixels.shape == photo.pixels.shape


def test_the_pipeline_knows_marks(loader: Loader, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe("mend", "Mend", "", (RecipeEntry("repair", DEFAULT),))
    pipeline, (photo, damage) = Pipeline(loader), scratched()
    nothing = np.zeros(damage.shape, np.uint8)
    outcome = pipeline.run(photo, recipe)
    assert outcome.steps == ("repair",) and outcome.generators[0][0] == "test-repair"
    assert pipeline.analyse(photo, recipe, marks=Marks(nothing, nothing))["repair"] is outcome.analyses["repair"]
    all_sound = Marks(nothing, nothing + 255)
    left = pipeline.run(photo, recipe, marks=all_sound)
    assert left.photo is photo and left.steps == ()
    again = pipeline.analyse(photo, recipe, marks=Marks(nothing.copy(), nothing + 255))
    assert again["repair"] is left.analyses["repair"], "equal marks are the same marks"


def test_progress_never_goes_back_and_names_what_is_done(loader: Loader) -> None:
    said: list[Progress] = []
    photo, damage = scratched(900, 700)
    hole = Marks(square(damage.shape, 300, 300, 150), np.zeros(damage.shape, np.uint8))
    Repair().analyse(photo, DEFAULT, Tools(loader, report=said.append, marks=hole))
    done = [progress.done for progress in said]
    assert done == sorted(done) and done[-1] == pytest.approx(1) and len(done) > 15
    assert {progress.stage for progress in said} == {"Finding damage", "Mending damage", "Drawing wide holes"}


@pytest.mark.parametrize("after", [0, 2, 6, 12])
def test_stopping_is_heard_everywhere(loader: Loader, after: int) -> None:
    token, said = CancelToken(), list[Progress]()

    def report(progress: Progress) -> None:
        said.append(progress)
        if len(said) > after:
            token.cancel()

    begun = time.process_time()
    with pytest.raises(Cancelled):
        Repair().analyse(scratched(900, 700)[0], DEFAULT, Tools(loader, report=report, cancel=token))
    assert len(said) <= after + 2 and time.process_time() - begun < 10
    photo, _ = scratched()
    found = Repair().analyse(photo, DEFAULT, Tools(loader))
    with pytest.raises(Cancelled):
        REPAIR.apply(photo, found, DEFAULT, token)


def test_without_a_generator_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(GeneratorMissing, match="repair"):
        REPAIR.analyse(scratched()[0], DEFAULT, Tools(Loader(ModelLibrary([tmp_path]), Device("cpu"))))


LARGE = """
import resource, sys
from pathlib import Path
import numpy as np
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.progress import CancelToken
from engine.session import Device
from engine.steps.repair import REPAIR, RepairSettings
from engine.steps.step import Tools
pixels = np.full((7000, 7200, 3), 90 * 257, np.uint16)
pixels[2000:2400, 3000:3400] = pixels[::500] = pixels[:, 100::700] = 65535
photo, tools = Photo(pixels), Tools(Loader(ModelLibrary([Path(sys.argv[1])]), Device("cpu", threads=1)))
result = REPAIR.apply(photo, REPAIR.analyse(photo, RepairSettings(), tools), RepairSettings(), CancelToken())
assert result.pixels.max() < 100 * 257
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no resource module")
def test_a_photo_of_50_megapixels_stays_within_two_gigabytes(tmp_path: Path) -> None:
    """16 bit, with scratches everywhere and a hole of 400 pixels; all that the process ever held."""
    write_repairer(tmp_path)
    answer = subprocess.run([sys.executable, "-c", LARGE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert answer.stderr == ""
    assert int(answer.stdout) < 2e9


def test_mended_places_have_the_grain_of_the_photo_or_none(tools: Tools) -> None:
    noise = np.random.default_rng(5).standard_normal((320, 320, 1)) * 8
    photo = Photo(np.clip(120 + noise, 0, 255).astype(np.uint8))
    marks = Marks(square((320, 320), 100, 120, 60), np.zeros((320, 320), np.uint8))
    inside = (slice(105, 155), slice(125, 175))
    grained, smooth, drawn = (
        mended(photo, Tools(tools.generator, marks=marks), sensitivity=0.0, grain=share, wide=wide)[0]
        .pixels[inside]
        .std()
        for share, wide in ((1.0, "smooth"), (0.0, "smooth"), (1.0, "texture"))
    )
    assert smooth < 4 and grained == pytest.approx(8, rel=0.25) and drawn == pytest.approx(8, rel=0.25)


def on_the_face(tools: Tools, treatment: str, marks: Marks | None = None, wish: str = "") -> NDArray[np.bool_]:
    """What of a scratched photo changes where a face is."""
    photo, damage = scratched()
    face = Face((40.0, 20.0, 120.0, 120.0), ((0.0, 0.0),) * 5, 0.9)
    wishes = (FaceWish(0.5, 0.5, wish),) if wish else ()
    knowing = Tools(tools.generator, faces=lambda photo: (face,), marks=marks, face_wishes=wishes)
    result, _ = mended(photo, knowing, faces=treatment)
    within = towards(0.0, regions_of([face], [1.0], 160, 200), 0, 160, 160, 200)
    assert (result.pixels != photo.pixels).any(-1)[damage & (within == 0)].all(), "elsewhere it is mended as ever"
    changed: NDArray[np.bool_] = (result.pixels != photo.pixels).any(-1)[damage & (within == 1)]
    assert changed.size
    return changed


def test_on_a_face_nothing_is_mended_that_was_not_marked_if_that_is_wanted(tools: Tools) -> None:
    assert on_the_face(tools, "full").all()
    assert not on_the_face(tools, "original").any()
    everywhere = Marks(np.full((160, 200), 255, np.uint8), np.zeros((160, 200), np.uint8))
    assert on_the_face(tools, "original", everywhere).mean() > 0.9


def test_nothing_is_drawn_on_a_face_or_from_it(tools: Tools) -> None:
    """Noise everywhere, but a face without any: a hole over its edge is smooth on the face, and lively beside it."""
    face = Face((100.0, 100.0, 120.0, 120.0), ((0.0, 0.0),) * 5, 0.9)
    within = towards(0.0, regions_of([face], [1.0], 320, 320), 0, 320, 320, 320)
    noise = np.random.default_rng(5).standard_normal((320, 320, 1)) * 12 * (within == 0)[..., None]
    photo = Photo(np.clip(120 + noise, 0, 255).astype(np.uint8))
    hole = square((320, 320), 130, 160, 120)
    marks = Marks(hole, np.zeros((320, 320), np.uint8))
    knowing = Tools(tools.generator, faces=lambda photo: (face,), marks=marks)
    result = mended(photo, knowing, sensitivity=0.0, grain=0.0)[0].pixels
    on_face, beside = (result[(hole > 0) & (within == share)].std() for share in (1, 0))
    assert on_face < 4 and beside > 5


def test_what_is_worn_below_a_face_has_its_own_measure(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    photo, damage = scratched()
    face = Face((80.0, -60.0, 40.0, 40.0), ((0.0, 0.0),) * 5, 0.9)
    knowing = Tools(tools.generator, faces=lambda photo: (face,))
    within = towards(0.0, clothes_of([face], [1.0], 160, 200), 0, 160, 160, 200)
    worn, elsewhere = (damage & (within == share) for share in (1, 0))
    assert worn.any() and elsewhere.any()

    def changed() -> NDArray[np.bool_]:
        answer: NDArray[np.bool_] = (mended(photo, knowing, faces="original")[0].pixels != photo.pixels).any(-1)
        return answer

    assert changed()[worn].all(), "what is damage for sure is mended, even where the face itself is left alone"
    monkeypatch.setitem(repair.SURELY_CLOTHES, "original", 2.0)
    now = changed()
    assert not now[worn].any() and now[elsewhere].all()


def test_a_wish_for_one_face_counts_before_the_setting(tools: Tools) -> None:
    assert on_the_face(tools, "original", wish="full").all()
    assert not on_the_face(tools, "full", wish="original").any()
