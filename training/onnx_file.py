"""A torch module as an ONNX model: traced with free sizes, its weights in 16 bits, and nothing of the machine that made it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training import onnx_weights
from training.contract import Piece

SMALLEST_HALVED = 256
"""Constants of fewer numbers stay float32: their rounding costs more than their bytes."""


def trace(piece: Piece, opset: int) -> Any:
    """The ONNX model (a ModelProto) of one file of a generator."""
    height, width = torch.export.Dim("height"), torch.export.Dim("width")
    shapes = tuple(
        {} if example.ndim < 4 else {2: piece.strides[name] * height, 3: piece.strides[name] * width}
        for name, example in piece.inputs.items()
    )
    with warnings.catch_warnings():
        # The exporter speaks of its own future, and of torchvision, which nothing here needs; parity decides.
        warnings.simplefilter("ignore")
        logging.getLogger("torch.onnx._internal.exporter._registration").setLevel(logging.ERROR)
        program = torch.onnx.export(
            piece.module, tuple(piece.inputs.values()), dynamo=True, opset_version=opset, input_names=list(piece.inputs),
            output_names=list(piece.outputs), dynamic_shapes=shapes, verbose=False, external_data=False,
        )  # fmt: skip
    assert program is not None
    return program.model_proto


def write(model: Any, file: Path, metadata: Mapping[str, str]) -> None:
    """Check and save a traced model with these metadata alone."""
    import onnx

    del model.metadata_props[:]
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=value)
    for node in model.graph.node:
        del node.metadata_props[:]  # source lines of whoever exported
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def halve(model: Any) -> None:
    """Store large float32 constants as float16 with a Cast behind each: half the file, the same arithmetic (Casts fold at load)."""
    import onnx
    from onnx import numpy_helper

    casts = []
    for constant in model.graph.initializer:
        values = numpy_helper.to_array(constant)
        if values.dtype != np.float32 or values.size < SMALLEST_HALVED or np.abs(values).max() > 6e4:
            continue
        stored = constant.name + onnx_weights.HALF
        casts.append(onnx.helper.make_node("Cast", [stored], [constant.name], to=onnx.TensorProto.FLOAT))
        constant.CopyFrom(numpy_helper.from_array(values.astype(np.float16), stored))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
