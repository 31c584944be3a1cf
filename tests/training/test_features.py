"""A backbone is known by its file's tensors, sees as its paper says, and a file that would have to be run is refused."""

from __future__ import annotations

import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.onnx_files import Graph
from training import features
from training.config import ConfigError
from training.features import LPIPS


def convolutions(sizes: dict[int, tuple[int, int, int]]) -> dict[str, Tensor]:
    """Random weights under torchvision's names; sizes: layer -> channels out, channels in, kernel."""
    random = torch.Generator().manual_seed(0)
    tensors: dict[str, Tensor] = {"classifier.6.bias": torch.zeros(1000)}
    for layer, (channels_out, channels_in, kernel) in sizes.items():
        weight = torch.randn(channels_out, channels_in, kernel, kernel, generator=random)
        tensors[f"features.{layer}.weight"] = weight * (2 / (channels_in * kernel**2)) ** 0.5
        tensors[f"features.{layer}.bias"] = torch.zeros(channels_out)
    return tensors


def alexnet() -> dict[str, Tensor]:
    return convolutions({0: (64, 3, 11), 3: (192, 64, 5), 6: (384, 192, 3), 8: (256, 384, 3), 10: (256, 256, 3)})


def vgg16() -> dict[str, Tensor]:
    widths = {0: 64, 2: 64, 5: 128, 7: 128, 10: 256, 12: 256, 14: 256} | dict.fromkeys((17, 19, 21, 24, 26, 28), 512)
    inputs = [3, *widths.values()]
    return convolutions({layer: (out, inputs[i], 3) for i, (layer, out) in enumerate(widths.items())})


@pytest.fixture(scope="module")
def alexnet_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("weights") / "alexnet.pth"
    torch.save(alexnet(), file)
    return file


@pytest.mark.parametrize(("name", "tensors"), [("AlexNet", alexnet), ("VGG16", vgg16)])
def test_the_networks_of_lpips_are_known_by_their_tensors(
    name: str, tensors: Callable[[], dict[str, Tensor]], tmp_path: Path
) -> None:
    torch.save(tensors(), tmp_path / "any.pth")
    backbone = features.load(tmp_path / "any.pth")
    assert (backbone.name, backbone.side, backbone.weights) == (name, 224, None)
    picture = np.random.default_rng(1).random((64, 80, 3), np.float32)
    assert backbone.vector(picture).shape == (sum(LPIPS[name].channels),)
    assert backbone.maps is not None
    maps = backbone.maps(torch.rand(1, 3, 64, 80))
    assert tuple(each.shape[1] for each in maps) == LPIPS[name].channels
    assert all(float(each.min()) == 0 for each in maps), "maps are taken behind the ReLU"
    assert maps[0].shape[2:] == {"AlexNet": (15, 19), "VGG16": (64, 80)}[name]
    assert maps[-1].shape[2:] == {"AlexNet": (3, 4), "VGG16": (4, 5)}[name]


def test_pictures_are_normalised_as_imagenets(alexnet_file: Path) -> None:
    """The mean colour of ImageNet gives nothing where no bias does."""
    backbone = features.load(alexnet_file)
    assert backbone.maps is not None
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1).expand(1, 3, 64, 64)
    inner = backbone.maps(mean)[0][:, :, 2:-2, 2:-2]
    assert float(inner.abs().max()) < 1e-5 < 0.1 < float(backbone.maps(mean + 0.3)[0].abs().max())


def test_lpips_weights_are_read_in_torchs_older_format_too(alexnet_file: Path, tmp_path: Path) -> None:
    sizes = LPIPS["AlexNet"].channels
    learned = {f"lin{i}.model.1.weight": torch.full((1, size, 1, 1), float(i)) for i, size in enumerate(sizes)}
    torch.save(learned, tmp_path / "alex.pth", _use_new_zipfile_serialization=False)
    weights = features.load(alexnet_file, tmp_path / "alex.pth").weights
    assert weights is not None
    assert [float(weight.mean()) for weight in weights] == [0, 1, 2, 3, 4]

    del learned["lin4.model.1.weight"]
    torch.save(learned, tmp_path / "fewer.pth")
    with pytest.raises(ConfigError, match=r"fewer\.pth does not hold LPIPS's weights for AlexNet"):
        features.load(alexnet_file, tmp_path / "fewer.pth")
    with pytest.raises(ConfigError, match=r"no file of LPIPS's weights .*none\.pth"):
        features.load(alexnet_file, tmp_path / "none.pth")


