"""A run is judged by what its generators are for, on the same pictures each time, and its best by a figure that it has."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.training.photographs import folder_of
from training import config, methods
from training.config import BETTER, ConfigError
from training.history import FIGURES
from training.judging import restoring, running
from training.judging.degrading import Conditions, Degraded
from training.judging.pictures import Picture, photos_in
from training.loop import Judgement

GENERATORS = {
    "plain-l1": config.Generator(encoder="plain", widths=(8, 8, 8, 8)),
    "cycle-gan": config.Generator("resnet", width=4, blocks=1),
    "repair": config.Generator("mending", encoder="", widths=(4, 4), finder=(4, 4), blocks=1),
    "clean": config.Generator("picture-unet", widths=(4, 4), blocks=1),
    "upscale": config.Generator("enlarger", widths=(4, 4), blocks=1, scale=2),
    "tone": config.Generator("tone-net", width=4, pretrained=False),
    "face-detector": config.Generator("face-net", widths=(4, 4, 4, 4, 4), width=4),
}
RESTORERS = ("repair", "clean", "upscale", "tone")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("photos"), 4)


def settings(method: str, folder: Path, **more: object) -> config.RunConfig:
    chosen = config.RunConfig(method=method, generator=GENERATORS[method], **more)  # type: ignore[arg-type]
    return dataclasses.replace(chosen, data=config.Data(validation=str(folder)))


def judged(chosen: config.RunConfig, network: nn.Module | None = None) -> Judgement:
    """The judgement of a fresh generator, or of `network` in its place."""
    torch.manual_seed(0)
    networks = methods.load(chosen.method).networks(chosen)
    if network is not None:
        networks[next(iter(networks))] = network
    judge = running.judge_of(chosen)
    assert judge is not None
    return judge(networks)


class Mender(nn.Module):
    """Finds `found` everywhere and fills with black."""

    multiple = 8

    def __init__(self, found: float) -> None:
        super().__init__()
        self.found = nn.Parameter(torch.tensor(found))

    def find(self, picture: Tensor) -> Tensor:
        return torch.logit(self.found).expand(len(picture), 1, *picture.shape[2:])

    def fill(self, picture: Tensor, mask: Tensor, seen: Tensor) -> Tensor:
        return picture * (1 - mask)


class Sees(nn.Module):
    """Answers with the picture itself, twice as large if it enlarges, and keeps what it was shown. detail: as much is added."""

    multiple, scale, style_length = 8, 2, 1

    def __init__(self, enlarges: bool, detail: float = 0.0) -> None:
        super().__init__()
        self.enlarges, self.shown = enlarges, list[Tensor]()
        self.detail = nn.Parameter(torch.tensor(detail))

    def forward(self, picture: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        self.shown.append(picture)
        answer = self.answer(picture)
        return (answer, self.detail.expand_as(answer)) if self.enlarges else answer

    def answer(self, picture: Tensor) -> Tensor:
        return F.interpolate(picture, scale_factor=2.0, mode="bilinear") if self.enlarges else picture


@pytest.mark.parametrize("method", [name for name in GENERATORS if name != "face-detector"])
def test_every_figure_that_may_choose_the_best_is_there_and_known_to_histories(method: str, folder: Path) -> None:
    usable = []
    for word in BETTER:
        try:
            running.judge_of(settings(method, folder, best_by=word))
        except ConfigError:
            continue
        usable.append(word)
    judgement = judged(settings(method, folder))
    names = {name.removesuffix("_low").removesuffix("_high") for name in judgement.figures}
    assert {"psnr", "ssim", "delta_e"} <= set(usable) <= names <= FIGURES.keys()
    assert ("recall" in usable) == (method == "repair")
    assert {look.shape for look in judgement.looks} == {(192, 3 * 192, 3)}


@pytest.mark.parametrize("method", RESTORERS)
def test_judging_again_gives_the_same(method: str, folder: Path) -> None:
    first, second = (judged(settings(method, folder)) for _ in range(2))
    assert first.figures == second.figures
    assert np.array_equal(first.looks, second.looks)


def test_a_figure_that_a_method_has_not_is_refused_with_those_that_it_has(folder: Path) -> None:
    with pytest.raises(ConfigError, match="best_by: clean is judged by psnr, ssim, delta_e, not by recall"):
        running.judge_of(settings("clean", folder, best_by="recall"))


def test_nothing_judges_a_detector(folder: Path) -> None:
    assert running.judge_of(settings("face-detector", folder)) is None


@pytest.mark.parametrize("method", ["plain-l1", "repair"])
def test_a_folder_without_photos_is_refused_before_the_run(method: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no photos in the folder"):
        running.judge_of(settings(method, tmp_path))


def test_who_calls_all_damaged_finds_all_and_is_told_so(folder: Path) -> None:
    """What it fills is black: the whole picture where it found all, the damage alone where that was told."""
    all_, nothing = (judged(settings("repair", folder), Mender(found)).figures for found in (0.9, 0.1))
    assert all_["recall"] == all_["false_alarm"] == 1 and nothing["recall"] == nothing["false_alarm"] == 0
    assert 0 < all_["precision"] < 0.5 and "precision" not in nothing, "nothing found, nothing wrong"
    assert all_["psnr"] < 10 < nothing["psnr"]
    assert all_["psnr_damaged"] == nothing["psnr_damaged"] < 10, "the filling is judged by itself"


def test_a_repair_is_shown_beside_what_was_found(folder: Path) -> None:
    """Row by row: given, answer, aim; then given, map, true damage."""
    looks = judged(settings("repair", folder), Mender(0.9)).looks
    assert len(looks) == 8
    for whole, found in zip(looks[::2], looks[1::2], strict=True):
        (given, answer, aim), (again, map_, damage) = (np.split(row, 3, 1) for row in (whole, found))
        assert np.array_equal(given, again)
        assert answer.max() == 0 < aim.mean() and map_.min() == round(0.9 * 255)
        assert np.isin(damage, (0, 255)).mean() > 0.8


@pytest.mark.parametrize(("method", "task"), [("clean", "clean"), ("upscale", "upscale-worn")])
def test_figures_are_those_of_evaluate_on_the_same_task(method: str, task: str, folder: Path) -> None:
    network = Sees(enlarges=method == "upscale")

    def answer(worse: Degraded) -> Picture:
        large = network.answer(torch.from_numpy(worse.picture).permute(2, 0, 1)[None])
        return large[0].permute(1, 2, 0).detach().numpy()

    conditions = Conditions(scale=2 if network.enlarges else 1)
    expected = restoring.judge({"": answer}, task, photos_in(folder), conditions=conditions)[""].figures
    found = judged(settings(method, folder), network).figures
    assert len(found) == 9
    for name, figure in found.items():
        assert figure == pytest.approx(expected[name], rel=0.02 if network.enlarges else 1e-6), name


def test_an_enlarger_is_judged_by_its_faithful_answer_and_shown_with_its_detail(folder: Path) -> None:
    plain, detailed = (judged(settings("upscale", folder), Sees(enlarges=True, detail=each)) for each in (0.0, 0.4))
    assert plain.figures == detailed.figures
    for left, right in zip(detailed.looks[::2], detailed.looks[1::2], strict=True):
        (given, faithful, aim), (_, answer, _) = (np.split(row, 3, 1) for row in (left, right))
        assert (
            abs(float(faithful.mean()) - float(given.mean())) < 3 and float(answer.mean()) > float(faithful.mean()) + 40
        )
        assert aim.shape == given.shape == (192, 192, 3)


def test_photos_are_in_colour_and_as_large_as_the_run_keeps_its_own(folder: Path) -> None:
    for method, sides in (("clean", (40, 56)), ("upscale", (24, 32))):
        network = Sees(enlarges=method == "upscale")
        chosen = settings(method, folder)
        judged(dataclasses.replace(chosen, data=dataclasses.replace(chosen.data, short_side_px=40)), network)
        assert {tuple(shown.shape[2:]) for shown in network.shown} == {sides}, "40 x 53, or half of it, in eights"
        coloured = [float((shown.amax(1) - shown.amin(1)).mean()) > 0.05 for shown in network.shown]
        assert any(coloured), "some of the prints are in colour"
    network = Sees(enlarges=False)
    judged(settings("clean", folder), network)
    assert {tuple(shown.shape[2:]) for shown in network.shown} == {(72, 96)}, "none is enlarged"
