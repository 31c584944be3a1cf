"""Each loss has the value that its paper's formula gives, and a gradient that points the right way."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from training import losses


def test_huber_is_zero_where_equal_and_grows_linearly_far_away() -> None:
    true, weight = torch.zeros(1, 2, 4, 4), torch.ones(1, 1, 4, 4)
    assert losses.weighted_huber(true, true, weight, 0.06) == 0
    near, far = (losses.weighted_huber(true + step, true, weight, 0.06) for step in (0.5, 1.0))
    assert float(far - near) == pytest.approx(0.5, abs=1e-6)


def test_huber_counts_heavy_pixels_more() -> None:
    true, predicted, weight = torch.zeros(1, 2, 1, 2), torch.zeros(1, 2, 1, 2), torch.ones(1, 1, 1, 2)
    predicted[..., 0] = 1.0
    even = losses.weighted_huber(predicted, true, weight, 0.06)
    weight[..., 0], weight[..., 1] = 1.5, 0.5
    assert float(losses.weighted_huber(predicted, true, weight, 0.06) / even) == pytest.approx(1.5)


def test_colourful_and_hinted_pixels_weigh_more() -> None:
    true, hinted = torch.zeros(1, 2, 1, 3), torch.zeros(1, 1, 1, 3)
    true[0, 0, 0, 1], hinted[..., 2] = 2.0, 1.0
    assert losses.chroma_weight(true, hinted, 0.35, 4.0, 8.0).flatten().tolist() == pytest.approx([0.35, 2.75, 8.35])


@pytest.mark.parametrize(
    ("objective", "real", "generated", "fooled"),
    [
        ("bce", math.log(1 + math.exp(-0.5)), math.log(1 + math.exp(0.5)), math.log(1 + math.exp(-0.5))),
        ("lsgan", 0.25, 0.25, 0.25),
        ("hinge", 0.5, 1.5, -0.5),
    ],
)
def test_adversarial_values_at_a_logit_of_one_half(
    objective: str, real: float, generated: float, fooled: float
) -> None:
    logits = torch.full((2, 1, 3, 3), 0.5)
    assert float(losses.adversarial_real(logits, objective)) == pytest.approx(real)
    assert float(losses.adversarial_generated(logits, objective)) == pytest.approx(generated)
    assert float(losses.adversarial_fooled(logits, objective)) == pytest.approx(fooled)


@pytest.mark.parametrize("objective", ["bce", "lsgan", "hinge"])
def test_a_generator_is_pulled_towards_real(objective: str) -> None:
    logits = torch.zeros(1, 1, 2, 2, requires_grad=True)
    losses.adversarial_fooled(logits, objective).backward()
    assert logits.grad is not None and bool((logits.grad < 0).all())


def two_scales(picture: Tensor) -> list[Tensor]:
    """A backbone of two maps: the picture itself, and its halves' differences."""
    return [picture, picture[..., ::2] - picture[..., 1::2]]


def slope_of(loss: Tensor, at: Tensor) -> Tensor:
    (slope,) = torch.autograd.grad(loss, at)
    return slope


@pytest.mark.parametrize("loss", [losses.cycle, losses.identity])
def test_cycle_and_identity_are_mean_absolute_differences(loss: Callable[[Tensor, Tensor], Tensor]) -> None:
    true = torch.tensor([0.2, 0.5, 0.5, 0.9]).view(1, 1, 2, 2)
    answer = torch.tensor([0.4, 0.4, 0.5, 0.9]).view(1, 1, 2, 2).requires_grad_()
    value = loss(answer, true)
    assert float(value.detach()) == pytest.approx(0.075)
    assert slope_of(value, answer).flatten().tolist() == pytest.approx([0.25, -0.25, 0.0, 0.0])


def test_r1_is_half_the_squared_slope_of_each_pictures_summed_logits() -> None:
    """Logits 3·x over 2x2 pixels of 2 channels: 8 slopes of 3, squared 72, half 36, whatever the batch."""
    for batch in (1, 5):
        real = torch.rand(batch, 2, 2, 2, requires_grad=True)
        assert float(losses.gradient_penalty_r1(3 * real, real)) == pytest.approx(36)


def test_r1_pulls_the_discriminators_weight_towards_zero() -> None:
    weight, real = torch.tensor(2.0, requires_grad=True), torch.rand(1, 1, 2, 2, requires_grad=True)
    assert float(slope_of(losses.gradient_penalty_r1(weight * real, real), weight)) == pytest.approx(8)


def test_charbonnier_is_epsilon_where_equal_and_the_error_far_away() -> None:
    true = torch.zeros(1, 3, 2, 2)
    assert float(losses.charbonnier(true, true)) == pytest.approx(1e-3)
    assert float(losses.charbonnier(true + 0.5, true)) == pytest.approx(0.5, abs=1e-5)


