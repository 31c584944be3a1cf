"""Every result has a place of its own before the first photo is read, and that place is never an original's."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import codecs
from engine.errors import SettingInvalid
from engine.originals import place_key
from engine.photo import Metadata
from engine.plan import JobSpec, check_template, plan
from engine.provenance import add_provenance
from tests.engine import photos


def photo(path: Path) -> Path:
    return photos.save(photos.grey(8, 8), path)


def result(path: Path, recipe: str) -> Path:
    """A photo as Autochrome writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    generators = [] if recipe == "tone alone" else [("test", "0" * 64)]
    made = replace(photos.grey(9, 9), metadata=add_provenance(Metadata(), recipe, generators))
    path.write_bytes(codecs.encode(made, codecs.SUFFIXES[path.suffix], 90, path))
    return path


def targets(jobs: list[JobSpec], root: Path) -> list[str]:
    return [job.target.relative_to(root).as_posix() for job in jobs]


def test_without_output_results_lie_in_a_folder_beside_each_photo(tmp_path: Path) -> None:
    jobs = plan([photo(tmp_path / "a" / "x.jpg"), photo(tmp_path / "b" / "y.png")])
    assert targets(jobs, tmp_path) == ["a/restored/x-restored.jpg", "b/restored/y-restored.png"]
    assert [job.format for job in jobs] == ["jpeg", "png"] and not any(job.problem or job.skip for job in jobs)


def test_a_folder_gives_its_photos_in_the_order_people_expect(tmp_path: Path) -> None:
    for name in ("scan10.png", "scan2.PNG", "Scan1.png", "notes.txt", ".hidden.png", "scan3.png.autochrome.json"):
        photo(tmp_path / "in" / name) if name.lower().endswith(".png") else (tmp_path / "in" / name).touch()
    jobs = plan([tmp_path / "in"], tmp_path / "out")
    assert targets(jobs, tmp_path) == [
        "out/Scan1-restored.png",
        "out/scan2-restored.PNG",
        "out/scan10-restored.png",
    ]


def test_what_belongs_to_a_photo_is_left_out_where_all_files_of_a_folder_are_named(tmp_path: Path) -> None:
    """As a shell makes of `album/*`; named without its photo such a file is looked at, and refused with a sentence."""
    scan, sidecar = photo(tmp_path / "scan.png"), tmp_path / "scan.png.autochrome.json"
    mask = photo(tmp_path / "scan.png.autochrome-mask.png")
    sidecar.write_text("{}")
    assert targets(plan([scan, mask, sidecar], tmp_path / "out"), tmp_path) == ["out/scan-restored.png"]
    assert [job.source for job in plan([sidecar], tmp_path / "out")] == [sidecar]


def test_folders_in_folders_are_taken_only_when_asked_and_keep_their_places(tmp_path: Path) -> None:
    photo(tmp_path / "in" / "a.jpg")
    photo(tmp_path / "in" / "deep" / "er" / "a.jpg")
    assert len(plan([tmp_path / "in"], tmp_path / "out")) == 1
    jobs = plan([tmp_path / "in"], tmp_path / "out", recursive=True)
    assert targets(jobs, tmp_path) == ["out/a-restored.jpg", "out/deep/er/a-restored.jpg"]


def test_results_of_earlier_runs_are_no_photos_to_restore(tmp_path: Path) -> None:
    """In restored/, in the output folder, and beside the photo they were made from."""
    photo(tmp_path / "a.jpg")
    result(tmp_path / "restored" / "a-restored.jpg", "colorize")
    photo(tmp_path / "out" / "a-restored.jpg")
    assert [job.source.name for job in plan([tmp_path], recursive=True)] == ["a.jpg", "a-restored.jpg"]
    assert [job.source.name for job in plan([tmp_path], tmp_path / "out", recursive=True)] == ["a.jpg"]
    for number, suffix in enumerate(("jpg", "png", "webp", "tif")):
        result(tmp_path / f"anything-{number}.{suffix}", "colorize")
    result(tmp_path / "a-restored.jpg", "tone alone")
    (tmp_path / "a-restored-2.jpg").write_bytes((tmp_path / "a.jpg").read_bytes())
    told: list[JobSpec] = []
    assert [job.source.name for job in plan([tmp_path], tmp_path, on_left_out=told.append)] == ["a.jpg"]
    assert len(told) == 6 and {job.left_out for job in told} == {"it is a result of Autochrome"}
    assert all(job.skip for job in told)
    named = plan([tmp_path / "a.jpg", tmp_path / "a-restored.jpg"], tmp_path)
    assert len(named) == 2, "who names a photo gets it restored"


