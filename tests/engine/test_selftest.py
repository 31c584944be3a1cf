"""The test of a device: right pictures pass, black and wrong ones are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.generator import Generator
from engine.selftest import self_test
from engine.session import Device
from tests.fake_runtime import GpuWheel, installed
from tests.onnx_files import slow, write_colorizer, write_generator


def test_a_good_device_passes(tmp_path: Path) -> None:
    device = Device("cpu")
    result = self_test(device, Generator.load(write_colorizer(tmp_path), device))
    assert (result.passed, result.difference, result.device) == (True, 0.0, "cpu")
    assert result.provider == "CPUExecutionProvider"
    assert sum(result.nodes.values()) > 20
    assert result.sentence == "cpu gives the right picture."


@pytest.mark.parametrize("factor", [0.0, 0.9])
def test_a_device_that_gives_black_or_wrong_pictures_fails(tmp_path: Path, factor: float) -> None:
    sound = Generator.load(write_generator(tmp_path, slow(1)), Device("cpu"))
    with installed(GpuWheel(dims=factor)):
        result = self_test(Device("cuda"), sound)
    assert not result.passed
    assert result.provider == "CUDAExecutionProvider"
    assert result.sentence.startswith("cuda gives a wrong picture; use “cpu”.")


def test_operations_that_run_elsewhere_are_counted(tmp_path: Path) -> None:
    sound = Generator.load(write_generator(tmp_path, slow(1)), Device("cpu"))
    with installed(GpuWheel(dims=1.0)):
        result = self_test(Device("cuda"), sound)
    # The stand-in really runs everything on the processor, and the session says so.
    assert result.passed
    assert result.nodes == {"CPUExecutionProvider": sum(result.nodes.values())}
    assert result.sentence.endswith("operations run on the processor.")
