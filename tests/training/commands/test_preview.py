"""`autochrome-train data preview` writes a sheet to look at."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.photographs import folder_of, shard_of
from training.commands import preview
from training.commands.preview import CELL_PX
from training.config import ConfigError


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    preview.add(parser.add_subparsers())
    options = parser.parse_args(["preview", *words])
    return options.command(options)


def sheet_of(path: Path) -> np.ndarray:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


def test_a_row_shows_grey_aged_and_damage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos, into = folder_of(tmp_path / "photos", 5), tmp_path / "new" / "sheet.png"
    assert run(str(photos), "--into", str(into), "--count", "2") == 0
    sheet = sheet_of(into)
    assert sheet.shape == (2 * CELL_PX, 3 * CELL_PX, 3)
    assert np.ptp(sheet[:, :CELL_PX], axis=2).max() == 0
    assert np.ptp(sheet[:, 2 * CELL_PX :], axis=2).max() == 0
    assert "2 photos" in capsys.readouterr().out


def test_photos_come_from_a_shard_and_broken_ones_are_left_out(tmp_path: Path) -> None:
    shard = shard_of(tmp_path / "photos.tar", 4, broken=True)
    assert run(str(shard), "--into", str(tmp_path / "sheet.png"), "--count", "9", "--judging") == 0
    assert sheet_of(tmp_path / "sheet.png").shape == (2 * CELL_PX, 6 * CELL_PX + 16, 3)


def test_no_strength_shows_the_photo_itself(tmp_path: Path) -> None:
    photos = folder_of(tmp_path / "photos", 1)
    assert run(str(photos), "--into", str(tmp_path / "sheet.png"), "--strength", "0") == 0
    sheet = sheet_of(tmp_path / "sheet.png")
    aged = Image.fromarray(sheet[:, CELL_PX : 2 * CELL_PX]).convert("L")
    assert np.abs(np.asarray(aged, int) - sheet[:, :CELL_PX, 0].astype(int)).max() <= 1
    assert sheet[:, 2 * CELL_PX :].max() == 0


def test_a_seed_decides_the_sheet(tmp_path: Path) -> None:
    photos = folder_of(tmp_path / "photos", 3)
    sheets = []
    for index, seed in enumerate(("1", "1", "2")):
        run(str(photos), "--into", str(tmp_path / f"{index}.png"), "--seed", seed)
        sheets.append(sheet_of(tmp_path / f"{index}.png"))
    assert (sheets[0] == sheets[1]).all() and not (sheets[0] == sheets[2]).all()


def test_a_folder_without_photos_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="no photos in"):
        run(str(tmp_path / "empty"), "--into", str(tmp_path / "sheet.png"))
