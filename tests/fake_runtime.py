"""Stand-ins for ONNX Runtime on computers we do not have: they run real sessions on the processor and lie about where.

with installed(GpuWheel()): Device("auto").fell_back        # the GPU package without a card
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np
import onnxruntime

from engine import session as session_module

_PROBE_BYTES = len(session_module._PROBE)


class GpuWheel:
    """The GPU package. Without arguments on a computer without a card: lists CUDA, every session runs on the processor.

    With `fails` there is a card that passes the probe, and raises that when anything else is loaded (at_load) or run.
    With `dims` there is a card that passes the probe, and multiplies every other result by that.
    """

    def __init__(self, *, fails: Exception | None = None, at_load: bool = False, dims: float | None = None) -> None:
        self.fails, self.at_load, self.dims = fails, at_load, dims

    def __getattr__(self, name: str) -> Any:
        return getattr(onnxruntime, name)

    def get_available_providers(self) -> list[str]:
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def InferenceSession(self, model: bytes, options: Any, providers: Any, **more: Any) -> Any:
        real = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"], **more)
        has_a_card = self.fails is not None or self.dims is not None
        if not has_a_card or providers[0][0] != "CUDAExecutionProvider":
            return real
        if len(model) == _PROBE_BYTES:
            return OnACard(real)
        if self.at_load and self.fails is not None:
            raise self.fails
        return OnACard(real, self.fails, self.dims)


class OnACard:
    """A session on the processor that says it is on CUDA."""

    def __init__(self, real: Any, fails: Exception | None = None, dims: float | None = None) -> None:
        self.real, self.fails, self.dims = real, fails, dims

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def get_providers(self) -> list[str]:
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def run(self, *arguments: Any) -> Any:
        if self.fails is not None:
            raise self.fails
        values = self.real.run(*arguments)
        return values if self.dims is None else [value * np.float32(self.dims) for value in values]


@contextmanager
def forgetting() -> Iterator[None]:
    """What was found out about this computer's devices is forgotten before and after."""
    remembered = (session_module.probe, session_module._is_built_in)
    for function in remembered:
        function.cache_clear()
    try:
        yield
    finally:
        for function in remembered:
            function.cache_clear()


@contextmanager
def installed(runtime: GpuWheel) -> Iterator[None]:
    """While inside, `runtime` is the ONNX Runtime that the engine finds."""
    with forgetting(), patch.object(session_module, "_runtime", lambda device: runtime):
        yield
