"""Both directions learn, each discriminator learns only from its own side, and nothing moves what is not its to move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from accelerate import Accelerator

from tests.training.methods.networks_in_motion import Runs, changed, state
from tests.training.photographs import folder_of
from training import checkpoint, config
from training.contract import runner
from training.data import photos
from training.data.unpaired import Unpaired, UnpairedBatch
from training.loop import Run
from training.methods.cycle_gan import CycleGAN

STAGE = config.Stage(1.0, 32, adversarial=True)


def method(accumulate: int = 1, **losses: Any) -> CycleGAN:
    chosen = config.RunConfig(
        precision="no",
        method="cycle-gan",
        batch=2,
        accumulate=accumulate,
        generator=config.Generator(network="resnet", width=4, blocks=1, norm="pixel"),
        discriminator=config.Discriminator(width=4, layers=1, spectral=False, pool=3),
        losses=config.Losses(**{"adversarial": 1.0, **losses}),
        optimiser=config.Optimiser(warm_up=1, rate=5e-4),
        stages=(STAGE,),
    )
    return CycleGAN(chosen, Accelerator(cpu=True, mixed_precision="no"))


def batch() -> UnpairedBatch:
    """Soft grey shapes, and others whose colour follows from their grey."""
    y, x = torch.meshgrid(torch.arange(32), torch.arange(32), indexing="ij")
    waves = torch.stack([0.5 + 0.4 * torch.sin(x / a + y / b) for a, b in ((3, 5), (7, 4), (5, 9), (4, 6))])[:, None]
    colour = torch.cat([waves[2:], waves[2:] ** 2, 0.3 + 0.2 * waves[2:]], 1)
    return UnpairedBatch(waves[:2].expand(-1, 3, -1, -1), colour)


def test_a_step_goes_both_ways_and_judges_each_side_once() -> None:
    made = method()
    runs = Runs(
        colorize=made.generators["colorize"],
        fade=made.generators["fade"],
        colour=made.colour_adversary.discriminator,
        grey=made.grey_adversary.discriminator,
    )
    shown = made.step(batch(), STAGE, 0.1)
    # There, back, and identity; real, generated, and the generator's own loss.
    assert runs.count == {"colorize": 3, "fade": 3, "colour": 3, "grey": 3}
    assert {"cycle_grey", "cycle_colour", "identity_grey", "identity_colour", "fooled_colour", "fooled_grey"} <= set(
        shown
    )


def test_without_identity_the_generators_run_twice() -> None:
    made = method(identity=0.0)
    runs = Runs(colorize=made.generators["colorize"], fade=made.generators["fade"])
    made.step(batch(), STAGE, 0.1)
    assert runs.count == {"colorize": 2, "fade": 2}


def test_the_generators_update_leaves_the_discriminators_and_theirs_the_generators() -> None:
    made = method()
    sides = (made.colour_adversary, made.grey_adversary)
    before = [state(side.discriminator) for side in sides]
    made.learner.begin(0.0)
    fake_colour, fake_grey, terms = made._both_ways(batch())
    terms |= {"fooled_colour": sides[0].fooled((fake_colour,)), "fooled_grey": sides[1].fooled((fake_grey,))}
    made._total(terms).backward()
    made.learner.end()
    assert all(not changed(was, side.discriminator) for was, side in zip(before, sides, strict=True))

    generators = state(made.generators)
    sides[0].update((batch().colour,), (fake_colour,))
    assert changed(generators, made.generators) == set()
    assert changed(before[0], sides[0].discriminator) and not changed(before[1], sides[1].discriminator)


def test_going_there_and_back_is_learned() -> None:
    made, shown = method(adversarial=0.0), batch()
    first = made.step(shown, STAGE, 0.0)
    for _ in range(120):
        last = made.step(shown, STAGE, 0.0)
    cycle = ("cycle_grey", "cycle_colour")
    assert sum(last[name] for name in cycle) < 0.8 * sum(first[name] for name in cycle)


def test_noise_on_the_way_back_changes_only_the_way_back() -> None:
    plain, disturbed = (method(cycle_noise=noise) for noise in (0.0, 0.2))
    _, _, without = plain._both_ways(batch())
    _, _, with_noise = disturbed._both_ways(batch())
    assert with_noise["cycle_colour"] > without["cycle_colour"]
    assert with_noise["identity_colour"] == without["identity_colour"]


def test_the_exported_colouriser_keeps_the_luma_and_fade_gives_grey() -> None:
    made = method()
    image = torch.rand(64, 80, 3).numpy()
    nothing = torch.zeros(64, 80, 3).numpy()
    shown = {name: made.exportable(name, network, made.config) for name, network in made.generators.items()}
    assert (shown["colorize"].kind, shown["fade"].kind) == ("colorize", "age")
    coloured, faded = (runner(shown[name])(image, nothing) for name in ("colorize", "fade"))
    assert coloured.shape == faded.shape == (64, 80, 3)
    assert faded.std(2).max() < 1e-6
    # Of a colour photo the colouriser sees the grey alone.
    luma = torch.from_numpy(image) ** 2.2 @ torch.tensor([0.2126, 0.7152, 0.0722])
    neutral = (luma ** (1 / 2.2))[..., None].expand(-1, -1, 3).numpy().copy()
    assert abs(runner(shown["colorize"])(neutral, nothing) - coloured).mean() < 0.02


def test_two_and_two_steps_equal_four_with_the_pools_and_the_noise(tmp_path: Path) -> None:
    chosen = replace(method(cycle_noise=0.1).config, steps=4, data=config.Data(short_side_px=48))
    feed = Unpaired(photos.load([config.Source(str(folder_of(tmp_path / "photos", 6)))], 48), None, chosen)
    Run(chosen, feed, tmp_path / "whole").train(quiet=True)
    first = Run(chosen, feed, tmp_path / "parts")
    first.train(stop=lambda: first.step >= 2, quiet=True)
    second = Run(chosen, feed, tmp_path / "parts")
    second.resume(tmp_path / "parts" / "last.pt")
    second.train(quiet=True)
    whole, parts = (checkpoint.load(tmp_path / name / "last.pt") for name in ("whole", "parts"))
    assert whole["step"] == parts["step"] == 4 and torch.equal(whole["rng"], parts["rng"])
    for side in ("colour", "grey"):
        pools = [state["method"][f"{side}_pool"]["kept"] for state in (whole, parts)]
        assert len(pools[0]) == 3 and all(torch.equal(*pair) for pair in zip(*pools, strict=True))
    for part in ("generators", "colour_adversary", "grey_adversary"):
        networks = [state["method"][part].get("discriminator", state["method"][part]) for state in (whole, parts)]
        assert all(torch.equal(value, networks[1][name]) for name, value in networks[0].items())


def test_a_state_that_lacks_a_part_is_refused() -> None:
    made = method()
    state = made.state_dict()
    del state["grey_pool"]
    with pytest.raises(KeyError):
        made.load_state_dict(state)


def test_discriminators_that_must_catch_up_learn_alone() -> None:
    """The first `alone` updates answer nothing to the generators."""
    made = method()
    for side in (made.colour_adversary, made.grey_adversary):
        side.settings = replace(side.settings, alone=1)
    first = made.step(batch(), STAGE, 0.0)
    assert "fooled_colour" not in first and {"colour_discriminator", "grey_discriminator"} <= set(first)
    assert "fooled_colour" in made.step(batch(), STAGE, 0.0)


def test_parts_and_other_networks_are_refused() -> None:
    with pytest.raises(config.ConfigError, match="accumulate"):
        method(accumulate=2)
    with pytest.raises(config.ConfigError, match="resnet"):
        CycleGAN.networks(config.RunConfig(method="cycle-gan"))
