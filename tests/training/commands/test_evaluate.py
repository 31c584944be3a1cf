"""`evaluate` judges every kind of generator through the engine, prints JSON or a table, and says what cannot be judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.onnx_files import Graph, box_blur, identity, upscale_x2, write_ager, write_colorizer, write_generator
from tests.training.commands.evaluating import run
from tests.training.photographs import folder_of
from training.config import ConfigError


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "photos", 4)


def printed(capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    return dict(json.loads(capsys.readouterr().out))


def rows(out: str) -> dict[str, list[str]]:
    """The table in what was printed: first cell -> the others."""
    lines = out.splitlines()[1:]
    cells = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]
    return {row[0]: row[1:] for row in cells if len(row) > 1} | {"": cells[0]}


def test_a_colouriser_in_json_as_it_is_kept_in_the_file(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = write_colorizer(tmp_path)
    file = tmp_path / "figures.json"
    assert run(tmp_path / f"{card.name}.onnx", photos, "--size", 64, "--hints", 3, "--json", file) == 0
    figures, kept = printed(capsys), json.loads(file.read_text())
    assert (figures, "to_beat" in kept) == (kept["figures"], False)
    assert (figures["photos"], figures["size"], figures["hints"]) == (4, 64, 3)
    assert {"psnr", "psnr_low", "ssim", "delta_e", "delta_e_high", "luma_error", "colourfulness"} <= figures.keys()
    assert [photo["name"] for photo in kept["photos"]] == ["000.png", "001.png", "002.png", "003.png"]


def test_a_table_holds_grey_beside_the_colouriser(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_colorizer(tmp_path)
    file = tmp_path / "figures.json"
    run(tmp_path / "test-colorize.json", photos, "--size", 64, "--table", "--json", file)
    table = rows(capsys.readouterr().out)
    assert table[""] == ["all grey", "test-colorize"]
    assert table["colourfulness"][0].startswith("0.000") and not table["colourfulness"][1].startswith("0.000")
    kept = json.loads(file.read_text())
    assert table["psnr"][0].startswith(f"{kept['to_beat']['all grey']['psnr']:.2f} (")
    assert table["psnr"][1].startswith(f"{kept['figures']['psnr']:.2f} (")


def test_grey_is_judged_by_its_word(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("grey", photos, "--size", 64) == 0
    assert printed(capsys)["colourfulness"] == pytest.approx(0, abs=1e-3)


def test_a_cleaner_is_judged_on_noise_with_its_baselines(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A blur of 5 pixels takes more noise out of soft pictures than it harms them."""
    pytest.importorskip("cv2")
    write_generator(tmp_path, box_blur(2), "blur", kind="clean")
    assert run(tmp_path / "blur.onnx", photos, "--table", "--sheet", tmp_path / "sheet.png") == 0
    table = rows(capsys.readouterr().out)
    assert table[""] == ["noisy input", "non-local means", "blur"]
    noisy, _, blurred = (float(cell.split()[0]) for cell in table["ssim"])
    assert blurred > noisy
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (3 * 3 * 192, 2 * 192)


def test_an_upscaler_is_judged_at_its_cards_scale(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_generator(tmp_path, upscale_x2(), "twice", kind="upscale", scale=2)
    assert run(tmp_path / "twice.onnx", photos, "--limit", 2) == 0
    figures = printed(capsys)
    assert (figures["photos"], figures["scale"], figures["size"]) == (2, 2, 0)
    run(tmp_path / "twice.onnx", photos, "--table")
    table = rows(capsys.readouterr().out)
    assert table[""] == ["bicubic", "twice"]
    assert float(table["psnr"][0].split()[0]) > float(table["psnr"][1].split()[0]), (
        "pixels twice are worse than bicubic"
    )


def test_a_repairer_is_judged_on_the_frozen_ageing(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that changes nothing gets the figures of the aged photos themselves; more ageing, worse ones."""
    pytest.importorskip("cv2")
    write_generator(tmp_path, identity(with_guide=False), "same", kind="clean")
    for task in ("restore", "repair"):
        run(tmp_path / "same.onnx", photos, "--table", "--task", task)
        out = capsys.readouterr().out
        assert out.startswith(f"{task}: 4 photos of ")
        table = rows(out)
        assert table[""] == [
            "aged input", "Telea, true mask", "Navier-Stokes, true mask", "non-local means", "same",
        ]  # fmt: skip
        assert table["psnr"][0] == table["psnr"][4] and table["ssim"][0] == table["ssim"][4]
    figures = []
    for strength in ("1", "0.5"):
        run(tmp_path / "same.onnx", photos, "--task", "restore", "--strength", strength)
        figures.append(printed(capsys))
    assert [each["strength"] for each in figures] == [1, 0.5]
    assert figures[0]["psnr"] < figures[1]["psnr"]


def test_a_pair_is_judged_there_and_back(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_colorizer(tmp_path)
    write_ager(tmp_path)
    words = ("--cycle", tmp_path / "test-age.onnx", tmp_path / "test-colorize.onnx", photos, "--size", 64)
    assert run(*words) == 0
    figures = printed(capsys)
    assert figures["cycle_error"] > 0.02 and figures["colour_photos"] == 4
    run(*words, "--table")
    assert rows(capsys.readouterr().out)[""] == ["its own grey", "test-colorize"]


def test_features_add_their_distances(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = folder_of(tmp_path / "photos", 10)
    graph = Graph()
    graph.output("features", graph.op("GlobalAveragePool", graph.input("image", (1, 3, 32, 32))), (1, 3, 1, 1))
    (tmp_path / "means.onnx").write_bytes(graph.model().SerializeToString())
    write_colorizer(tmp_path)
    run(tmp_path / "test-colorize.onnx", photos, "--size", 64, "--features", tmp_path / "means.onnx", "--table")
    table = rows(capsys.readouterr().out)
    assert table["kid"][0].startswith("1.000") and not table["kid"][1].startswith("1.000")
    assert {"frechet", "frechet_raw"} <= table.keys()


def test_what_cannot_be_judged_is_said_in_a_sentence(photos: Path, tmp_path: Path) -> None:
    write_ager(tmp_path)
    write_generator(tmp_path, identity(with_guide=False), "same", kind="clean")
    fade, same = tmp_path / "test-age.onnx", tmp_path / "same.onnx"
    (tmp_path / "none").mkdir()
    for words, sentence in (
        (("grey", tmp_path / "none"), "no photos in"),
        ((fade, photos), "a generator of kind age has no task of its own"),
        (("grey", photos, "--task", "denoise"), "`grey` is an answer to colorize, not to denoise"),
        (("grey", photos, "--cycle", fade), "`grey` is an answer to colorize, not to cycle"),
        ((same, photos, "--hints", "2"), "hints are for colorize, not for denoise"),
        ((same, photos, "--cycle", fade, "--task", "denoise"), "--cycle is judged by itself"),
        (("grey", photos, "--lpips", same), "name AlexNet or VGG16 with --features"),
        ((same, photos, "--task", "upscale"), "it answers with as many pixels as it gets, so it cannot be judged"),
    ):
        with pytest.raises(ConfigError, match=sentence):
            run(*words)
