"""Losses as pure functions: means over everything but their weights, each with the paper it comes from."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def weighted_huber(predicted: Tensor, true: Tensor, weight: Tensor, delta: float) -> Tensor:
    """Huber (1964) of chroma (B, 2, h, w), each pixel counted `weight` (B, 1, h, w) times; 0 where equal, never negative.

    Divided by delta·mean(weight), so that far from the truth it is close to a weighted L1.
    """
    error = F.huber_loss(predicted, true, reduction="none", delta=delta) / delta
    return (error * weight).mean() / weight.mean()


def chroma_weight(true: Tensor, hinted: Tensor, floor: float, chroma: float, hint: float) -> Tensor:
    """How much a pixel counts: floor + chroma·|true| (at most 0.6) + hint·hinted; (B, 1, h, w).

    The rare colourful pixels weigh more, after the rebalancing of Zhang et al. 2016 (arXiv 1603.08511).
    """
    return floor + chroma * true.norm(dim=1, keepdim=True).clamp_max(0.6) + hint * hinted


def adversarial_real(logits: Tensor, objective: str) -> Tensor:
    """The discriminator's loss on real pictures. bce: Goodfellow 2014; lsgan: Mao 2017; hinge: Lim & Ye 2017."""
    if objective == "bce":
        return F.binary_cross_entropy_with_logits(logits, torch.ones_like(logits))
    if objective == "lsgan":
        return (logits - 1).square().mean()
    return F.relu(1 - logits).mean()


def adversarial_generated(logits: Tensor, objective: str) -> Tensor:
    """The discriminator's loss on generated pictures (detached ones: see methods)."""
    if objective == "bce":
        return F.binary_cross_entropy_with_logits(logits, torch.zeros_like(logits))
    if objective == "lsgan":
        return logits.square().mean()
    return F.relu(1 + logits).mean()


def adversarial_fooled(logits: Tensor, objective: str) -> Tensor:
    """The generator's loss on what the discriminator says of its pictures (non-saturating)."""
    return -logits.mean() if objective == "hinge" else adversarial_real(logits, objective)
