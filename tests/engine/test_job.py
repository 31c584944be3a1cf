"""One photo becomes one file, whole or not at all, and what went wrong is a result."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import codecs
from engine.codecs import exif
from engine.errors import PhotoMissing
from engine.job import Job, PhotoResult
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.marks import Marks
from engine.pipeline import Pipeline
from engine.plan import JobSpec, plan
from engine.progress import CancelToken, Progress
from engine.recipe import Recipe, RecipeEntry, load
from engine.session import Device
from engine.steps import STEPS
from tests.engine import icc_files, photos
from tests.engine.codecs.samples import TITLE, exif_block, said, second_directory
from tests.engine.repair_files import write_repairer
from tests.onnx_files import enlarger, write_colorizer, write_generator

RECIPE = load("colorize").with_setting("colorize.working_size", 160)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    folder = tmp_path_factory.mktemp("models")
    write_colorizer(folder)
    return Pipeline(Loader(ModelLibrary([folder]), Device("cpu", threads=1)))


def spec_of(source: Path, **changes: object) -> JobSpec:
    return replace(plan([source])[0], **changes)  # type: ignore[arg-type]


def everything_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_photo_is_restored_beside_its_original(pipeline: Pipeline, tmp_path: Path) -> None:
    source = photos.save(photos.grey(), tmp_path / "a.jpg", dpi=(300, 300))
    before = source.read_bytes()
    said: list[Progress] = []
    result = Job(spec_of(source), RECIPE).run(pipeline, said.append)
    assert result.status == "done" and result.output == tmp_path / "restored" / "a-restored.jpg"
    assert source.read_bytes() == before
    written = codecs.read(result.output)
    assert written.pixels.shape == (120, 160, 3) and written.metadata.format == "jpeg"
    assert result.steps == ("colorize",) and result.provider == "CPUExecutionProvider" and result.seconds > 0
    assert len(result.generators) == 1 and len(result.generators[0][1]) == 64
    assert "dpi" in result.kept_metadata and everything_in(tmp_path) == ["a.jpg", "restored/a-restored.jpg"]
    done = [progress.done for progress in said]
    assert done == sorted(done) and done[0] == 0 and done[-1] == 1


def test_marks_say_what_is_mended(tmp_path: Path) -> None:
    write_repairer(tmp_path / "models")
    mending = Pipeline(Loader(ModelLibrary([tmp_path / "models"]), Device("cpu", threads=1)))
    photo = photos.grey()
    source = photos.save(photo, tmp_path / "a.png")
    damaged = np.zeros((120, 160), np.uint8)
    damaged[78:92, 26:40] = 255  # in the dark square, and beyond its edge
    recipe = Recipe("mend", "Mend", "", (RecipeEntry("repair", STEPS["repair"].settings()),))
    result = Job(spec_of(source), recipe, marks=Marks(damaged, np.zeros_like(damaged))).run(mending)
    assert result.status == "done" and result.steps == ("repair",) and result.output is not None
    written = codecs.read(result.output).pixels
    changed = (written != photo.pixels)[..., 0]
    assert changed[78:92, 26:40].mean() > 0.5 and not changed[:74].any() and not changed[96:].any()
    assert written.shape == photo.pixels.shape, "and grey stays grey"


def test_the_result_says_that_a_trained_algorithm_had_a_part(pipeline: Pipeline, tmp_path: Path) -> None:
    source = photos.save(photos.grey(), tmp_path / "a.png")
    xmp = codecs.read(Job(spec_of(source), RECIPE).run(pipeline).output or source).metadata.xmp or b""
    assert b"compositeWithTrainedAlgorithmicMedia" in xmp and b"colorize" in xmp and b"test-colorize" in xmp
    without = Job(spec_of(source), RECIPE, provenance=False).run(pipeline).output
    assert codecs.read(without or source).metadata.xmp is None


def test_what_no_generator_touched_claims_nothing(pipeline: Pipeline, tmp_path: Path) -> None:
    result = Job(spec_of(photos.save(photos.coloured(), tmp_path / "a.png")), RECIPE).run(pipeline)
    assert result.status == "done" and result.generators == ()
    xmp = codecs.read(result.output or tmp_path).metadata.xmp or b""
    assert b"DigitalSourceType" not in xmp and b"sha256" not in xmp


def test_a_problem_of_the_plan_is_the_result(pipeline: Pipeline, tmp_path: Path) -> None:
    result = Job(plan([tmp_path / "gone.jpg"])[0], RECIPE).run(pipeline)
    assert result.status == "failed" and isinstance(result.error, PhotoMissing)


def test_a_photo_that_went_away_after_planning_fails_alone(pipeline: Pipeline, tmp_path: Path) -> None:
    spec = spec_of(photos.save(photos.grey(), tmp_path / "a.jpg"))
    spec.source.unlink()
    assert Job(spec, RECIPE).run(pipeline).error.code == "photo-missing"  # type: ignore[union-attr]


def test_skip_leaves_what_is_there(pipeline: Pipeline, tmp_path: Path) -> None:
    spec = spec_of(photos.save(photos.grey(), tmp_path / "a.jpg"), on_conflict="skip")
    assert Job(replace(spec, skip=True), RECIPE).run(pipeline).status == "skipped"
    spec.target.parent.mkdir()
    spec.target.write_text("came after planning")
    result = Job(spec, RECIPE).run(pipeline)
    assert result.status == "skipped" and result.notes and spec.target.read_text() == "came after planning"


def test_rename_goes_round_a_file_that_came_after_planning(pipeline: Pipeline, tmp_path: Path) -> None:
    spec = spec_of(photos.save(photos.grey(), tmp_path / "a.jpg"))
    spec.target.parent.mkdir()
    spec.target.write_text("came after planning")
    result = Job(spec, RECIPE).run(pipeline)
    assert result.output == spec.target.with_name("a-restored-2.jpg")
    assert spec.target.read_text() == "came after planning"


def test_overwrite_replaces_a_result_but_never_an_original(pipeline: Pipeline, tmp_path: Path) -> None:
    source = photos.save(photos.grey(), tmp_path / "a.jpg")
    before = source.read_bytes()
    spec = spec_of(source, on_conflict="overwrite")
    spec.target.parent.mkdir()
    spec.target.write_text("old result")
    assert Job(spec, RECIPE).run(pipeline).output == spec.target
    spec.target.unlink()
    os.link(source, spec.target)
    result = Job(spec, RECIPE).run(pipeline)
    assert result.error is not None and result.error.code == "original-in-danger"
    assert source.read_bytes() == before and os.path.samefile(source, spec.target)


def test_a_format_that_cannot_hold_the_photo_is_one_sentence(pipeline: Pipeline, tmp_path: Path) -> None:
    pixels = np.zeros((2, 17_000, 1), np.uint8)
    spec = spec_of(photos.save(photos.Photo(pixels), tmp_path / "strip.png"), format="webp")
    result = Job(spec, RECIPE).run(pipeline)
    assert (
        result.error is not None
        and result.error.code == "format-cannot-hold"
        and everything_in(tmp_path) == ["strip.png"]
    )


@pytest.mark.parametrize("where", ["restored", "restored/deep"])
def test_a_file_where_the_folder_should_be_is_one_sentence(pipeline: Pipeline, tmp_path: Path, where: str) -> None:
    spec = spec_of(photos.save(photos.grey(), tmp_path / "a.jpg"), target=tmp_path / where / "a.jpg")
    (tmp_path / "restored").write_text("a file")
    result = Job(spec, RECIPE).run(pipeline)
    assert result.error is not None and result.error.code == "output-unwritable"


@pytest.mark.parametrize("stage", ["Reading", "Finding colours", "Colour", "Saving"])
def test_stopping_at_any_stage_leaves_no_file(pipeline: Pipeline, tmp_path: Path, stage: str) -> None:
    token = CancelToken()
    # A size of its own for each stage, or the cache would spare the generator and its stage.
    size = 160 + len(stage)
    source = photos.save(photos.grey(size, size), tmp_path / "a.jpg")

    def stop(progress: Progress) -> None:
        if progress.stage == stage:
            token.cancel()

    result = Job(spec_of(source), RECIPE).run(pipeline, stop, token)
    assert token.cancelled and result.status == "cancelled" and result.error is None
    assert everything_in(tmp_path) == ["a.jpg"]


def test_what_nobody_foresaw_is_logged_and_told_as_unexpected(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Pipeline):
        def run(self, *arguments: object, **named: object) -> None:  # type: ignore[override]
            raise KeyError("a bug of ours")

    result = Job(spec_of(photos.save(photos.grey(), tmp_path / "a.jpg")), RECIPE).run(Broken(None))  # type: ignore[arg-type]
    assert result.status == "failed" and "a.jpg" in str(result.error) and "a bug of ours" not in str(result.error)
    assert "a bug of ours" in caplog.text


def test_no_memory_is_one_sentence(tmp_path: Path) -> None:
    class Hungry(Pipeline):
        def run(self, *arguments: object, **named: object) -> None:  # type: ignore[override]
            raise MemoryError

    result = Job(spec_of(photos.save(photos.grey(), tmp_path / "a.jpg")), RECIPE).run(Hungry(None))  # type: ignore[arg-type]
    assert result.error is not None and result.error.code == "out-of-memory"


def test_a_result_as_a_report_entry(tmp_path: Path) -> None:
    failed = PhotoResult("failed", tmp_path / "a.jpg", error=PhotoMissing(tmp_path / "a.jpg"), seconds=1.23456)
    entry = failed.as_dict()
    assert entry["status"] == "failed" and entry["output"] is None and entry["seconds"] == 1.235
    assert "a.jpg" in entry["error"] and entry["error_code"] == "photo-missing"


@pytest.mark.parametrize("make", [photos.coloured, photos.grey])
def test_a_photo_that_no_step_changed_keeps_its_bytes(pipeline: Pipeline, tmp_path: Path, make) -> None:
    recipe = RECIPE if make is photos.coloured else RECIPE.with_setting("colorize.strength", 0.0)
    source = photos.save(make(), tmp_path / "a.jpg", dpi=(300, 300), comment=b"Oma, 1934")
    result = Job(spec_of(source), recipe).run(pipeline)
    assert result.status == "done" and result.output is not None and result.notes[-1] == "left as it was"
    assert result.output.read_bytes() == source.read_bytes() and result.kept_metadata == ("dpi",)
    other = Job(spec_of(source, format="png", target=tmp_path / "a.png"), recipe).run(pipeline)
    assert codecs.sniff(other.output or source) == "png" and "left as it was" not in other.notes


def test_what_is_said_to_be_kept_is_in_the_file(pipeline: Pipeline, tmp_path: Path) -> None:
    """WebP has no place for grey profiles."""
    source = photos.save(photos.grey(), tmp_path / "a.png", icc_profile=icc_files.grey(1.8), dpi=(300, 300))
    recipe = RECIPE.with_setting("colorize.strength", 0.0)
    for format, kept in (
        ("webp", ("dpi",)),
        ("tiff", ("icc", "dpi")),
        ("jpeg", ("icc", "dpi")),
        ("same", ("icc", "dpi")),
    ):
        result = Job(plan([source], name_template=format, format=format)[0], recipe).run(pipeline)
        assert result.kept_metadata == kept, format
        assert result.output is not None
        assert (codecs.read(result.output).metadata.icc is not None) == ("icc" in kept)


def test_a_single_photo_has_a_time_left(pipeline: Pipeline, tmp_path: Path) -> None:
    said: list[Progress] = []
    Job(spec_of(photos.save(photos.grey(200, 170), tmp_path / "a.jpg")), RECIPE).run(pipeline, said.append)
    assert [progress.seconds_left is not None for progress in said] == [progress.done > 0.1 for progress in said]
    assert said[-1].seconds_left == 0
    assert [progress.stage for progress in said].count("Done") == 1


def test_pixels_that_nothing_changed_come_out_as_they_went_in(pipeline: Pipeline, tmp_path: Path) -> None:
    source = photos.save(photos.coloured(), tmp_path / "a.png")
    result = Job(spec_of(source), RECIPE).run(pipeline)
    np.testing.assert_array_equal(np.asarray(Image.open(result.output or source)), photos.coloured().pixels)


@pytest.mark.parametrize("format", ["jpeg", "png", "webp", "tiff"])
def test_an_enlarged_photo_is_true_in_all_it_says_of_itself(tmp_path: Path, format: str) -> None:
    """Size tags and dots an inch wherever they stand, no old thumbnail, and the generator of the factor in the XMP."""
    models = tmp_path / "models"
    for scale in (2, 4):
        write_generator(models, enlarger(scale), f"larger-{scale}", kind="upscale", scale=scale)
    block = exif.with_dpi(exif_block(thumbnail=True), (200, 200))
    source = photos.save(photos.coloured(), tmp_path / "a.jpg", dpi=(200, 200), exif=b"Exif\0\0" + block)
    recipe = Recipe("larger", "", "", (RecipeEntry("upscale", STEPS["upscale"].settings()),))
    pipeline = Pipeline(Loader(ModelLibrary([models]), Device("cpu", threads=1)))
    result = Job(plan([source], name_template="b", format=format)[0], recipe).run(pipeline)
    assert result.output is not None and [name for name, _ in result.generators] == ["larger-2"]
    written = codecs.read(result.output)
    assert (written.width, written.height) == (320, 240)
    assert written.metadata.dpi == pytest.approx((400, 400), rel=0.01)
    assert written.metadata.xmp is not None and b"larger-2 sha256:" in written.metadata.xmp
    said_of_it = said(written.metadata.exif)
    assert said_of_it["title"] == TITLE
    if format != "tiff":  # there the file's own tags say it
        assert said_of_it["size"] == (320, 240) and exif.dpi_of(written.metadata.exif) == (400, 400)
    assert second_directory(written.metadata.exif or b"") == 0
