"""The baseline learns, and a method is found by its file's name alone."""

from __future__ import annotations

import pytest
import torch
from accelerate import Accelerator

from training import config, methods
from training.data.batches import Batch
from training.methods.plain_l1 import PlainL1


def test_it_comes_nearer_to_the_true_chroma() -> None:
    chosen = config.RunConfig(
        method="plain-l1",
        generator=config.Generator(widths=(8, 8, 8, 8), encoder="plain"),
        optimiser=config.Optimiser(warm_up=1),
    )
    made = PlainL1(chosen, Accelerator(cpu=True, mixed_precision="no"))
    random = torch.Generator().manual_seed(3)
    lightness, chroma = 100 * torch.rand(2, 1, 32, 32, generator=random), torch.rand(2, 2, 1, 1, generator=random) - 0.5
    batch = Batch(lightness, lightness, chroma.expand(-1, -1, 32, 32), torch.zeros(2, 3, 32, 32), torch.ones(2) > 0)
    losses = [made.step(batch, config.Stage(), 0.1)["pixel"] for _ in range(25)]
    assert losses[-1] < 0.5 * losses[0]


def test_a_method_is_its_file() -> None:
    assert methods.load("plain-l1") is PlainL1


@pytest.mark.parametrize("name", ["plain-l2", "adversary", "supervised", "restorer", ""])
def test_a_file_without_a_method_is_none(name: str) -> None:
    with pytest.raises(config.ConfigError, match="there is no"):
        methods.load(name)


@pytest.mark.parametrize(("name", "network"), [("plain-l1", "colour-unet"), ("face-detector", "face-net")])
def test_a_state_is_generators_and_learner_and_goes_strictly_back(name: str, network: str) -> None:
    chosen = config.RunConfig(
        generator=config.Generator(
            network, widths=(8, 8, 8, 8, 8)[: 4 + (network == "face-net")], encoder="plain", width=8
        ),
    )
    other = config.RunConfig(seed=2, generator=chosen.generator)
    accelerator = Accelerator(cpu=True, mixed_precision="no")
    made, again = (methods.load(name)(settings, accelerator) for settings in (chosen, other))
    assert list(made.state_dict()) == ["generators", "learner"]
    before = again.generators.state_dict()
    assert any(not torch.equal(weight, before[key]) for key, weight in made.generators.state_dict().items())
    again.load_state_dict(made.state_dict())
    assert all(
        torch.equal(weight, again.generators.state_dict()[key]) for key, weight in made.generators.state_dict().items()
    )
    with pytest.raises(RuntimeError, match="Missing key"):
        again.load_state_dict({**made.state_dict(), "generators": {}})


def test_parts_add_up_to_the_whole() -> None:
    """A batch worked in two parts has the loss and the gradient of the whole, where no norm looks at the batch."""
    random = torch.Generator().manual_seed(3)
    lightness, chroma = 100 * torch.rand(2, 1, 32, 32, generator=random), torch.rand(2, 2, 32, 32, generator=random)
    batch = Batch(lightness, lightness, chroma, torch.zeros(2, 3, 32, 32), torch.ones(2) > 0)
    shown = []
    for parts in (1, 2):
        chosen = config.RunConfig(
            method="plain-l1",
            batch=2,
            accumulate=parts,
            generator=config.Generator(widths=(8, 8, 8, 8), encoder="plain"),
        )
        made = PlainL1(chosen, Accelerator(cpu=True, mixed_precision="no"))
        for norm in made.generators.modules():
            if isinstance(norm, torch.nn.BatchNorm2d):
                norm.eval()
                norm.train = lambda mode=True, norm=norm: norm  # type: ignore[method-assign]
        shown.append(made.step(batch, config.Stage(), 0.1))
    assert shown[1] == pytest.approx(shown[0], rel=1e-4)


@pytest.mark.parametrize(
    ("generator", "words"),
    [
        ({"network": "resnet"}, "not one of this method's: colour-unet"),
        ({"network": "unet"}, "not one of this method's: colour-unet"),
        ({"encoder": "vgg"}, "generator.encoder"),
        ({"widths": (8, 8)}, "four are needed"),
    ],
)
def test_a_generator_that_it_cannot_use_is_refused(generator: dict, words: str) -> None:
    with pytest.raises(config.ConfigError, match=words):
        PlainL1.networks(config.RunConfig(generator=config.Generator(**{"pretrained": False, **generator})))
