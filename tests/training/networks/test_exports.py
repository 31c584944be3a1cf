"""Every picture network, written to ONNX with free sizes, gives ONNX Runtime the answers it gives in torch."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from training.export import OPSET
from training.networks.nafnet import NAFNet
from training.networks.resnet import ResNetGenerator

NETWORKS = {
    "resnet": lambda: ResNetGenerator(width=4, blocks=1),
    "resnet-pixel-grey": lambda: ResNetGenerator(1, 3, 4, 1, "pixel"),
    "nafnet": lambda: NAFNet(3, 3, 4, (1,), 1, (1,)),
}


@pytest.fixture(scope="module", params=NETWORKS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[nn.Module, int, onnxruntime.InferenceSession]:
    """A tiny network, how many channels it wants, and a session of its export."""
    torch.manual_seed(0)
    network = NETWORKS[request.param]().eval()
    channels = next(network.parameters()).shape[1]
    file: Path = tmp_path_factory.mktemp("exports") / f"{request.param}.onnx"
    free = {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter speaks of its own future
        torch.onnx.export(
            network, (torch.rand(1, channels, 24, 32),), file, dynamo=True, opset_version=OPSET, input_names=["image"],
            output_names=["restored"], dynamic_shapes=(free,), verbose=False, external_data=False,
        )  # fmt: skip
    return network, channels, onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])


@pytest.mark.slow
def test_answers_agree_at_sizes_that_were_not_traced(
    exported: tuple[nn.Module, int, onnxruntime.InferenceSession],
) -> None:
    network, channels, session = exported
    for height, width in ((24, 32), (8, 52), (44, 20)):
        image = torch.rand(1, channels, height, width)
        (restored,) = session.run(None, {"image": image.numpy()})
        with torch.no_grad():
            np.testing.assert_allclose(restored, network(image).numpy(), atol=1e-5)
