"""Devices and sessions: what really runs is said, memory and stopping are understood, the terminal stays quiet."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine import session as session_module
from engine.errors import Cancelled, DeviceUnavailable, EngineError, GeneratorBroken, OutOfMemory
from engine.progress import CancelToken
from engine.session import (
    PROVIDERS,
    Device,
    Session,
    available_devices,
    package_warning,
    ran_out_of_memory,
)
from tests.broken_onnx_files import BREAKS
from tests.fake_runtime import GpuWheel, forgetting, installed
from tests.onnx_files import Graph, identity, multiply, slow, with_map

ROOT = Path(__file__).parents[2]


def model_of(graph: Graph) -> bytes:
    return bytes(graph.model().SerializeToString())


def picture(side: int = 8) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.full((1, 3, side, side), 0.5, np.float32)


def test_the_probe_is_the_file_it_is_said_to_be() -> None:
    ones = numpy_helper.from_array(np.ones((1, 1, 3, 3), np.float32), "w")
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, 1, 4, 4)) for name in "xy"]
    node = helper.make_node("Conv", ["x", "w"], ["y"], pads=[1, 1, 1, 1])
    graph = helper.make_graph([node], "probe", ends[:1], ends[1:], [ones])
    assert onnx.load_from_string(session_module._PROBE).graph == graph
    assert len(base64.b64encode(session_module._PROBE)) == 220


def test_the_processor_always_works_and_every_other_device_says_why_not() -> None:
    devices = {device.name: device for device in available_devices()}
    assert list(devices) == list(PROVIDERS) == ["cuda", "directml", "coreml", "cpu"]
    assert devices["cpu"].usable
    for device in devices.values():
        assert device.usable == (device.reason == "")


def test_a_device_nobody_knows_is_refused_with_those_that_are() -> None:
    with pytest.raises(DeviceUnavailable, match=r"“tpu” .* auto, cuda, directml, coreml, cpu"):
        Device("tpu")


def test_the_processor_runs_on_the_processor() -> None:
    device = Device("cpu", threads=1)
    session = device.open(model_of(identity()), "test")
    assert (device.name, device.provider, device.fell_back) == ("cpu", "CPUExecutionProvider", "")
    assert session.provider == "CPUExecutionProvider"
    assert sum(session.nodes.values()) >= 1


def test_a_session_tells_its_tensors_and_metadata(tmp_path: Path) -> None:
    graph = with_map()
    graph.metadata = {"kind": "clean"}
    session = Session(model_of(graph), "test", "cpu")
    assert [(item.name, item.kind, item.shape) for item in session.inputs] == [
        ("image", "tensor(float)", ("n", 3, "h", "w"))
    ]
    assert [item.name for item in session.outputs] == ["restored", "map"]
    assert session.metadata == {"kind": "clean"}


def test_a_run_gives_outputs_by_name() -> None:
    session = Session(model_of(multiply(0.5)), "test", "cpu")
    (result,) = session.run({"image": picture()}, CancelToken()).values()
    assert np.array_equal(result, picture() * 0.5)


@pytest.mark.parametrize("what", ["an operator nobody knows", "cut in the middle", "text", "zeros"])
def test_a_damaged_file_is_refused_and_nothing_is_printed(what: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(GeneratorBroken, match="“odd” cannot be used: its file is damaged"):
        Session(BREAKS[what](), "odd", "cpu")
    assert capfd.readouterr() == ("", "")


def test_weights_in_another_file_are_refused_even_where_that_file_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "weights.bin").write_bytes(np.float32(1).tobytes())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GeneratorBroken):
        Session(BREAKS["weights in another file"](), "odd", "cpu")


# --- falling back ---


def test_a_listed_device_that_does_not_work_is_said_aloud() -> None:
    with installed(GpuWheel()):
        device = Device("auto")
        usable = [info.usable for info in available_devices()]
        assert device.name == "cpu"
    assert device.fell_back.startswith(
        "“cuda” was tried and cannot be used: its driver or libraries could not be loaded"
    )
    assert device.fell_back.endswith("“cpu” does the work instead.")
    assert usable == [False, False, False, True]


def test_a_device_that_was_asked_for_and_does_not_work_is_an_error_at_once() -> None:
    with (
        installed(GpuWheel()),
        pytest.raises(DeviceUnavailable, match="“cuda” cannot be used on this computer: its driver"),
    ):
        Device("cuda")


def test_a_generator_the_device_refuses_runs_on_the_processor() -> None:
    with installed(GpuWheel(fails=RuntimeError("CUDA failure 700"), at_load=True)):
        device = Device("auto")
        session = device.open(model_of(slow(1)), "big")
    assert (device.name, session.provider) == ("cuda", "CPUExecutionProvider")
    assert device.fell_back.startswith("“big” does not run on “cuda”")
    assert device.fell_back.endswith("It runs on “cpu” instead.")


def test_an_asked_for_device_never_falls_back() -> None:
    broken = GpuWheel(fails=RuntimeError("CUDA failure 700"), at_load=True)
    with installed(broken), pytest.raises(DeviceUnavailable, match="it failed while working on “big”"):
        Device("cuda").open(model_of(slow(1)), "big")


def test_what_the_caller_does_not_accept_goes_to_the_next_device() -> None:
    def only_the_processor(session: Session) -> None:
        if session.device != "cpu":
            raise GeneratorBroken("big", "it gave a black picture")

    with installed(GpuWheel(fails=RuntimeError("never run"))):
        device = Device("auto")
        session = device.open(model_of(slow(1)), "big", only_the_processor)
    assert session.provider == "CPUExecutionProvider"
    assert "it gave a black picture" in device.fell_back


@pytest.mark.parametrize(
    ("fails", "meaning"),
    [(RuntimeError("CUDA failure 700"), DeviceUnavailable), (RuntimeError("CUDA out of memory"), OutOfMemory)],
)
def test_a_device_that_fails_at_work(fails: Exception, meaning: type[EngineError]) -> None:
    with installed(GpuWheel(fails=fails)):
        session = Device("auto").open(model_of(slow(1)), "big")
    assert session.provider == "CUDAExecutionProvider"
    with pytest.raises(meaning):
        session.run({"image": picture()}, CancelToken())


def test_without_onnxruntime_the_command_to_type_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with forgetting(), pytest.raises(DeviceUnavailable, match="pip install --force-reinstall onnxruntime"):
        _ = Device("auto").name


def test_the_ruin_of_two_packages_reads_as_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", type(sys)("onnxruntime"))
    with forgetting(), pytest.raises(DeviceUnavailable, match="not installed or broken"):
        _ = Device("cpu").name


def test_two_packages_of_onnxruntime_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert package_warning() == ""
    for name in ("onnxruntime_gpu", "onnxruntime"):
        (tmp_path / f"{name}-9.9.dist-info").mkdir()
        (tmp_path / f"{name}-9.9.dist-info/METADATA").write_text(f"Name: {name.replace('_', '-')}\nVersion: 9.9\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "onnxruntime 9.9, onnxruntime-gpu 9.9" in package_warning()
    assert "pip uninstall onnxruntime onnxruntime-gpu" in package_warning()
    with forgetting():
        device = Device("auto")
        assert device.name == "cpu"
    assert device.fell_back == package_warning()


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    code = "import sys, engine.loader; print(sorted({'onnxruntime', 'PySide6', 'torch'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


# --- stopping ---


class StopsInside(CancelToken):
    """Cancelled from another thread a moment after a session's run has begun."""

    @contextmanager
    def interrupts(self, callback: Callable[[], None]) -> Iterator[None]:
        stopper = threading.Timer(0.05, self.cancel)
        with super().interrupts(callback):
            stopper.start()
            yield
        stopper.join()


