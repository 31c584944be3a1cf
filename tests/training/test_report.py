"""Sheets, tables and curves hold what was given, in its order."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training import chart, report
from training.config import ConfigError
from training.history import FIGURES


def test_a_sheet_fills_its_last_row_with_black(tmp_path: Path) -> None:
    looks = [np.full((4, 6, 3), value, np.uint8) for value in (50, 100, 150)]
    report.sheet(looks, tmp_path / "sheet.png", columns=2)
    with Image.open(tmp_path / "sheet.png") as opened:
        assert [opened.getpixel(place)[0] for place in ((0, 0), (6, 0), (0, 4), (6, 4))] == [50, 100, 150, 0]  # type: ignore[index]


def test_pictures_of_different_sizes_stand_beside_each_other(tmp_path: Path) -> None:
    pictures = {"red": Image.new("RGB", (60, 40), (255, 0, 0)), "blue": Image.new("RGB", (30, 90), (0, 0, 255))}
    report.beside(pictures, tmp_path / "beside.png")
    with Image.open(tmp_path / "beside.png") as opened:
        pixels = np.asarray(opened).astype(int)
    red, blue = (pixels == (255, 0, 0)).all(-1), (pixels == (0, 0, 255)).all(-1)
    assert red.sum() == 60 * 40 and blue.sum() == 30 * 90
    assert red.nonzero()[1].max() < blue.nonzero()[1].min()


def test_a_table_is_aligned() -> None:
    lines = report.table(["run", "psnr"], [["a", "24.01"], ["longer", "9.5"]]).splitlines()
    assert lines == ["run      psnr", "─" * 13, "a       24.01", "longer    9.5"]


def test_figures_stand_in_columns_with_their_intervals() -> None:
    mine = {"psnr": 24.0105, "psnr_low": 23.664, "psnr_high": 24.366, "kid": 0.2322}
    text = report.figures_table({"all grey": {"psnr": 22.0}, "mine": mine}, ["psnr", "ssim", "kid"])
    rows = [line.split("  ") for line in text.splitlines()]
    assert [cell.strip() for cell in rows[2] if cell] == ["psnr", "22.00", "24.01 (23.66–24.37)"]
    assert [cell.strip() for cell in rows[3] if cell] == ["kid", "–", "0.232"]
    assert len(rows) == 4


def log_of(path: Path, **losses: float) -> Path:
    path.parent.mkdir(exist_ok=True)
    lines = [
        {"step": step, "elapsed_s": 60 * step, **losses, "psnr": 20 + step, "psnr_low": 19, "psnr_high": 25}
        for step in range(1, 5)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_curves_have_a_panel_for_every_loss_of_any_run(tmp_path: Path) -> None:
    first, second = (
        log_of(tmp_path / "a" / "log.jsonl", pixel=0.1),
        log_of(tmp_path / "b" / "log.jsonl", pixel=0.2, fooled=1),
    )
    sizes = []
    for name, runs in (("one", [first]), ("two", [first, second.parent])):
        report.curves(runs, tmp_path / f"{name}.png")
        with Image.open(tmp_path / f"{name}.png") as opened:
            sizes.append(opened.size)
    assert sizes[0][0] * 1.4 < sizes[1][0], "two panels, then three"
    assert sizes[0][1] < sizes[1][1] < sizes[0][1] + 60, "and a legend"


def test_a_repairers_figures_have_panels_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the losses, in the order of all figures; false alarms are in the table alone."""
    log = log_of(tmp_path / "log.jsonl", filled=0.1, precision=0.8, recall=0.5, psnr_damaged=20, false_alarm=0.1)
    drawn: list[str] = []
    monkeypatch.setattr(chart, "draw", lambda panels, *_: drawn.extend(panel.title for panel in panels))
    report.curves([log], tmp_path / "curves.png")
    assert drawn == ["filled", *(FIGURES[name] for name in ("psnr", "psnr_damaged", "recall", "precision"))]


def test_a_log_without_numbers_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(ConfigError, match="nothing to draw in the log of empty"):
        report.curves([tmp_path / "empty.jsonl"], tmp_path / "none.png")
