"""The frozen judge reads its file strictly, sees as SqueezeNet does, and passes gradients to the picture only."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from training.config import ConfigError
from training.networks import squeezenet
from training.networks.squeezenet import SqueezeNetFeatures, read


def tensors() -> dict[str, Tensor]:
    """Random weights under the names and shapes of SqueezeNet 1.1, and a classifier that is not wanted."""
    random = torch.Generator().manual_seed(0)
    found: dict[str, Tensor] = {"classifier.1.bias": torch.zeros(1000)}

    def add(name: str, channels_out: int, channels_in: int, kernel: int) -> None:
        weight = torch.randn(channels_out, channels_in, kernel, kernel, generator=random)
        found[f"{name}.weight"] = (weight * (2 / (channels_in * kernel**2)) ** 0.5).half()
        found[f"{name}.bias"] = torch.zeros(channels_out)

    add("features.0", 64, 3, 3)
    fires = {3: (64, 16, 64), 4: (128, 16, 64), 6: (128, 32, 128), 7: (256, 32, 128), 9: (256, 48, 192)}
    fires |= {10: (384, 48, 192), 11: (384, 64, 256), 12: (512, 64, 256)}
    for index, (channels_in, squeezed, expanded) in fires.items():
        add(f"features.{index}.squeeze", squeezed, channels_in, 1)
        add(f"features.{index}.expand1x1", expanded, squeezed, 1)
        add(f"features.{index}.expand3x3", expanded, squeezed, 3)
    return found


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from safetensors.torch import save_file

    file = tmp_path_factory.mktemp("weights") / "squeezenet.safetensors"
    save_file(tensors(), file)
    return file


def test_seven_maps_from_fine_to_coarse(weights: Path) -> None:
    maps = SqueezeNetFeatures(weights)(torch.rand(2, 3, 67, 99))
    assert [tuple(seen.shape) for seen in maps] == [
        (2, 64, 33, 49), (2, 128, 16, 24), (2, 256, 8, 12), (2, 384, 4, 6), (2, 384, 4, 6), (2, 512, 4, 6), (2, 512, 4, 6)
    ]  # fmt: skip


def test_the_first_layer_sees_blue_first_and_the_mean_colour_as_nothing(weights: Path) -> None:
    network = SqueezeNetFeatures(weights)
    mean = torch.tensor(squeezenet.MEAN_BGR).flip(0).view(1, 3, 1, 1) / 255
    assert float(network(mean.expand(1, 3, 33, 33))[0].abs().max()) < 1e-3
    only_blue = mean.expand(1, 3, 33, 33).clone()
    only_blue[:, 2] += 10 / 255
    expected = 10 * tensors()["features.0.weight"].float()[:, 0].sum((1, 2)).relu()
    assert torch.allclose(network(only_blue)[0][0, :, 5, 5], expected, atol=1e-2)


def test_gradients_reach_the_picture_and_no_weight(weights: Path) -> None:
    network = SqueezeNetFeatures(weights)
    picture = torch.rand(1, 3, 40, 40, requires_grad=True)
    sum(seen.mean() for seen in network(picture)).backward()
    assert picture.grad is not None and bool(picture.grad.any())
    assert [name for name, weight in network.named_parameters() if weight.requires_grad] == []


def test_it_stays_in_evaluation_mode(weights: Path) -> None:
    assert not SqueezeNetFeatures(weights).train().training


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there are no weights at .*nowhere.safetensors"):
        SqueezeNetFeatures(tmp_path / "nowhere.safetensors")


def test_a_broken_file_is_named(tmp_path: Path, weights: Path) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(weights.read_bytes()[:500_000])
    with pytest.raises(ConfigError, match=r"broken.safetensors is not a whole safetensors file"):
        read(broken)


def test_another_networks_weights_are_refused(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    save_file({"features.0.weight": torch.zeros(64, 3, 7, 7)}, tmp_path / "other.safetensors")
    with pytest.raises(ConfigError, match=r"other.safetensors does not hold the weights of SqueezeNet 1.1"):
        SqueezeNetFeatures(tmp_path / "other.safetensors")


def test_a_missing_package_is_named(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(ConfigError, match="pip install safetensors"):
        read(weights)