def test_a_name_alone_makes_no_photo_a_result(tmp_path: Path) -> None:
    """scan-2.jpg is the second scan, also where a second result of scan.jpg would have that name."""
    for number, name in enumerate(("g", "scan", "scan-2", "scan-restored")):
        photos.save(photos.grey(8, 8 + number), tmp_path / f"{name}.jpg")
    for template in ("{stem}", "{stem}-restored"):
        found = plan([tmp_path], tmp_path, name_template=template)
        assert {job.source.stem for job in found} == {"g", "scan", "scan-2", "scan-restored"}


def test_photos_of_one_name_get_results_of_different_names(tmp_path: Path) -> None:
    sources = [photo(tmp_path / name) for name in ("x/a.png", "x/a.jpg", "y/a.jpg", "x/A.jpg")]
    jobs = plan(sources, tmp_path / "out", format="png")
    assert targets(jobs, tmp_path) == [
        "out/a-restored.png",
        "out/a-restored-2.png",
        "out/a-restored-3.png",
        "out/A-restored-4.png",
    ]


def test_one_photo_named_twice_is_restored_once(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    link = tmp_path / "link.jpg"
    link.symlink_to(source)
    assert len(plan([source, tmp_path, tmp_path / "." / "a.jpg", link], tmp_path / "out")) == 1


def test_the_content_decides_the_format_not_the_name(tmp_path: Path) -> None:
    disguised = photo(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    jobs = plan([disguised, photo(tmp_path / "b.jpeg")], tmp_path / "out")
    assert targets(jobs, tmp_path) == ["out/a-restored.png", "out/b-restored.jpeg"]
    assert targets(plan([disguised], tmp_path / "out", format="webp"), tmp_path) == ["out/a-restored.webp"]


def test_rename_goes_round_what_is_there(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a-restored.jpg").touch()
    (tmp_path / "out" / "a-restored-2.jpg").symlink_to("nowhere")
    assert targets(plan([source], tmp_path / "out"), tmp_path) == ["out/a-restored-3.jpg"]


def test_skip_and_overwrite(tmp_path: Path) -> None:
    sources = [photo(tmp_path / "a.jpg"), photo(tmp_path / "b.jpg")]
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a-restored.jpg").touch()
    assert [job.skip for job in plan(sources, tmp_path / "out", on_conflict="skip")] == [True, False]
    jobs = plan(sources, tmp_path / "out", on_conflict="overwrite")
    assert targets(jobs, tmp_path) == ["out/a-restored.jpg", "out/b-restored.jpg"] and not any(j.problem for j in jobs)


@pytest.mark.parametrize("on_conflict", ["rename", "skip", "overwrite"])
@pytest.mark.parametrize(
    "how", ["itself", "another input", "symbolic link", "hard link", "linked folder", "letter case"]
)
def test_an_original_is_never_a_target(tmp_path: Path, how: str, on_conflict: str) -> None:
    source = photo(tmp_path / "in" / "a.png")
    inputs, output, template = [source], tmp_path / "in", "{stem}"
    if how == "another input":
        inputs, template = [source, photo(tmp_path / "in" / "a-restored.png")], "{stem}-restored"
    if how in ("symbolic link", "hard link"):
        output = tmp_path / "out"
        output.mkdir()
        (output / "a.png").symlink_to(source) if how == "symbolic link" else os.link(source, output / "a.png")
    if how == "linked folder":
        output = tmp_path / "out"
        output.symlink_to(tmp_path / "in", target_is_directory=True)
    if how == "letter case":
        inputs = [source.rename(tmp_path / "in" / "A.png")]
        template = "a"
    jobs = plan(inputs, output, name_template=template, on_conflict=on_conflict)
    assert len(jobs) == len(inputs)
    identities = {(path.stat().st_dev, path.stat().st_ino) for path in inputs}
    keys = {place_key(Path(os.path.realpath(path))) for path in inputs}
    for job in jobs:
        if job.problem is not None:
            assert job.problem.code == "original-in-danger" and on_conflict != "rename"
        elif not job.skip:
            assert place_key(job.target) not in keys
            assert not job.target.exists() or (job.target.stat().st_dev, job.target.stat().st_ino) not in identities
    assert any(job.problem or job.skip for job in jobs) or on_conflict != "overwrite"


def test_inputs_without_a_photo_become_problems_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    inputs = [tmp_path / "missing.jpg", tmp_path / "empty", tmp_path / "pipe.jpg", photo(tmp_path / "a.jpg")]
    jobs = plan(inputs)
    assert [None if job.problem is None else job.problem.code for job in jobs] == [
        "photo-missing",
        "photo-unreadable",
        "photo-unreadable",
        None,
    ]


def test_the_fields_of_a_name(tmp_path: Path) -> None:
    sources = [photo(tmp_path / "album" / f"{name}.jpg") for name in "ab"]
    jobs = plan(
        sources,
        tmp_path / "out",
        name_template="{folder} {n:03} {stem} {recipe} {date}",
        recipe_of=lambda source: f"my/{source.stem}",
        today=date(1907, 6, 10),
    )
    assert targets(jobs, tmp_path) == ["out/album 001 a my-a 1907-06-10.jpg", "out/album 002 b my-b 1907-06-10.jpg"]


def test_braces_in_a_photos_own_name_are_no_fields(tmp_path: Path) -> None:
    assert targets(plan([photo(tmp_path / "{n} {x.y}.jpg")], tmp_path / "out"), tmp_path) == [
        "out/{n} {x.y}-restored.jpg"
    ]


def test_a_name_that_is_too_long_is_cut_and_stays_unique(tmp_path: Path) -> None:
    sources = [photo(tmp_path / f"{'ä' * 110}{i}.jpg") for i in range(3)]
    jobs = plan(sources, tmp_path / "out", name_template="{stem}-{stem}")
    assert len({place_key(job.target) for job in jobs}) == 3
    assert max(len(os.fsencode(job.target.name)) for job in jobs) < 220


@pytest.mark.parametrize(
    "template",
    [
        *(
            "",
            " ",
            ".",
            "a/b",
            "a\\b",
            "{stem",
            "}",
            "{size}",
            "{}",
            "{0}",
            "{stem.__class__}",
            "{stem[0]}",
            "{stem!r}",
        ),
        *("{stem:>9}", "{n:x}", "{n:999999999}", "a:b", "a\nb", "what?", "../{stem}"),
    ],
)
def test_a_template_that_cannot_work_is_refused_before_anything_starts(template: str) -> None:
    with pytest.raises(SettingInvalid):
        check_template(template)


@pytest.mark.parametrize("wrong", [{"format": "gif"}, {"on_conflict": "ask"}, {"name_template": "{x}"}])
def test_other_wrong_words_are_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid):
        plan([tmp_path], **wrong)  # type: ignore[arg-type]


def test_an_output_that_is_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="output"):
        plan([photo(tmp_path / "a.jpg")], tmp_path / "a.jpg")


NAMES = st.text(st.sampled_from("aAbBäÄéß-2 " + "é"), min_size=1, max_size=3).map(str.strip).filter(bool)
TEMPLATES = st.lists(st.sampled_from(["{stem}", "{n}", "{folder}", "x", "-2"]), min_size=1, max_size=3).map("".join)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system where a and A are two files")
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(st.tuples(NAMES, st.sampled_from([".png", ".PNG", ".jpg"])), min_size=1, max_size=6, unique=True),
    there=st.lists(NAMES, max_size=4),
    template=TEMPLATES,
    beside=st.booleans(),
    on_conflict=st.sampled_from(["rename", "skip", "overwrite"]),
)
def test_no_two_results_meet_on_any_file_system(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[tuple[str, str]],
    there: list[str],
    template: str,
    beside: bool,
    on_conflict: str,
) -> None:
    root = tmp_path_factory.mktemp("plan")
    sources = [photo(root / "in" / f"{stem}{suffix}") for stem, suffix in names]
    output = root / ("in" if beside else "out")
    output.mkdir(exist_ok=True)
    for name in there:
        (output / f"{name}.png").touch()
    jobs = plan(sources, output, name_template=template, on_conflict=on_conflict)
    assert len(jobs) == len(sources)
    written = [place_key(job.target) for job in jobs if job.problem is None and not job.skip]
    assert len(set(written)) == len(written)
    assert not set(written) & {place_key(source) for source in sources}
    if on_conflict == "rename":
        assert len(written) == len(sources) and not any(os.path.lexists(job.target) for job in jobs)
