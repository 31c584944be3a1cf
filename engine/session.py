"""The only importer of onnxruntime: the device that really runs, sessions on it, running out of memory, stopping.

    device = Device("auto")
    session = device.open(model_bytes, "name")      # device.name, device.fell_back are true from here on
    outputs = session.run({"image": array}, cancel)

What `get_available_providers()` lists is what a package was built with, not what works: the GPU package lists CUDA on a
computer without a card and then quietly runs on the processor. So a device counts as usable only after a session has
run on it, and what runs is read from the session.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import importlib.metadata
import io
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.cores import usable_cores
from engine.errors import DeviceUnavailable, EngineError, GeneratorBroken, OutOfMemory
from engine.progress import CancelToken

Loaded = TypeVar("Loaded")

PROVIDERS = {
    "cuda": "CUDAExecutionProvider",
    "directml": "DmlExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
"""Our word for a device -> ONNX Runtime's; "auto" tries them in this order."""

_NEEDS = {
    "cuda": "it needs an NVIDIA card with its driver and the package onnxruntime-gpu",
    "directml": "it needs Windows and the package onnxruntime-directml",
    "coreml": "it needs a Mac",
    "cpu": "the installed ONNX Runtime has no part for it",
}
_PROVIDER_OPTIONS: dict[str, dict[str, str]] = {
    # The default tries every algorithm for each new picture size, seconds each time; photos come in every size.
    "cuda": {"cudnn_conv_algo_search": "HEURISTIC", "arena_extend_strategy": "kSameAsRequested"},
}
_DISTRIBUTIONS = (
    "onnxruntime",
    "onnxruntime-gpu",
    "onnxruntime-directml",
    "onnxruntime-openvino",
    "onnxruntime-silicon",
)
_OUT_OF_MEMORY = re.compile(
    r"failed to allocate memory|bad[_ ]alloc|out[ _]?of[ _]?memory|ALLOC_FAILED|smaller than requested bytes|8007000E",
    re.IGNORECASE,
)
_FILE_FAULTS = {"InvalidProtobuf", "InvalidGraph", "NotImplemented", "NoModel", "InvalidArgument"}

_PROBE = base64.b64decode(
    "CAc6mgEKIgoBeAoBdxIBeSIEQ29udioRCgRwYWRzQAFAAUABQAGgAQcSBXByb2JlKjMIAQgBCAMIAxABQgF3SiQAAIA/AACAPwAA"
    "gD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD9aGwoBeBIWChQIARIQCgIIAQoCCAEKAggECgIIBGIbCgF5EhYKFAgBEhAKAggBCgII"
    "AQoCCAQKAggEQgQKABAN"
)
"""An ONNX file: `y` = 3 x 3 convolution of `x` (1, 1, 4, 4) with ones; tests/engine/test_session.py builds it again."""


@dataclass(frozen=True)
class DeviceInfo:
    """One kind of device. usable: a session has really run on it. reason: why not, in words; "" if usable."""

    name: str
    provider: str
    usable: bool
    reason: str


@dataclass(frozen=True)
class Tensor:
    """An input or output. kind: ONNX Runtime's word, "tensor(float)". shape: numbers, or names of free sizes."""

    name: str
    kind: str
    shape: tuple[int | str | None, ...]


