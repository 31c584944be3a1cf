"""A step does what the paper says: who runs how often, who is updated by whom, and which stage trains what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from accelerate import Accelerator

from tests.training.methods.networks_in_motion import Runs, changed, state
from training import config
from training.data.batches import Batch
from training.methods.conditional_gan import ConditionalGAN

ADVERSARIAL = config.Stage(1.0, 32, train_encoder=True, adversarial=True)


def method(encoder: str = "efficientnet-lite0", accumulate: int = 1, **discriminator: Any) -> ConditionalGAN:
    chosen = config.RunConfig(
        precision="no",
        batch=2,
        accumulate=accumulate,
        generator=config.Generator(widths=(8, 8, 8, 8), pretrained=False, encoder=encoder),
        discriminator=config.Discriminator(**{"width": 4, "layers": 1, **discriminator}),
        losses=config.Losses(adversarial=1.0),
        optimiser=config.Optimiser(warm_up=1),
    )
    return ConditionalGAN(chosen, Accelerator(cpu=True, mixed_precision="no"))


def batch() -> Batch:
    random = torch.Generator().manual_seed(3)
    lightness = torch.rand(2, 1, 32, 32, generator=random) * 100
    chroma = torch.rand(2, 2, 32, 32, generator=random) - 0.5
    return Batch(lightness, lightness, chroma, torch.zeros(2, 3, 32, 32), torch.tensor([True, True]))


@pytest.mark.parametrize("updates", [1, 2])
def test_a_step_runs_the_generator_once_and_the_discriminator_2n_plus_1_times(updates: int) -> None:
    made = method(updates=updates)
    runs = Runs(generator=made.generator, discriminator=made.adversary.discriminator)
    made.step(batch(), ADVERSARIAL, 0.5)
    assert runs.count == {"generator": 1, "discriminator": 2 * updates + 1}
    assert made.adversary.updates == updates


def test_a_step_without_the_adversarial_part_leaves_the_discriminator_alone() -> None:
    made = method()
    before = state(made.adversary.discriminator)
    shown = made.step(batch(), config.Stage(1.0, 32), 0.5)
    assert changed(before, made.adversary.discriminator) == set() and set(shown) == {"pixel", "gradient"}


@pytest.mark.parametrize(
    "discriminator", [{"spectral": True}, {"spectral": False}, {"spectral": False, "norm": "batch"}]
)
@pytest.mark.parametrize("encoder", ["efficientnet-lite0", "plain"])
def test_the_discriminators_update_moves_nothing_of_the_generator(encoder: str, discriminator: dict[str, Any]) -> None:
    """Nor does the generator's update move the discriminator: weights, batch statistics and spectral-norm vectors stay."""
    made = method(encoder, **discriminator)
    shown = batch()
    generated = made.generator.train()(shown.lightness, shown.guide)
    grey, true = torch.rand(2, 1, 8, 8), torch.rand(2, 2, 8, 8)
    before = state(made.generator)
    made.adversary.update((grey, true), (grey, generated))
    assert changed(before, made.generator) == set()
    assert all(parameter.grad is None for parameter in made.generator.parameters())

    before = state(made.adversary.discriminator)
    made.adversary.optimiser.zero_grad()
    made.learner.begin(0.0)
    made.adversary.fooled((grey, generated)).backward()
    made.learner.end()
    assert changed(before, made.adversary.discriminator) == set()
    assert all(parameter.grad is None for parameter in made.adversary.discriminator.parameters())


def test_a_frozen_encoder_does_not_move_and_the_decoder_does() -> None:
    made = method()
    before = state(made.generator)
    made.step(batch(), config.Stage(1.0, 32, train_encoder=False), 0.2)
    moved = changed(before, made.generator)
    assert moved and not any(name.startswith("encoder.") for name in moved)
    made.step(batch(), config.Stage(1.0, 32, train_encoder=True), 0.2)
    assert any(name.startswith("encoder.") for name in changed(before, made.generator))


def test_an_encoder_learns_from_a_stage_on() -> None:
    made = method()
    before = state(made.generator)
    made.step(batch(), config.Stage(1.0, 32, encoder_from=4), 0.2)
    moved = {name for name in changed(before, made.generator) if name.startswith("encoder.")}
    first = sum(made.generator.encoder.variant.repeats[:4])  # type: ignore[union-attr]
    assert {int(name.split(".")[2]) for name in moved} <= set(range(first, 16))
    assert f"encoder._blocks.{first}._project_conv.weight" in moved


def test_a_projected_discriminator_judges_the_colour_picture() -> None:
    made, seen = method(network="projected", pretrained=False), []
    made.adversary.discriminator.register_forward_hook(lambda _, inputs, __: seen.append(inputs))
    before = state(made.adversary.discriminator)
    shown = made.step(replace(batch(), natural=torch.tensor([True, False])), ADVERSARIAL, 0.5)
    assert {"adversarial", "discriminator"} <= set(shown) and len(seen) == 3
    assert all(len(pictures) == 1 and pictures[0].shape == (1, 3, 32, 32) for pictures in seen)
    moved = changed(before, made.adversary.discriminator)
    assert moved and all(name.startswith("judge.") for name in moved)


