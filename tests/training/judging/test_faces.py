"""Faces are judged in the middle half of their boxes, in three groups by their true lightness."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from training import metrics
from training.config import ConfigError
from training.judging.colouring import Coloured, grey_of
from training.judging.faces import Faces, read_boxes
from training.lab import lab_to_srgb


def photo(lightness: float, wrong: float) -> Coloured:
    """A brown square of this L* from (20, 10) to (60, 50) on green; the answer is wrong there by so many b*."""
    lab = torch.tensor([50.0, -30.0, 20.0], dtype=torch.float64)[:, None, None].expand(3, 64, 80).clone()
    lab[:, 10:50, 20:60] = torch.tensor([lightness, 12.0, 16.0], dtype=torch.float64)[:, None, None]
    true = lab_to_srgb(lab[None])[0]
    lab = metrics.lab_of(true)
    chroma = torch.zeros_like(lab[1:])
    chroma[:, 20:40, 30:50] = lab[1:, 20:40, 30:50] + torch.tensor([0.0, wrong], dtype=torch.float64)[:, None, None]
    return Coloured(true, grey_of(true), lab, chroma, 0.0)


BOX = (20.0, 10.0, 40.0, 40.0)


def test_only_the_middle_half_counts() -> None:
    """The answer is right there and grey everywhere else."""
    faces = Faces({"a.jpg": [BOX]})
    faces("a.jpg", photo(60, 0.0))
    faces("b.jpg", photo(60, 9.0))
    [(lightness, error)] = faces.found
    assert (lightness, error) == pytest.approx((60, 0), abs=0.05)


def test_thirds_are_by_true_lightness_and_the_spread_is_between_them() -> None:
    faces = Faces({f"{index}.jpg": [BOX] for index in range(9)})
    for index in (5, 2, 8, 0, 7, 1, 3, 6, 4):
        faces(f"{index}.jpg", photo(30 + 5 * index, wrong=2.0 if index < 3 else 12.0 if index > 5 else 6.0))
    figures = faces.figures()
    assert figures["faces"] == 9
    assert [figures[f"faces_{third}_lightness"] for third in ("dark", "middle", "light")] == pytest.approx(
        [35, 50, 65], abs=0.1
    )
    dark, middle, light = (figures[f"faces_{third}"] for third in ("dark", "middle", "light"))
    assert 0 < dark < middle < light
    assert figures["faces_delta_e"] == pytest.approx((dark + middle + light) / 3)
    assert figures["faces_spread"] == pytest.approx(light - dark)
    for name in ("faces_delta_e", "faces_dark", "faces_middle", "faces_light", "faces_spread"):
        assert figures[f"{name}_low"] <= figures[name] + 1e-9 and figures[name] <= figures[f"{name}_high"] + 1e-9


def test_a_box_that_reaches_out_of_the_photo_is_cut() -> None:
    faces = Faces({"a.jpg": [(60.0, 40.0, 60.0, 60.0), (500.0, 0.0, 40.0, 40.0), (-30.0, -30.0, 40.0, 40.0)]})
    faces("a.jpg", photo(60, 0.0))
    assert len(faces.found) == 1 and np.isfinite(faces.found[0]).all()
    with pytest.raises(ConfigError, match="more than 1 faces"):
        faces.figures()


def test_boxes_are_read_and_anything_else_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "boxes.json"
    file.write_text(json.dumps({"a.jpg": [[1, 2, 3.5, 4]], "b.jpg": []}))
    assert read_boxes(file) == {"a.jpg": [(1.0, 2.0, 3.5, 4.0)], "b.jpg": []}
    for wrong in ("{", "[]", '{"a.jpg": [[1, 2, 3]]}', '{"a.jpg": [["x", 1, 2, 3]]}', '{"a.jpg": 4}'):
        file.write_text(wrong)
        with pytest.raises(ConfigError, match="holds no face boxes"):
            read_boxes(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_boxes(tmp_path / "none.json")