def test_a_run_is_stopped_in_the_middle_and_the_session_lives_on(capfd: pytest.CaptureFixture[str]) -> None:
    session = Session(model_of(slow()), "slow", "cpu")
    with pytest.raises(Cancelled) as stopped:
        session.run({"image": picture(512)}, StopsInside())
    assert "terminate" in str(stopped.value.__context__), "the run itself ended, not only its caller"
    assert np.array_equal(session.run({"image": picture()}, CancelToken())["restored"], picture())
    assert capfd.readouterr() == ("", "")


def test_a_run_after_the_stop_does_not_begin() -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        Session(model_of(identity(False)), "test", "cpu").run({}, cancel)


# --- memory ---


@pytest.mark.parametrize(
    ("text", "memory"),
    [
        ("BFCArena::AllocateRawInternal Failed to allocate memory for requested buffer of size 865280000", True),
        ("Non-zero status code returned while running Conv node. Status Message: std::bad_alloc", True),
        ("Status Message: bad allocation", True),
        ("Available memory of 3 is smaller than requested bytes of 865280000", True),
        ("CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0", True),
        ("CUDA error cudaErrorMemoryAllocation:out of memory", True),
        ("DmlCommittedResourceAllocator 8007000E Not enough memory resources are available", True),
        ("CUDA failure 700: an illegal memory access was encountered", False),
        ("Invalid rank for input: image", False),
        ("Exiting due to terminate flag being set to true.", False),
    ],
)
def test_running_out_of_memory_is_known_by_its_text(text: str, memory: bool) -> None:
    assert ran_out_of_memory(RuntimeError(text)) is memory