class Session:
    """One ONNX file loaded on one device. `provider` is ONNX Runtime's word for what it really runs on.

    nodes: provider -> operations assigned to it; {} if this ONNX Runtime does not tell.

    Raises:
        GeneratorBroken: the file is damaged, asks for what ONNX Runtime does not know, or keeps its weights elsewhere.
        DeviceUnavailable: the session would not run on this device. OutOfMemory: it does not fit.
    """

    def __init__(self, model: bytes, name: str, device: str, threads: int = 0) -> None:
        self._runtime = _runtime(device)
        self._name = name
        self.device = device
        options = self._options(threads)
        try:
            self._session = self._runtime.InferenceSession(
                model,
                options,
                providers=[(PROVIDERS[device], _PROVIDER_OPTIONS.get(device, {}))],
                enable_fallback=0,  # its own fall-back prints and says nothing to us
            )
        except Exception as error:
            raise _explained(error, name, device) from error
        self.provider: str = self._session.get_providers()[0]
        if self.provider != PROVIDERS[device]:
            raise DeviceUnavailable(device, f"its driver or libraries could not be loaded; {_NEEDS[device]}")
        self.inputs = [Tensor(item.name, item.type, tuple(item.shape)) for item in self._session.get_inputs()]
        self.outputs = [Tensor(item.name, item.type, tuple(item.shape)) for item in self._session.get_outputs()]
        self.metadata: Mapping[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        self.nodes: Mapping[str, int] = _assigned_nodes(self._session)

    def run(
        self, feed: Mapping[str, NDArray[np.float32]], cancel: CancelToken, *, keep_memory: bool = False
    ) -> dict[str, NDArray[np.float32]]:
        """Output name -> array. `cancel` stops it between operations. keep_memory: another run of this size follows.

        Raises:
            Cancelled: the user said stop. OutOfMemory: this size does not fit; smaller ones may, the session stays
            usable. DeviceUnavailable: the device failed. GeneratorBroken: the file failed on the processor.
        """
        cancel.check()
        options = self._runtime.RunOptions()
        if self.device == "cpu" and not keep_memory:
            # Gives activations back: 386 -> 116 MB after a 512 x 512 piece of a 5-million U-Net, at no measurable time.
            options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        with cancel.interrupts(lambda: setattr(options, "terminate", True)):
            try:
                values = self._session.run(None, feed, options)
            except Exception as error:
                cancel.check()
                raise _explained(error, self._name, self.device) from error
        cancel.check()
        return {tensor.name: value for tensor, value in zip(self.outputs, values, strict=True)}

    def _options(self, threads: int) -> Any:
        options = self._runtime.SessionOptions()
        options.intra_op_num_threads = threads or usable_cores()
        # Patterns keep memory for each size seen: 415 instead of 335 MB for the piece above, and no faster.
        options.enable_mem_pattern = False
        # Waiting threads that spin take the window's core: 0.17 -> 0.14 s of processor time for four small runs, none
        # slower.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The hash covers one file, so weights beside it are refused: they are looked for where nothing can be.
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", "/autochrome/no-external-weights"
        )
        options.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
        return options


class Device:
    """Where generators run. "auto" takes the first of cuda, directml, coreml and cpu that works.

    wanted: "auto" or a key of PROVIDERS. threads: 0 means the physical cores this process may use.
    "auto" and "cpu" look at the computer when first asked; another device is tried at once, since the user asked for
    it.

    Raises:
        DeviceUnavailable: `wanted` is no device, cannot run here, or ONNX Runtime is not installed.
    """

    def __init__(self, wanted: str = "auto", threads: int = 0) -> None:
        if wanted != "auto" and wanted not in PROVIDERS:
            raise DeviceUnavailable(wanted, f"the known devices are auto, {', '.join(PROVIDERS)}")
        self.wanted = wanted
        self.threads = threads
        self._name = ""
        self._refusals: list[str] = []
        if wanted not in ("auto", "cpu"):
            self._settle()

    @property
    def name(self) -> str:
        """The key of PROVIDERS that really runs."""
        return self._settle()

    @property
    def provider(self) -> str:
        """ONNX Runtime's word for it."""
        return PROVIDERS[self._settle()]

    @property
    def fell_back(self) -> str:
        """What was tried, why it did not work, what does the work instead; "" if nothing went wrong with “auto”."""
        return " ".join(self._refusals)

    def open(self, model: bytes, name: str, accept: Callable[[Session], None] = lambda session: None) -> Session:
        """Load an ONNX file; see `first_that_takes`. accept: raises an EngineError for a session that must not be used.
        Raises what Session and `accept` raise.
        """

        def load(device: str) -> Session:
            session = Session(model, name, device, self.threads)
            accept(session)
            return session

        return self.first_that_takes(name, load)

    def first_that_takes(self, name: str, load: Callable[[str], Loaded]) -> Loaded:
        """What `load` (a key of PROVIDERS -> what was loaded there) gives; "auto" goes on to the next device where it raises an
        EngineError. name: of what is loaded, for sentences. Raises what `load` raises on the last device.
        """
        settled = self._settle()
        later = list(PROVIDERS)[list(PROVIDERS).index(settled) + 1 :] if self.wanted == "auto" else []
        candidates, refusals = [settled, *(device for device in later if not probe(device))], list[str]()
        while True:
            device = candidates.pop(0)
            try:
                loaded = load(device)
                break
            except EngineError as error:
                if not candidates:
                    raise
                refusals.append(f"“{name}” does not run on “{device}”: {error.sentence}")
        if refusals:
            self._refusals += [*refusals, f"It runs on “{device}” instead."]
        return loaded

    def _settle(self) -> str:
        """Find what runs, once."""
        if self._name:
            return self._name
        if self.wanted != "auto":
            reason = probe(self.wanted)
            if reason:
                raise DeviceUnavailable(self.wanted, reason)
            self._name = self.wanted
            return self._name
        for device in PROVIDERS:
            reason = probe(device)
            if not reason:
                self._name = device
                break
            if _is_built_in(device):
                self._refusals.append(f"“{device}” was tried and cannot be used: {reason}.")
        if not self._name:
            raise DeviceUnavailable("cpu", "ONNX Runtime does not work; install it again")
        if self._refusals:
            self._refusals.append(f"“{self._name}” does the work instead.")
        if package_warning():
            self._refusals.append(package_warning())
        return self._name


