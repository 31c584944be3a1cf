"""Arrays cross whole, leave nothing behind, and go to the roomy folder where the shared memory is small."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from desktop_app.engine_process import shared
from desktop_app.engine_process.shared import Exchange


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(shared.tempfile, "tempdir", str(tmp_path))
    made = Exchange.create(tmp_path)
    yield made
    made.remove()
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=30, deadline=None)
@given(npst.arrays(st.sampled_from([np.uint8, np.float16, np.float32]), npst.array_shapes(min_dims=1, max_dims=4)))
def test_an_array_arrives_as_it_was(array):
    made = Exchange.create()
    try:
        arrived = made.take(made.put(array))
        np.testing.assert_array_equal(arrived, array)
        assert arrived.dtype == array.dtype
        assert not arrived.flags.writeable
    finally:
        made.remove()


def test_what_was_taken_is_gone_from_the_folder(exchange):
    placed = exchange.put(np.arange(10, dtype=np.uint8))
    arrived = exchange.take(placed)
    assert not placed.file.exists()
    assert arrived.sum() == 45


def test_an_array_without_order_in_memory_arrives_in_order(exchange):
    array = np.arange(12, dtype=np.uint8).reshape(3, 4)
    np.testing.assert_array_equal(exchange.take(exchange.put(array.T)), array.T)


def test_small_shared_memory_is_passed_over(exchange, monkeypatch):
    """A container has 64 MB of it: the picture then lies in the temporary folder."""
    exchange.folders[0].joinpath("x").touch()
    monkeypatch.setattr(shared.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 64 << 20})())
    placed = exchange.put(np.zeros(1000, np.uint8))
    assert placed.file.parent == exchange.folders[-1]


def test_half_an_array_is_refused(exchange):
    """A child that is killed while it writes never hands the array over, but nobody should believe it if it did."""
    placed = exchange.put(np.zeros(1000, np.uint8))
    with placed.file.open("r+b") as stream:
        stream.truncate(10)
    with pytest.raises(OSError, match="not whole"):
        exchange.take(placed)


def test_clear_removes_what_a_killed_child_left(exchange):
    exchange.put(np.zeros(1000, np.uint8))
    exchange.clear(os.getpid())
    assert [list(folder.iterdir()) for folder in exchange.folders] == [[], []]


def test_clear_leaves_the_next_process_its_pictures(exchange):
    placed = exchange.put(np.zeros(1000, np.uint8))
    exchange.clear(os.getpid() + 1)
    assert placed.file.exists()


def test_what_cannot_be_removed_is_tried_again(exchange, monkeypatch):
    """Windows keeps a file as long as somebody maps it: the next picture that comes takes the old one along."""
    placed = exchange.put(np.zeros(1000, np.uint8))

    def kept(path, missing_ok=False):
        raise PermissionError(13, "mapped", str(path))

    with monkeypatch.context() as windows:
        windows.setattr(type(placed.file), "unlink", kept)
        exchange.take(placed)
    assert placed.file.exists()
    exchange.take(exchange.put(np.zeros(10, np.uint8)))
    assert not placed.file.exists()
