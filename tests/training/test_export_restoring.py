"""Restoring generators in ONNX: the engine runs them at any size, in both files where there are two, and each input is heard."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.card import Card
from engine.generator import Generator
from engine.session import Device
from training import config, export, methods, start

NETWORKS = {
    "repair": config.Generator("mending", encoder="", widths=(4, 6), finder=(4, 6), blocks=1),
    "clean": config.Generator("picture-unet", widths=(4, 6), blocks=1),
    "upscale": config.Generator("enlarger", widths=(4, 6), blocks=1, scale=2),
    "clean-nafnet": config.Generator("nafnet", width=4, blocks=1),
}
"""By what they are called here: a method's word, and more where it can have other networks."""


def configuration(name: str) -> config.RunConfig:
    return config.RunConfig(name=name, method=name.split("-")[0], generator=NETWORKS[name])


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Card, dict[str, torch.Tensor]]]:
    """Card of each export, whose parity the export itself has checked, and the weights that went into it."""
    made = {}
    for called in NETWORKS:
        torch.manual_seed(3)
        chosen = configuration(called)
        method = methods.load(chosen.method)
        (name, network), *_ = method.networks(chosen).items()
        with torch.no_grad():
            for part in network.modules():  # answers as large as after training
                if isinstance(part, torch.nn.Conv2d):
                    part.weight *= 2
                    if part.bias is not None:
                        part.bias += 0.01 * torch.randn_like(part.bias)
        exportable = method.exportable(name, network.eval(), chosen)
        known = {"trained_on": ("noise",), "terms": "none", "limits": "all", "figures": {}}
        card = export.draft_card(called, called, 1, exportable, made_by=export.made_by("test", 1.0), **known)
        networks = torch.nn.ModuleDict({name: network})
        made[called] = (
            export.export(exportable, card, tmp_path_factory.mktemp(called)),
            {key: value.clone() for key, value in networks.state_dict().items()},
        )
    return made


@pytest.fixture(scope="module")
def cards(exported: dict[str, tuple[Card, dict[str, torch.Tensor]]]) -> dict[str, Card]:
    return {called: card for called, (card, _) in exported.items()}


def picture(height: int = 45, width: int = 70) -> np.ndarray:
    return np.random.default_rng(1).uniform(0.2, 0.8, (height, width, 3)).astype(np.float32)


def test_what_is_said_to_be_damaged_is_filled_and_nothing_else(cards: dict[str, Card]) -> None:
    generator, image = Generator.load(cards["repair"], Device("cpu")), picture(80, 100)
    guide = np.zeros((80, 100, 2), np.float32)
    guide[..., 1] = 1
    guide[10:30, 40:44] = (1, 0)
    answer = generator.run(image, guide=guide)
    changed = np.abs(answer.image - image).max(2) > 1e-6
    assert not changed[guide[..., 1] == 1].any() and changed[10:30, 40:44].mean() > 0.9
    assert answer.map is not None and answer.map[10:30, 40:44].min() == 1 and answer.map[guide[..., 1] == 1].max() == 0


def test_a_hole_with_nothing_known_for_far_round_is_filled(cards: dict[str, Card]) -> None:
    """0 / 0 in the exported file was no picture, though torch had an answer."""
    mask = np.ones((256, 256), bool)
    mask[0, 0] = False
    filled = Generator.load(cards["repair"], Device("cpu")).fill(picture(256, 256), mask, seen=mask)
    assert np.isfinite(filled).all()


@pytest.mark.parametrize(("called", "multiple"), [("clean", 4), ("clean-nafnet", 8)])
def test_a_clean_picture_keeps_its_size(called: str, multiple: int, cards: dict[str, Card]) -> None:
    assert cards[called].multiple == multiple
    assert Generator.load(cards[called], Device("cpu")).run(picture()).image.shape == (45, 70, 3)


def test_the_style_of_an_enlarger_is_how_faithful_it_is(cards: dict[str, Card]) -> None:
    generator = Generator.load(cards["upscale"], Device("cpu"))
    detailed, halfway, faithful = (generator.run(picture(), style=np.float32([s])).image for s in (0, 0.5, 1))
    assert detailed.shape == (90, 140, 3) and np.array_equal(detailed, generator.run(picture()).image)
    assert np.abs(detailed - faithful).mean() > 1e-3
    inside = (np.minimum(detailed, faithful) > 0) & (np.maximum(detailed, faithful) < 1)
    assert np.abs(halfway - (detailed + faithful) / 2)[inside].max() < 1e-4


@pytest.mark.parametrize("called", NETWORKS)
def test_training_goes_on_from_the_exported_file(
    called: str, exported: dict[str, tuple[Card, dict[str, torch.Tensor]]]
) -> None:
    card, weights = exported[called]
    state = start.weights_of(configuration(called), card.folder / list(card.files.values())[-1])
    assert state.keys() == weights.keys()
    for name, weight in weights.items():
        assert torch.allclose(state[name], weight, atol=2e-3, rtol=2e-3), name
