"""Each loss has the value that its paper's formula gives, and a gradient that points the right way."""

from __future__ import annotations

import math

import pytest
import torch

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
    weight[..., 0] = 3.0
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