def available_devices() -> list[DeviceInfo]:
    """Every kind of device in the order "auto" tries them, each really tried.

    Raises:
        DeviceUnavailable: ONNX Runtime is not installed.
    """
    return [DeviceInfo(name, provider, not probe(name), probe(name)) for name, provider in PROVIDERS.items()]


@functools.cache
def probe(device: str) -> str:
    """Run a known convolution on `device`: "" if its result is right, otherwise why not, in words that follow a colon.

    Raises:
        DeviceUnavailable: ONNX Runtime is not installed.
    """
    if not _is_built_in(device):
        return _NEEDS[device]
    try:
        session = Session(_PROBE, "probe", device)
        result = session.run({"x": np.ones((1, 1, 4, 4), np.float32)}, CancelToken())["y"][0, 0]
    except EngineError:
        return f"its driver or libraries could not be loaded; {_NEEDS[device]}"
    row, inner = [4, 6, 6, 4], [6, 9, 9, 6]
    return "" if np.allclose(result, [row, inner, inner, row], atol=0.01) else "it calculates wrongly"


def package_warning() -> str:
    """A sentence if the packages of ONNX Runtime are in each other's way (they write the same folder), "" if not."""
    found = []
    for name in _DISTRIBUTIONS:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found.append(f"{name} {importlib.metadata.version(name)}")
    if len(found) < 2:
        return ""
    names = " ".join(item.split()[0] for item in found)
    return (
        f"Several packages of ONNX Runtime are installed and overwrite each other: {', '.join(found)}. "
        f"Type: pip uninstall {names} — and then install the one that you want."
    )


def ran_out_of_memory(error: Exception) -> bool:
    """Whether a foreign exception means that memory ran out; no class says so, so its text is read, only here."""
    return isinstance(error, MemoryError) or _OUT_OF_MEMORY.search(str(error)) is not None


def _explained(error: Exception, name: str, device: str) -> EngineError:
    """ONNX Runtime's exception as one of ours."""
    if ran_out_of_memory(error):
        return OutOfMemory(f"the generator “{name}”")
    if device == "cpu" or type(error).__name__ in _FILE_FAULTS:
        return GeneratorBroken(name, "its file is damaged or asks for what ONNX Runtime cannot do")
    return DeviceUnavailable(device, f"it failed while working on “{name}”")


@functools.cache
def _is_built_in(device: str) -> bool:
    """Whether the installed package knows the device at all; says nothing about whether it works."""
    return PROVIDERS[device] in _runtime(device).get_available_providers()


def _runtime(device: str) -> Any:
    """The onnxruntime module, quiet and without its telemetry; for CUDA with its libraries loaded from their wheels first."""
    # From 1.31 on its import alone writes an identifier of this computer and a queue of events into the user's folder.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    try:
        import onnxruntime

        # Only what is fatal: errors come as exceptions, and the terminal is the user's.
        onnxruntime.set_default_logger_severity(4)
        if hasattr(onnxruntime, "disable_telemetry_events"):
            onnxruntime.disable_telemetry_events()  # Windows has a channel of its own, which no variable closes
    except (
        ImportError,
        AttributeError,
    ) as error:  # AttributeError: what is left after one of two packages was uninstalled
        missing = DeviceUnavailable(device, "ONNX Runtime is not installed or broken")
        missing.next_step = "Type: pip install --force-reinstall onnxruntime"
        raise missing from error
    if device == "cuda" and hasattr(onnxruntime, "preload_dlls"):
        with contextlib.redirect_stdout(
            io.StringIO()
        ):  # it prints what it cannot load; the probe tells whether that matters
            onnxruntime.preload_dlls()
    return onnxruntime


def _assigned_nodes(session: Any) -> dict[str, int]:
    counts: dict[str, int] = {}
    if hasattr(session, "get_provider_graph_assignment_info"):
        for part in session.get_provider_graph_assignment_info():
            counts[part.ep_name] = counts.get(part.ep_name, 0) + len(part.get_nodes())
    return counts