def test_a_repainted_photo_is_not_judged() -> None:
    made, seen = method(), []
    made.adversary.discriminator.register_forward_hook(lambda _, inputs, __: seen.append(len(inputs[0])))
    made.step(replace(batch(), natural=torch.tensor([True, False])), ADVERSARIAL, 0.5)
    assert seen == [1, 1, 1]


def test_a_batch_of_repainted_photos_alone_is_an_ordinary_step() -> None:
    shown = method().step(replace(batch(), natural=torch.tensor([False, False])), ADVERSARIAL, 0.5)
    assert set(shown) == {"pixel", "gradient"} and all(value == value for value in shown.values())


def test_a_discriminator_that_must_catch_up_learns_alone() -> None:
    """The first `alone` updates answer nothing to the generator."""
    made = method(alone=2)
    assert "adversarial" not in (first := made.step(batch(), ADVERSARIAL, 0.0)) and "discriminator" in first
    assert "adversarial" in made.step(batch(), ADVERSARIAL, 0.0)


def test_parts_add_up_to_the_whole() -> None:
    """A batch worked in two parts updates the weights as the whole one does, where no norm looks at the batch."""
    answers = []
    for parts in (1, 2):
        made = method(accumulate=parts)
        for norm in made.generator.modules():
            if isinstance(norm, torch.nn.BatchNorm2d):
                norm.eval()
                norm.train = lambda mode=True, norm=norm: norm  # type: ignore[method-assign]
        shown = replace(batch(), natural=torch.tensor([True, False]))
        losses = made.step(shown, ADVERSARIAL, 0.3)
        answers.append((losses, made.generator.state_dict(), made.adversary.discriminator.state_dict()))
    (whole_losses, *whole), (part_losses, *parted) = answers
    assert part_losses == pytest.approx(whole_losses, rel=1e-4)
    for expected, found in zip(whole, parted, strict=True):
        for name, value in expected.items():
            assert torch.allclose(value.float(), found[name].float(), atol=1e-5), name


def test_the_rate_falls_to_nothing_at_the_end() -> None:
    made = method()
    made.step(batch(), ADVERSARIAL, 0.0)
    at_start = [group["lr"] for group in made.learner.optimiser.param_groups]
    made.step(batch(), ADVERSARIAL, 1.0)
    at_end = [group["lr"] for group in made.learner.optimiser.param_groups]
    assert at_start == [group["rate"] for group in made.learner.optimiser.param_groups]
    assert max(at_end) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("encoder", ["efficientnet-lite0", "plain"])
def test_training_brings_the_loss_down(encoder: str) -> None:
    made = method(encoder)
    shown = batch()
    losses = [made.step(shown, config.Stage(1.0, 32), 0.1)["pixel"] for _ in range(25)]
    assert losses[-1] < 0.8 * losses[0]


def larger() -> ConditionalGAN:
    chosen = config.RunConfig(
        precision="no",
        batch=2,
        generator=config.Generator(widths=(8, 16, 8, 8), pretrained=False, attention=1, style=3, certainty=True),
        discriminator=config.Discriminator(width=4, layers=1),
        losses=config.Losses(adversarial=1.0, certainty=1.0),
        optimiser=config.Optimiser(warm_up=1),
    )
    return ConditionalGAN(chosen, Accelerator(cpu=True, mixed_precision="no"))


def test_styles_and_certainty_are_learned_and_kept_in_a_checkpoint() -> None:
    torch.manual_seed(1)
    made = larger()
    before, styles = state(made.generator), state(made.learning["style"])
    for _ in range(3):
        shown = made.step(batch(), ADVERSARIAL, 0.2)
    assert {"pixel", "certainty", "adversarial"} <= set(shown)
    assert {"style32.weight", "style8.weight", "last.weight"} <= changed(before, made.generator)
    assert changed(styles, made.learning["style"])
    assert int(made.generator.get_buffer("styles").any(1).sum()) == 2 * 3  # every natural photo's, of two a batch
    other = larger()
    other.load_state_dict(made.state_dict())
    assert changed(state(made.learning), other.learning) == set()


@pytest.mark.parametrize(("share", "told"), [(0.0, False), (1.0, True)])
def test_the_style_is_told_of_so_many_photos(share: float, told: bool) -> None:
    made = larger()
    made.config = replace(made.config, hints=config.Hints(styles=share))
    codes = []
    made.generator.style32.register_forward_hook(lambda _, inputs, __: codes.append(inputs[0].detach()))  # type: ignore[union-attr]
    made.step(batch(), config.Stage(1.0, 32), 0.5)
    assert bool(codes and codes[0].any()) is told
    assert bool(made.generator.get_buffer("styles").any()) is told  # what is known of styles stays where none is told


def test_stored_features_do_what_the_encoder_would() -> None:
    """A step on what the frozen encoder saw moves the decoder as a step through the encoder does, where nothing is told a style."""
    answers = []
    for stored in (False, True):
        made = method()
        shown = batch()
        if stored:
            with torch.no_grad():
                features = tuple(made.generator.train().encode(shown.lightness))  # type: ignore[operator]
            shown = replace(shown, features=features)
        made.step(shown, config.Stage(1.0, 32, train_encoder=False), 0.5)
        answers.append(state(made.generator))
    for name, value in answers[0].items():
        assert torch.allclose(value, answers[1][name], atol=1e-6), name
