"""A run's state on disk: everything needed to go on exactly; written whole or not at all, read without running code."""

from __future__ import annotations

import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import torch

CheckpointState = dict[str, Any]
"""config (table), step, elapsed_s, method (networks, optimisers), average (weights), best (the figure so far), rng."""


class CheckpointError(ValueError):
    """A checkpoint that cannot be used; the message says which file and why."""


def save(state: CheckpointState, path: Path) -> None:
    """Write `state` beside `path`, sync it, and move it there: `path` always holds a whole checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".part")
    with temporary.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def load(path: Path) -> CheckpointState:
    """Read a checkpoint; only tensors and plain values are accepted.

    Raises:
        CheckpointError: Not there, damaged, or holding anything that would have to be run.
    """
    if not path.is_file():
        raise CheckpointError(f"There is no checkpoint {path}.")
    try:
        # torch.save writes a zip archive; anything else would reach torch's reader of older formats, which is less careful.
        # Both ends are looked at: zipfile goes by the end of a file, torch by its beginning.
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04" or not zipfile.is_zipfile(path):
                raise ValueError("not an archive")
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, OSError, LookupError, TypeError, ValueError, pickle.UnpicklingError) as error:
        raise CheckpointError(f"{path} is not a checkpoint of this program, or it is damaged.") from error
    if not isinstance(state, dict) or "method" not in state:
        raise CheckpointError(f"{path} is not a checkpoint of this program.")
    return state
