"""repair, clean and upscale learn what they are for, in every stage, and go on from a state as if never stopped."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from tests.training.photographs import folder_of
from training import config, methods
from training.ageing.damage import luma
from training.data.aged_batches import AgedBatch
from training.methods import clean, repair, upscale
from training.methods.restorer import Restorer
from training.networks.enlarger import Enlarger

NETWORKS = {
    "repair": config.Generator("mending", encoder="", widths=(8, 8), finder=(8, 8), blocks=1),
    "clean": config.Generator("picture-unet", widths=(8, 8), blocks=1),
    "upscale": config.Generator("enlarger", widths=(8, 8), blocks=1, scale=2),
}
STAGES = {"pixel": config.Stage(perceptual=False), "adversarial": config.Stage(adversarial=True)}


def configuration(method: str, folder: Path | None = None) -> config.RunConfig:
    return config.RunConfig(
        method=method, batch=2, generator=NETWORKS[method], optimiser=config.Optimiser(rate=1e-3, warm_up=1),
        discriminator=config.Discriminator(width=8, layers=1),
        data=config.Data(train=(config.Source(str(folder)),) if folder else (), short_side_px=72),
    )  # fmt: skip


def accelerator() -> Accelerator:
    return Accelerator(cpu=True, mixed_precision="no")


@pytest.fixture(scope="module")
def photos_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("photos"), 4)


def batch_of(method: str, folder: Path) -> AgedBatch:
    batch = methods.load(method).feed(configuration(method, folder)).batch(1, 64)
    if method == "repair":  # a crop may have been spared
        batch.damage[:, :, 20:30, 10:50] = 1
    return batch


@pytest.mark.parametrize("method", NETWORKS)
def test_it_learns(method: str, photos_folder: Path) -> None:
    made, batch = methods.load(method)(configuration(method), accelerator()), batch_of(method, photos_folder)
    first, *_, last = [made.step(batch, STAGES["pixel"], 0.0) for _ in range(20)]
    assert sum(v for k, v in last.items() if k != "gradient") < sum(v for k, v in first.items() if k != "gradient")


@pytest.mark.parametrize("method", NETWORKS)
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_steps_and_a_state_goes_on_as_it_would_have(method: str, stage: str, photos_folder: Path) -> None:
    made, again = (methods.load(method)(configuration(method), accelerator()) for _ in range(2))
    batch = batch_of(method, photos_folder)
    made.step(batch, STAGES[stage], 0.0)
    again.load_state_dict(made.state_dict())
    random = torch.get_rng_state()
    wanted = made.step(batch, STAGES[stage], 0.5)
    torch.set_rng_state(random)
    assert again.step(batch, STAGES[stage], 0.5) == pytest.approx(wanted, rel=1e-2)
    assert ("adversarial" in wanted) == (stage == "adversarial")


@pytest.mark.parametrize("method", NETWORKS)
def test_a_checkpoint_holds_what_it_always_held(method: str) -> None:
    """One place says so for all three; runs that were saved before go on."""
    made = methods.load(method)(configuration(method), accelerator())
    assert isinstance(made, Restorer)
    state = made.state_dict()
    assert list(state) == ["generators", "learner", "refinement"]
    assert state["generators"].keys() == made.generators.state_dict().keys()
    del state["refinement"]
    with pytest.raises(KeyError, match="refinement"):
        made.load_state_dict(state)


@pytest.mark.parametrize("method", NETWORKS)
def test_another_network_is_refused(method: str) -> None:
    chosen = dataclasses.replace(configuration(method), generator=config.Generator("resnet"))
    with pytest.raises(config.ConfigError, match="not one of this method's"):
        methods.load(method).networks(chosen)


@pytest.mark.parametrize(("only", "rests"), [("finder", "filler"), ("filler", "finder")])
def test_in_a_stage_for_one_network_the_other_rests(only: str, rests: str, photos_folder: Path) -> None:
    made = repair.Repair(configuration("repair"), accelerator())
    before = {name: weight.clone() for name, weight in made.mending.state_dict().items()}
    made.step(batch_of("repair", photos_folder), config.Stage(only=only), 0.0)
    changed = {
        name.split(".")[0] for name, weight in made.mending.state_dict().items() if (weight != before[name]).any()
    }
    assert changed == {only} and rests not in changed


def test_what_an_enlarger_draws_may_not_make_a_place_lighter(photos_folder: Path) -> None:
    """The term is what the detail adds in the mean: for one that is a grey veil, all of it."""
    made, batch = upscale.Upscale(configuration("upscale"), accelerator()), batch_of("upscale", photos_folder)
    enlarger = made.generators["upscale"]
    assert isinstance(enlarger, Enlarger)
    with torch.no_grad():
        enlarger.detail.planes.weight.zero_()
        for name, weight in enlarger.detail.again.named_parameters():
            weight.fill_(0.25 if name == "3.bias" else 0)
    assert made.step(batch, STAGES["adversarial"], 0.0)["tone"] == pytest.approx(upscale.TONE * 0.25, rel=1e-3)


def test_holes_cover_the_damage_and_its_rim_and_nothing_without() -> None:
    damage = torch.zeros(2, 1, 16, 16)
    damage[0, :, 8, 4:12] = 0.5
    torch.manual_seed(2)
    for _ in range(8):
        mask, seen = repair.holes(damage)
        assert mask[0, 0, 7:10, 3:13].all() and not mask[0, 0, :2].any()
        assert len(seen[0, 0, 7:10, 3:13].unique()) == 1, "the damage is looked through, or it is not"
    assert not repair.holes(torch.zeros(2, 1, 16, 16))[0].any()


def test_holes_are_looked_through_as_often_as_is_said() -> None:
    torch.manual_seed(0)
    mask, seen = repair.holes(torch.eye(2).repeat(200, 1)[..., None, None].expand(-1, -1, 8, 8)[:, :1])
    own, others = (seen[start::2].mean() for start in (0, 1))
    assert own == pytest.approx(repair.LOOKED_THROUGH[0], abs=0.08)
    assert others == pytest.approx(repair.LOOKED_THROUGH[1], abs=0.08)
    assert float(mask[1::2].mean()) == pytest.approx(repair.OTHERS, abs=0.08)


def test_harsh_contrast_draws_light_and_dark_apart_and_stays_a_picture() -> None:
    good = np.linspace(0.1, 0.9, 64, dtype=np.float32)[None, :, None].repeat(8, 0).repeat(3, 2)
    lost = []
    for seed in range(20):
        answer = repair.harsh(good, np.random.default_rng(seed))
        assert answer.shape == good.shape and answer.dtype == np.float32 and answer.min() >= 0 and answer.max() <= 1
        assert (np.diff(answer[0, :, 0]) >= 0).all() and np.ptp(answer) >= np.ptp(good) - 1e-6
        lost.append(float(((answer == 0) | (answer == 1)).mean()))
    assert np.mean(lost) > 0.15, "there is white without drawing in it"


def test_what_is_taken_off_is_wear_alone() -> None:
    """Tone and colour are the aim's as much as the picture's: smoothed, both are nearly alike."""
    good = np.full((64, 64, 3), (0.7, 0.5, 0.3), np.float32)
    differences = []
    for seed in range(40):
        pair = clean.worn(good, np.random.default_rng(seed))
        assert pair.picture.shape == pair.aim.shape == good.shape
        differences.append(abs(float(luma(pair.picture).mean() - luma(pair.aim).mean())))
    assert np.median(differences) < 0.01


def test_smooth_crops_keep_their_tone_and_lose_their_edges() -> None:
    good = np.zeros((48, 64, 3), np.float32)
    good[:, 32:] = 0.8
    good[::2] += 0.2
    for seed in range(10):
        answer = clean.smooth(good, np.random.default_rng(seed))
        assert answer.shape == good.shape and answer.dtype == np.float32
        assert answer.min() >= 0 and answer.max() <= 1 and abs(float(answer.mean() - good.mean())) < 0.02
        assert max(float(np.abs(np.diff(answer, axis=axis)).max()) for axis in (0, 1)) < 0.1


def test_some_crops_are_smooth_and_half_of_those_are_noisy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clean, "SMOOTH", 1.0)
    good = np.random.default_rng(0).random((32, 32, 3)).astype(np.float32)
    pairs = [clean.worn(good, np.random.default_rng(seed)) for seed in range(40)]
    assert all(float(np.abs(np.diff(pair.aim, axis=0)).max()) < 0.2 for pair in pairs)
    untouched = sum(np.array_equal(pair.picture, pair.aim) for pair in pairs)
    assert 10 <= untouched <= 30


@pytest.mark.parametrize("scale", [2, 4])
def test_the_small_picture_is_that_of_its_aim(scale: int) -> None:
    good = np.linspace(0.1, 0.9, 64, dtype=np.float32)[None, :, None].repeat(64, 0).repeat(3, 2)
    for seed in range(10):
        pair = upscale.small(good, np.random.default_rng(seed), scale)
        assert pair.picture.shape == (64 // scale, 64 // scale, 3) and pair.aim.shape == good.shape
        small = pair.aim.reshape(64 // scale, scale, 64 // scale, scale, 3).mean((1, 3))
        assert float(np.abs(luma(small) - luma(pair.picture)).mean()) < 0.12


@pytest.mark.parametrize("method", ["clean", "upscale"])
def test_a_batch_in_parts_is_refused_and_not_worked_whole(method: str) -> None:
    with pytest.raises(config.ConfigError, match="accumulate"):
        methods.load(method)(dataclasses.replace(configuration(method), accumulate=2), accelerator())


def test_a_finder_learns_from_parts_what_it_learns_from_the_whole(photos_folder: Path) -> None:
    answers = []
    for parts in (1, 2):
        torch.manual_seed(0)
        made = repair.Repair(dataclasses.replace(configuration("repair"), accumulate=parts), accelerator())
        shown = made.step(batch_of("repair", photos_folder), STAGES["pixel"], 0.3)
        answers.append((shown, made.mending.state_dict()))
    (whole, weights), (parted, again) = answers
    assert parted == pytest.approx(whole, rel=1e-4)
    assert all(torch.allclose(weight, again[name], atol=1e-5) for name, weight in weights.items())