def test_a_python_memory_error_counts_too() -> None:
    assert ran_out_of_memory(MemoryError())


SHORT_OF_MEMORY = """
import resource, sys
sys.path.insert(0, {root!r})
import numpy as np
from engine.errors import OutOfMemory
from engine.progress import CancelToken
from engine.session import Session
from tests.fake_runtime import GpuWheel, forgetting, installed
from tests.onnx_files import slow
session = Session(slow(2).model().SerializeToString(), "slow", "cpu", threads=1)
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000,) * 2)
try:
    session.run({{"image": np.zeros((1, 3, 1600, 1600), np.float32)}}, CancelToken())
except OutOfMemory as error:
    print(error.sentence)
session.run({{"image": np.zeros((1, 3, 64, 64), np.float32)}}, CancelToken())
print("a smaller piece fits")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits a process's memory the Linux way")
def test_real_shortage_of_memory_is_understood_and_survived() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", SHORT_OF_MEMORY.format(root=str(ROOT))], capture_output=True, text=True, check=False
    )
    assert ran.stdout.splitlines() == [
        "There was not enough memory for the generator “slow”.",
        "a smaller piece fits",
    ], ran.stderr
    assert ran.stderr == ""


QUIET = """
import os, sys
sys.path.insert(0, sys.argv[1])
from engine.session import probe
print(probe("cpu"), os.environ["ORT_DISABLE_TELEMETRY"])
"""


def test_onnx_runtime_leaves_nothing_in_the_users_folder(tmp_path: Path) -> None:
    """From 1.31 on its import alone would write an identifier of the computer there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    homes = {
        "HOME": str(tmp_path),
        "USERPROFILE": str(tmp_path),
        "LOCALAPPDATA": str(tmp_path),
        "APPDATA": str(tmp_path),
    }
    command = [sys.executable, "-B", "-c", QUIET, str(ROOT)]
    ran = subprocess.run(command, env=kept | homes, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["1"]
    assert list(tmp_path.rglob("*")) == []


def test_its_own_channel_on_windows_is_closed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import onnxruntime

    calls: list[str] = []
    monkeypatch.setattr(onnxruntime, "disable_telemetry_events", lambda: calls.append("closed"), raising=False)
    Session(slow(1).model().SerializeToString(), "slow", "cpu", threads=1)
    assert calls
