"""A step does what the paper says: who runs how often, who is updated by whom, and which stage trains what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from accelerate import Accelerator

from training import config
from training.data.batches import Batch
from training.methods.conditional_gan import ConditionalGAN

ADVERSARIAL = config.Stage(1.0, 32, train_encoder=True, adversarial=True)


def method(updates: int = 1, spectral: bool = True) -> ConditionalGAN:
    chosen = config.RunConfig(
        precision="no",
        generator=config.Generator(widths=(8, 8, 8, 8), pretrained=False),
        discriminator=config.Discriminator(width=4, layers=1, updates=updates, spectral=spectral),
        losses=config.Losses(adversarial=1.0),
        optimiser=config.Optimiser(warm_up=1),
    )
    return ConditionalGAN(chosen, Accelerator(cpu=True, mixed_precision="no"))


def batch() -> Batch:
    random = torch.Generator().manual_seed(3)
    lightness = torch.rand(2, 1, 32, 32, generator=random) * 100
    chroma = torch.rand(2, 2, 32, 32, generator=random) - 0.5
    return Batch(lightness, lightness, chroma, torch.zeros(2, 3, 32, 32), torch.tensor([True, True]))


def state(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def changed(before: dict[str, torch.Tensor], network: torch.nn.Module) -> set[str]:
    return {name for name, value in network.state_dict().items() if not torch.equal(before[name], value)}


@pytest.mark.parametrize("updates", [1, 2])
def test_a_step_runs_the_generator_once_and_the_discriminator_2n_plus_1_times(updates: int) -> None:
    made = method(updates)
    calls = {"generator": 0, "discriminator": 0}

    def counter(name: str) -> Callable:
        def count(*_: object) -> None:
            calls[name] += 1

        return count

    made.generator.register_forward_hook(counter("generator"))
    made.discriminator.register_forward_hook(counter("discriminator"))
    made.step(batch(), ADVERSARIAL, 0.5)
    assert calls == {"generator": 1, "discriminator": 2 * updates + 1}


def test_a_step_without_the_adversarial_part_leaves_the_discriminator_alone() -> None:
    made = method()
    before = state(made.discriminator)
    shown = made.step(batch(), config.Stage(1.0, 32), 0.5)
    assert changed(before, made.discriminator) == set() and set(shown) == {"pixel", "gradient"}


@pytest.mark.parametrize("spectral", [True, False])
def test_neither_update_moves_the_other(spectral: bool) -> None:
    """Weights, batch statistics and spectral-norm vectors of the one stay put while the other is updated."""
    made = method(spectral=spectral)
    shown = batch()
    generated = made.generator.train()(shown.lightness, shown.guide)
    true, grey = torch.rand(2, 2, 8, 8), torch.rand(2, 1, 8, 8)
    before = state(made.generator)
    made._update_discriminator(grey, true, generated.detach())
    assert changed(before, made.generator) == set()
    assert all(parameter.grad is None for parameter in made.generator.parameters())
    before = state(made.discriminator)
    made._update_generator(shown, ADVERSARIAL, grey, true, generated)
    assert changed(before, made.discriminator) == set()


def test_a_frozen_encoder_does_not_move_and_the_decoder_does() -> None:
    made = method()
    before = state(made.generator)
    made.step(batch(), config.Stage(1.0, 32, train_encoder=False), 0.2)
    moved = changed(before, made.generator)
    assert moved and not any(name.startswith("encoder.") for name in moved)
    made.step(batch(), config.Stage(1.0, 32, train_encoder=True), 0.2)
    assert any(name.startswith("encoder.") for name in changed(before, made.generator))


def test_a_repainted_photo_is_not_judged() -> None:
    made, seen = method(), []
    made.discriminator.register_forward_hook(lambda _, inputs, __: seen.append(len(inputs[0])))
    made.step(replace(batch(), natural=torch.tensor([True, False])), ADVERSARIAL, 0.5)
    assert seen == [1, 1, 1]


def test_a_batch_of_repainted_photos_alone_is_an_ordinary_step() -> None:
    shown = method().step(replace(batch(), natural=torch.tensor([False, False])), ADVERSARIAL, 0.5)
    assert set(shown) == {"pixel", "gradient"} and all(value == value for value in shown.values())


def test_the_rate_falls_to_nothing_at_the_end() -> None:
    made = method()
    made.step(batch(), ADVERSARIAL, 0.0)
    at_start = [group["lr"] for group in made.generator_optimiser.param_groups]
    made.step(batch(), ADVERSARIAL, 1.0)
    at_end = [group["lr"] for group in made.generator_optimiser.param_groups]
    assert at_start == [group["rate"] for group in made.generator_optimiser.param_groups]
    assert max(at_end) == pytest.approx(0, abs=1e-12)


def test_training_brings_the_loss_down() -> None:
    made = method()
    shown = batch()
    losses = [made.step(shown, config.Stage(1.0, 32), 0.1)["pixel"] for _ in range(25)]
    assert losses[-1] < 0.8 * losses[0]
