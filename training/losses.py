"""Losses as pure functions: means over everything but their weights, each with the paper it comes from."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor


def weighted_huber(predicted: Tensor, true: Tensor, weight: Tensor, delta: float) -> Tensor:
    """Huber (1964) of chroma (B, 2, h, w), each pixel counted `weight` (B, 1, h, w) times; 0 where equal, never negative.

    Divided by delta, so that far from the truth it is close to a weighted L1. Weights have a mean of 1 over the whole batch,
    which may be more than what is given here.
    """
    error = F.huber_loss(predicted, true, reduction="none", delta=delta) / delta
    return (error * weight).mean()


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


def gradient_penalty_r1(logits: Tensor, real: Tensor) -> Tensor:
    """Half the squared gradient of a picture's summed logits by the real picture, mean over the batch.

    Mescheder et al. 2018 (arXiv 1801.04406): weighted by their gamma. `logits` must come from `real` (B, C, H, W), which the
    caller has made require a gradient before the discriminator saw it.
    """
    (slope,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
    return slope.square().sum((1, 2, 3)).mean() / 2


def cycle(returned: Tensor, original: Tensor) -> Tensor:
    """L1 of a picture that went to the other domain and came back (Zhu et al. 2017, arXiv 1703.10593)."""
    return F.l1_loss(returned, original)


def identity(mapped: Tensor, same: Tensor) -> Tensor:
    """L1 of what a generator makes of a picture already in its target domain (Taigman et al. 2017, arXiv 1611.02200)."""
    return F.l1_loss(mapped, same)


def expected_error(logarithm: Tensor, error: Tensor, least: float = 0.01) -> Tensor:
    """How badly `logarithm` (B, 1, h, w) tells the logarithm of the `error` to be expected at a place, same shape, 0 or more.

    Squared, so that the mean logarithm is learned (the scale of Kendall & Gal 2017, arXiv 1703.04977, told by its order of
    magnitude): what counts is which places are surer than others, and a few large errors say little of that. Errors below
    `least` are alike.
    """
    return (logarithm - torch.log(error.detach() + least)).square().mean()


def charbonnier(result: Tensor, true: Tensor, epsilon: float = 1e-3) -> Tensor:
    """A smooth L1, sqrt(error^2 + epsilon^2); epsilon where equal (Charbonnier et al. 1994; Lai et al. 2017, arXiv 1704.03915)."""
    return torch.sqrt((result - true).square() + epsilon**2).mean()


def masked_l1(result: Tensor, true: Tensor, mask: Tensor) -> Tensor:
    """L1 of pictures (B, C, H, W) where the mask (B, 1, H, W) is 1, mean over those pixels; 0 where it is 1 nowhere."""
    return ((result - true).abs() * mask).sum() / (mask.sum() * result.shape[1]).clamp_min(1)


def mask_cross_entropy(logits: Tensor, mask: Tensor, damaged: float) -> Tensor:
    """Binary cross-entropy against a soft mask 0..1, a wholly damaged pixel counted `damaged` times a sound one.

    Damage is rare: weighed alike, the cheapest answer is that there is none (Xie & Tu 2015, arXiv 1504.06375).
    """
    return F.binary_cross_entropy_with_logits(logits, mask, pos_weight=torch.full_like(mask[:1, :1, :1, :1], damaged))


def dice(logits: Tensor, mask: Tensor) -> Tensor:
    """1 - 2·overlap / (squares of both), mean over the batch; 0 where the probabilities are the soft mask (B, 1, H, W) itself.

    Milletari et al. 2016 (V-Net, arXiv 1606.04797). Sees small damage as well as large; one pixel is added above and below,
    so that nothing found where nothing is costs nothing.
    """
    found, axes = torch.sigmoid(logits), (1, 2, 3)
    overlap, squares = (found * mask).sum(axes), found.square().sum(axes) + mask.square().sum(axes)
    return (1 - (2 * overlap + 1) / (squares + 1)).mean()


class Perceptual:
    """How differently a frozen network sees two pictures: 0 if alike, at most 2.

    After LPIPS without its learned weights (Zhang et al. 2018, arXiv 1801.03924): the features of each place are made a unit
    vector; L1 between the vectors over the root of their length, mean over places, then over depths, so that every depth
    counts alike. backbone: pictures (B, 3, H, W) sRGB 0..1 -> feature maps, such as SqueezeNetFeatures.
    """

    def __init__(self, backbone: Callable[[Tensor], list[Tensor]]) -> None:
        self.backbone = backbone

    def __call__(self, result: Tensor, true: Tensor) -> Tensor:
        with torch.no_grad():
            wanted = self.backbone(true.detach())
        distances = [
            (F.normalize(seen.float(), eps=1e-3) - F.normalize(goal.float(), eps=1e-3)).abs().mean()
            * seen.shape[1] ** 0.5
            for seen, goal in zip(self.backbone(result), wanted, strict=True)
        ]
        return torch.stack(distances).mean()
