"""`compare` shows what runs reached and where they differ; a run without a log has a row that says so."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

import pytest
from PIL import Image

from training import config
from training.commands import compare
from training.config import ConfigError, Losses, RunConfig


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    compare.add(parser.add_subparsers())
    options = parser.parse_args(["compare", *map(str, words)])
    return int(options.command(options))


def run_of(
    folder: Path, settings: RunConfig, psnr: tuple[float, ...], colour: tuple[int, int, int] = (9, 9, 9)
) -> Path:
    """A run's folder with a line and a sheet of samples for each psnr."""
    (folder / "samples").mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config.to_table(settings)))
    lines = [
        {
            "step": 1000 * i,
            "elapsed_s": 90 * i,
            "photos": 32_000 * i,
            "pixel": 0.1 / i,
            "psnr": value,
            "colourfulness": 0.5 + i / 5,
        }
        for i, value in enumerate(psnr, 1)
    ]
    if lines:
        (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        Image.new("RGB", (96, 64), colour).save(folder / "samples" / f"{1000 * len(lines):07}.png")
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> list[Path]:
    plain = RunConfig(name="plain", title="Plain", batch=32)
    other = dataclasses.replace(plain, name="hinge", title="Hinge", losses=Losses(objective="hinge"))
    return [
        run_of(tmp_path / "plain", plain, (20.5, 23.25, 22.75), (200, 0, 0)),
        run_of(tmp_path / "hinge", other, (21.0, 24.0), (0, 0, 200)),
        run_of(tmp_path / "young", plain, ()),
    ]


def test_a_row_a_run_with_its_last_and_best_figures(runs: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*runs) == 0
    lines = [
        [cell.strip() for cell in line.split("  ") if cell.strip()] for line in capsys.readouterr().out.splitlines()
    ]
    assert lines[0] == ["run", "method", "steps", "minutes", "photos seen", "psnr (best)", "colourfulness (best)"]
    assert lines[2] == ["plain", "conditional-gan", "3,000", "4.5", "96,000", "22.75 (23.25)", "1.100 (0.900)"]
    assert lines[3] == ["hinge", "conditional-gan", "2,000", "3.0", "64,000", "24.00 (24.00)", "0.900 (0.900)"]
    assert lines[4] == ["young", "conditional-gan", "no log yet", "–", "–", "–", "–"]


def test_what_differs_between_the_configurations_is_listed_but_not_their_names(
    runs: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    run(*runs)
    table = capsys.readouterr().out.split("\n\n")[1].splitlines()
    assert [line.split() for line in table[2:]] == [["losses.objective", '"lsgan"', '"hinge"', '"lsgan"']]
    run(runs[0], runs[2])
    assert "differs" not in capsys.readouterr().out


def test_the_last_samples_stand_beside_each_other(runs: list[Path], tmp_path: Path) -> None:
    run(*runs, "--sheet", tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as opened:
        counts = {colour: count for count, colour in opened.getcolors(1 << 20) or []}
    assert counts[(200, 0, 0)] == counts[(0, 0, 200)] == 96 * 64
    with pytest.raises(ConfigError, match="none of these runs has samples"):
        run(runs[2], "--sheet", tmp_path / "none.png")


def test_curves_of_runs_and_of_a_log_alone(runs: list[Path], tmp_path: Path) -> None:
    run(*runs, "--curves", tmp_path / "runs.png")
    run(runs[0] / "log.jsonl", "--curves", tmp_path / "log.png")
    with Image.open(tmp_path / "runs.png") as both, Image.open(tmp_path / "log.png") as one:
        assert both.width == one.width and both.height > one.height, "the legend"
    with pytest.raises(ConfigError, match="nothing to draw"):
        run(runs[2], "--curves", tmp_path / "none.png")


def test_a_folder_that_is_no_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no run"):
        run(tmp_path)