def test_charbonnier_has_a_finite_slope_everywhere() -> None:
    result = torch.tensor([-0.5, 0.0, 0.5]).view(1, 1, 1, 3).requires_grad_()
    slope = slope_of(losses.charbonnier(result, torch.zeros(1, 1, 1, 3)), result)
    assert slope.flatten().tolist() == pytest.approx([-1 / 3, 0, 1 / 3], abs=1e-5)


def test_mask_cross_entropy_counts_damage_more() -> None:
    logits = torch.zeros(1, 1, 1, 2, requires_grad=True)
    mask = torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)
    value = losses.mask_cross_entropy(logits, mask, 5.0)
    assert float(value.detach()) == pytest.approx((5 + 1) / 2 * math.log(2))
    assert slope_of(value, logits).flatten().tolist() == pytest.approx([-5 / 4, 1 / 4])


def test_unweighed_mask_cross_entropy_is_least_at_the_soft_mask_itself() -> None:
    mask = torch.tensor([0.3, 0.8]).view(1, 1, 1, 2)
    logits = torch.logit(mask).requires_grad_()
    assert slope_of(losses.mask_cross_entropy(logits, mask, 1.0), logits).flatten().tolist() == pytest.approx(
        [0, 0], abs=1e-6
    )


def test_dice_values() -> None:
    """Three of four found wrongly, none rightly: 1 - 1/(3 + 1 + 1); nothing found where nothing is: 0."""
    sure, mask = torch.full((1, 1, 2, 2), 100.0), torch.zeros(1, 1, 2, 2)
    mask[..., 0, 0], sure[..., 0, 0] = 1, -100
    assert float(losses.dice(sure, mask)) == pytest.approx(0.8)
    assert float(losses.dice(torch.full((1, 1, 2, 2), -100.0), torch.zeros(1, 1, 2, 2))) == pytest.approx(0)


@given(st.lists(st.floats(0.01, 0.99), min_size=4, max_size=4))
def test_dice_is_zero_and_flat_at_the_soft_mask_itself(values: list[float]) -> None:
    mask = torch.tensor(values).view(1, 1, 2, 2)
    logits = torch.logit(mask).requires_grad_()
    value = losses.dice(logits, mask)
    assert float(value.detach()) == pytest.approx(0, abs=1e-6)
    assert float(slope_of(value, logits).abs().max()) < 1e-5


def test_dice_pulls_missed_damage_up_and_false_alarms_down() -> None:
    logits = torch.zeros(1, 1, 1, 2, requires_grad=True)
    missed, false_alarm = slope_of(losses.dice(logits, torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)), logits).flatten()
    assert missed < 0 < false_alarm


def test_perceptual_distance_of_opposite_features_is_two_and_of_like_ones_nothing() -> None:
    """Vectors of four equal numbers: unit vectors of four halves; opposite ones differ by 4·1 over the root of 4."""
    perceptual, picture = losses.Perceptual(lambda given: [given]), torch.ones(1, 4, 3, 3)
    assert float(perceptual(picture, picture)) == 0
    assert float(perceptual(picture, 5 * picture)) == pytest.approx(0)
    assert float(perceptual(picture, -picture)) == pytest.approx(2)


def test_perceptual_distance_is_the_mean_over_depths() -> None:
    result, true = torch.rand(2, 3, 4, 4), torch.rand(2, 3, 4, 4)
    alone = [losses.Perceptual(lambda given, depth=depth: [two_scales(given)[depth]]) for depth in (0, 1)]
    each = [float(distance(result, true)) for distance in alone]
    assert float(losses.Perceptual(two_scales)(result, true)) == pytest.approx(sum(each) / 2)


def test_perceptual_distance_falls_along_its_slope_and_leaves_the_true_picture_alone() -> None:
    torch.manual_seed(0)
    perceptual = losses.Perceptual(two_scales)
    result, true = torch.rand(1, 3, 4, 4, requires_grad=True), torch.rand(1, 3, 4, 4, requires_grad=True)
    before = perceptual(result, true)
    before.backward()
    assert result.grad is not None and true.grad is None
    assert perceptual(result - 0.01 * result.grad, true) < before


def test_perceptual_distance_has_a_finite_slope_where_no_feature_speaks() -> None:
    nothing = torch.zeros(1, 3, 4, 4, requires_grad=True)
    slope = slope_of(losses.Perceptual(two_scales)(nothing, torch.rand(1, 3, 4, 4)), nothing)
    assert bool(slope.isfinite().all())


def test_the_expected_error_is_best_told_by_its_mean_order_of_magnitude() -> None:
    error = torch.tensor([0.1, 0.4]).view(2, 1, 1, 1) - 0.01
    told = {
        value: float(losses.expected_error(torch.full((2, 1, 1, 1), value).log(), error)) for value in (0.1, 0.2, 0.3)
    }
    assert min(told, key=lambda value: told[value]) == 0.2