def test_squeezenet_gives_the_vectors_of_four_of_its_maps(tmp_path: Path) -> None:
    from safetensors.torch import save_file

    fires = {3: (64, 16), 4: (128, 16), 6: (128, 32), 7: (256, 32), 9: (256, 48), 10: (384, 48), 11: (384, 64)}
    fires[12] = (512, 64)
    sizes: dict[str, tuple[int, int, int]] = {"features.0": (64, 3, 3)}
    for layer, (channels, squeezed) in fires.items():
        sizes[f"features.{layer}.squeeze"] = (squeezed, channels, 1)
        sizes[f"features.{layer}.expand1x1"] = (4 * squeezed, squeezed, 1)
        sizes[f"features.{layer}.expand3x3"] = (4 * squeezed, squeezed, 3)
    tensors = {}
    for name, (channels_out, channels_in, kernel) in sizes.items():
        tensors[f"{name}.weight"] = torch.rand(channels_out, channels_in, kernel, kernel) / (channels_in * kernel**2)
        tensors[f"{name}.bias"] = torch.zeros(channels_out)
    save_file(tensors, tmp_path / "squeezenet.safetensors")
    backbone = features.load(tmp_path / "squeezenet.safetensors")
    picture = np.random.default_rng(1).random((64, 64, 3), np.float32)
    assert backbone.vector(picture).shape == (128 + 256 + 384 + 512,)
    torch.save(tensors, tmp_path / "squeezenet1_1.pth")
    with pytest.raises(ConfigError, match="torchvision's SqueezeNet"):
        features.load(tmp_path / "squeezenet1_1.pth")
    with pytest.raises(ConfigError, match="learned for AlexNet and VGG16, not for SqueezeNet"):
        features.load(tmp_path / "squeezenet.safetensors", tmp_path / "squeezenet1_1.pth")


def test_an_onnx_file_gives_vectors_at_its_own_size(tmp_path: Path) -> None:
    graph = Graph()
    picture = graph.input("picture", (1, 3, 40, 40))
    graph.output("features", graph.op("GlobalAveragePool", picture), (1, 3, 1, 1))
    (tmp_path / "means.onnx").write_bytes(graph.model().SerializeToString())
    backbone = features.load(tmp_path / "means.onnx")
    shown = np.random.default_rng(1).random((40, 40, 3), np.float32)
    assert (backbone.name, backbone.side, backbone.maps) == ("means", 40, None)
    assert backbone.vector(shown) == pytest.approx(shown.mean((0, 1)), abs=1e-6)


class Hostile:
    """Pickled, it makes a file when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.mark,)


def as_archive(mark: Path, file: Path) -> None:
    torch.save({"features.0.weight": Hostile(mark)}, file)


def as_older_format(mark: Path, file: Path) -> None:
    torch.save({"features.0.weight": Hostile(mark)}, file, _use_new_zipfile_serialization=False)


def as_plain_pickle(mark: Path, file: Path) -> None:
    file.write_bytes(pickle.dumps(Hostile(mark)))


def as_torchscript(mark: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inception/code/__torch__.py", "def forward(self, x): ...")
        archive.writestr("inception/data.pkl", pickle.dumps(Hostile(mark)))


def as_tar_that_begins_like_the_older_format(mark: Path, file: Path) -> None:
    entry = tarfile.TarInfo(features._OLD_FORMAT.decode("latin-1"))
    content = pickle.dumps(Hostile(mark))
    entry.size = len(content)
    with tarfile.open(file, "w", encoding="latin-1", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(entry, io.BytesIO(content))


@pytest.mark.parametrize(
    "write",
    [as_archive, as_older_format, as_plain_pickle, as_torchscript, as_tar_that_begins_like_the_older_format],
)
def test_a_hostile_file_is_refused_and_never_run(write: Callable[[Path, Path], None], tmp_path: Path) -> None:
    mark, file = tmp_path / "run", tmp_path / "inception.pt"
    write(mark, file)
    with pytest.raises(ConfigError, match=r"inception\.pt is "):
        features.load(file)
    assert not mark.exists()


def test_the_tar_of_the_test_above_is_one_that_begins_like_the_older_format(tmp_path: Path) -> None:
    as_tar_that_begins_like_the_older_format(tmp_path / "run", tmp_path / "old.pt")
    assert features._starts_old(tmp_path / "old.pt") and tarfile.is_tarfile(tmp_path / "old.pt")


def test_files_of_other_networks_are_refused_with_what_is_known(alexnet_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "weights.pth"
    torch.save({"fc.weight": torch.zeros(1000, 2048)}, file)  # torchvision's Inception
    with pytest.raises(ConfigError, match=r"weights\.pth holds no network known here: SqueezeNet 1\.1, AlexNet"):
        features.load(file)
    torch.save({name: tensor for name, tensor in alexnet().items() if name != "features.6.bias"}, file)
    with pytest.raises(ConfigError, match=r"weights\.pth does not hold every weight"):
        features.load(file)
    torch.save([torch.zeros(3)], file)
    with pytest.raises(ConfigError, match=r"weights\.pth holds other things than tensors by name"):
        features.load(file)
    file.write_bytes(alexnet_file.read_bytes()[:-2000])
    with pytest.raises(ConfigError, match=r"weights\.pth is damaged"):
        features.load(file)
    with pytest.raises(ConfigError, match=r"there is no file of features .*none\.onnx"):
        features.load(tmp_path / "none.onnx")
