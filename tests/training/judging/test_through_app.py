"""The app's way is the engine's own step: hints land where the plain way has them, edges are followed, L* stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import SettingInvalid
from engine.generator import Generator
from engine.session import Device
from tests.onnx_files import write_colorizer, write_tinter
from tests.training.photographs import folder_of
from training import evaluate, metrics
from training.judging.colouring import enlarged, grey_of
from training.judging.pictures import as_tensor, read
from training.judging.through_app import through_app


@pytest.fixture
def colorizer(tmp_path: Path) -> Generator:
    return Generator.load(write_colorizer(tmp_path), Device("cpu"))


def test_one_colour_everywhere_comes_through_as_it_is(tmp_path: Path) -> None:
    tinter = Generator.load(write_tinter(tmp_path, a=8.0, b=6.0), Device("cpu"))
    grey = torch.full((3, 72, 96), 0.5, dtype=torch.float64)
    chroma, luma_error = through_app(tinter)(grey, grey, 0, 1)
    assert chroma[0].numpy() == pytest.approx(8.0, abs=0.6) and chroma[1].numpy() == pytest.approx(6.0, abs=0.6)
    assert luma_error < 0.3, "a rounding to 8 bits"


def test_hints_are_the_ones_of_the_plain_way(colorizer: Generator, tmp_path: Path) -> None:
    """The generator answers with the hint's colour at hints: both ways then have the same colour at the same places."""
    true = read(evaluate.photos_in(folder_of(tmp_path / "photos", 1))[0])
    shown = grey_of(true)
    plain, app = (
        way(shown, true, 4, 7)[0] - way(shown, true, 0, 7)[0]
        for way in (enlarged(lambda image, guide: colorizer.run(image, guide=guide).image, 64), through_app(colorizer))
    )
    strong = plain.norm(dim=0) > 20
    assert strong.sum() > 100
    towards = (plain * app).sum(0) / plain.norm(dim=0) ** 2
    assert float(towards[strong].median()) == pytest.approx(1.0, abs=0.25)
    assert float(app.norm(dim=0)[plain.norm(dim=0) < 1].median()) < 2


def test_colour_follows_the_photos_edges(colorizer: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an answer blurred over nine small pixels between two halves, the app's way is nearer to the truth than enlarging."""
    colours = np.zeros((256, 320, 3), np.float32)
    colours[:, :160], colours[:, 160:] = (0.25, 0.3, 0.45), (0.85, 0.7, 0.5)
    true = as_tensor(colours)
    dark, light = np.asarray(metrics.lab_of(true)[1:, 0, [0, -1]]).T / 110
    share = np.clip((np.arange(80) - 35.5) / 8, 0, 1)[:, None]
    blurred = np.ones((64, 80, 3), np.float32)
    blurred[..., :2] = dark + share * (light - dark)
    run = colorizer.run
    monkeypatch.setattr(colorizer, "run", lambda image, guide, **more: run(image, guide=blurred, **more))
    shown = grey_of(true)
    plain, app = (
        float((way(shown, true, 0, 1)[0] - metrics.lab_of(true)[1:]).norm(dim=0).mean())
        for way in (enlarged(lambda image, guide: colorizer.run(image, guide=guide).image, 64), through_app(colorizer))
    )
    assert app < 0.8 * plain


def test_a_size_at_which_the_step_does_not_work_is_refused(colorizer: Generator) -> None:
    with pytest.raises(SettingInvalid, match="is not between 160 and 512"):
        through_app(colorizer, 64)
