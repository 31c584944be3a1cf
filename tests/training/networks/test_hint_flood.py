"""A hint's colour reaches what looks like the hinted place, fades with distance, and silence stays silent."""

from __future__ import annotations

import torch

from training.networks.hint_flood import HintFlood


def two_halves() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Features that differ left and right; one hint (a* 0.5, b* -0.2) in the left half."""
    features = torch.zeros(1, 4, 16, 16)
    features[:, 0, :, :8], features[:, 1, :, 8:] = 1, 1
    chroma, coverage = torch.zeros(1, 2, 16, 16), torch.zeros(1, 1, 16, 16)
    coverage[..., 2:4, 2:4] = 1
    chroma[:, 0, 2:4, 2:4], chroma[:, 1, 2:4, 2:4] = 0.5, -0.2
    return features, chroma, coverage


def flood() -> HintFlood:
    made = HintFlood(4, width=4)
    with torch.no_grad():
        made.embed.weight.copy_(torch.eye(4)[:, :, None, None])
        made.embed.bias.zero_()
    return made.requires_grad_(False)


def test_the_hint_fills_its_own_half_more_than_the_other() -> None:
    flooded, trust = flood()(*two_halves())
    assert torch.allclose(flooded[0, :, 3, 3], torch.tensor([0.5, -0.2]), atol=1e-3)
    assert float(trust[0, 0, 10, 2]) > 2 * float(trust[0, 0, 10, 13])
    assert float(trust[0, 0, 3, 3]) > float(trust[0, 0, 15, 7])


def test_no_hint_no_trust() -> None:
    features, chroma, coverage = two_halves()
    flooded, trust = flood()(features, chroma * 0, coverage * 0)
    assert float(trust.abs().max()) == 0 and float(flooded.abs().max()) == 0


def test_the_answer_does_not_depend_on_the_batch() -> None:
    features, chroma, coverage = two_halves()
    alone = flood()(features, chroma, coverage)
    both = flood()(
        torch.cat([features, features.flip(3)]), torch.cat([chroma, chroma]), torch.cat([coverage, coverage * 0])
    )
    assert torch.allclose(alone[0], both[0][:1], atol=1e-6) and torch.allclose(alone[1], both[1][:1], atol=1e-6)
