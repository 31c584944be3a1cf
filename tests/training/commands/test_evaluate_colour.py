"""The words of `evaluate` for colourisers: each adds its figures and changes no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.onnx_files import identity, write_colorizer, write_generator
from tests.training.commands.test_evaluate import printed, rows, run
from tests.training.photographs import folder_of
from training.config import ConfigError


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "photos", 4)


@pytest.fixture
def colorizer(tmp_path: Path) -> Path:
    write_colorizer(tmp_path)
    return tmp_path / "test-colorize.onnx"


PLAIN = (
    "photos",
    "size",
    "hints",
    "psnr",
    "psnr_low",
    "ssim",
    "delta_e",
    "delta_e_high",
    "luma_error",
    "colourfulness",
)


def test_what_is_asked_besides_is_added_and_changes_nothing_else(
    photos: Path, colorizer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(colorizer, photos, "--size", 64, "--hints", 3)
    plain = printed(capsys)
    assert set(PLAIN) <= plain.keys()
    boxes = tmp_path / "boxes.json"
    boxes.write_text(json.dumps({f"{index:03}.png": [[10, 10, 40, 40]] for index in range(4)}))
    words = ("--reach", "--flood", "--certainty", "--faces", boxes, "--saturations", 0.5, 1)
    run(colorizer, photos, "--size", 64, "--hints", 3, *words, "--json", tmp_path / "figures.json")
    figures = printed(capsys)
    curve = figures.pop("saturations")
    assert {name: figures[name] for name in plain} == plain
    added = {"reach", "at_hint", "stray", "flood_psnr", "flood_delta_e", "certainty", "certainty_by_chroma_low"}
    assert added | {"faces", "faces_dark", "faces_spread_high"} <= figures.keys()
    assert figures["certainty"] == 0, "its map is the same everywhere"
    assert [point["psnr"] for point in curve][1] == plain["psnr"]  # type: ignore[attr-defined]
    kept = json.loads((tmp_path / "figures.json").read_text())
    assert (kept["figures"], kept["saturations"]) == (figures, curve)


def test_a_table_has_the_flood_and_the_raw_answer_beside_the_app(
    photos: Path, colorizer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--hints", 3, "--flood", "--through-app", "--saturations", 1, 0, "--table", "--json", tmp_path / "a.json")
    run(colorizer, photos, *words)
    out, *curve = capsys.readouterr().out.split("\n\n")
    table = rows(out)
    assert table[""] == ["all grey", "flood of the hints", "enlarged alone", "test-colorize, through the app"]
    kept = json.loads((tmp_path / "a.json").read_text())
    assert kept["figures"]["size"] == 64, "the card's own working size"
    assert kept["figures"]["through_app"] == 1
    assert table["psnr"][1].startswith(f"{kept['figures']['flood_psnr']:.2f} (")
    lines = curve[-1].splitlines()
    assert lines[0].split() == ["saturation", "psnr", "delta_e", "colourfulness"]
    assert [line.split()[0] for line in lines[2:]] == ["0", "1"]


def test_the_raw_answer_of_the_table_is_what_is_judged_without_the_app(
    photos: Path, colorizer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(colorizer, photos, "--size", 64)
    plain = printed(capsys)
    run(colorizer, photos, "--through-app", "--table", "--json", tmp_path / "a.json")
    raw = json.loads((tmp_path / "a.json").read_text())["to_beat"]["enlarged alone"]
    assert {name: plain[name] for name in raw} == raw


def test_orthochromatic_luma_is_said_in_the_figures(
    photos: Path, capsys: pytest.CaptureFixture[str], colorizer: Path
) -> None:
    run(colorizer, photos, "--size", 64, "--luma", "ortho")
    ortho = printed(capsys)
    run(colorizer, photos, "--size", 64)
    plain = printed(capsys)
    assert ortho["ortho"] == 1 and "ortho" not in plain
    assert ortho["psnr"] != plain["psnr"]


def test_what_does_not_fit_is_said_in_a_sentence(photos: Path, colorizer: Path, tmp_path: Path) -> None:
    write_generator(tmp_path, identity(with_guide=False), "same", kind="clean")
    write_generator(tmp_path, identity(), "sure-of-nothing", kind="colorize")
    write_generator(tmp_path, identity(with_guide=False), "deaf", kind="colorize")
    deaf = tmp_path / "deaf.onnx"
    same, silent = tmp_path / "same.onnx", tmp_path / "sure-of-nothing.onnx"
    for words, sentence in (
        ((same, photos, "--luma", "ortho"), "--luma is for colorize, not for denoise"),
        ((same, photos, "--certainty"), "--certainty is for colorize, not for denoise"),
        ((same, photos, "--saturations", 1), "--saturations is for colorize"),
        ((same, photos, "--faces", tmp_path / "b.json"), "--faces is for colorize"),
        ((colorizer, photos, "--flood"), "say how many with --hints"),
        ((colorizer, photos, "--saturations", -1), "a saturation below 0"),
        ((colorizer, photos, "--faces", tmp_path / "none.json"), "face boxes .* cannot be read"),
        (("grey", photos, "--through-app"), "`grey` neither goes through the app"),
        (("grey", photos, "--certainty"), "`grey` neither goes through the app"),
        ((silent, photos, "--certainty"), "does not say how sure it is"),
        ((deaf, photos, "--hints", 5), "“Test generator” takes no hints"),
        ((deaf, photos, "--hints", 5, "--through-app"), "takes no hints: judge it without --hints and --reach"),
        ((deaf, photos, "--reach"), "takes no hints"),
    ):
        with pytest.raises(ConfigError, match=sentence):
            run(*words)
