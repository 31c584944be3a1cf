"""The styles a generator names are taken as they are, or made along its axes; anything else is refused in words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import GeneratorBroken
from engine.generator import Generator
from engine.session import Device
from engine.styles import ENTRY, styles_of
from tests.engine.split_files import write_split, write_styled
from tests.onnx_files import write_colorizer

CPU = Device("cpu", threads=1)
NUMBERS = st.floats(-1000, 1000, width=32) | st.integers(-9, 9)


@given(
    st.integers(1, 6).flatmap(lambda k: st.lists(st.lists(NUMBERS, min_size=k, max_size=k), min_size=1, max_size=32))
)
def test_what_the_file_names_is_taken(written: list[list[float]]) -> None:
    styles = styles_of({ENTRY: json.dumps(written)}, len(written[0]))
    assert styles.dtype == np.float32
    np.testing.assert_array_equal(styles, np.array(written, np.float32))


@given(st.integers(1, 40))
def test_without_an_entry_each_axis_is_tried_both_ways(length: int) -> None:
    styles = styles_of({}, length)
    assert styles.shape == (min(2 * length, 16), length)
    assert (np.abs(styles).sum(1) == 1).all()
    assert len({tuple(style) for style in styles.tolist()}) == len(styles)
    np.testing.assert_array_equal(styles[::2], -styles[1::2])


def test_a_generator_that_takes_no_style_has_none() -> None:
    assert styles_of({}, 0).shape == styles_of({ENTRY: "[[1]]"}, 0).shape == (0, 0)


WRONG = [
    "",
    "{",
    "[]",
    "3",
    "[1, 2]",
    "[[1]]",
    "[[1, 2, 3]]",
    '[[1, "2"]]',
    "[[1, true]]",
    "[[1, NaN]]",
    "[[Infinity, 0]]",
    "[[1, 1e39]]",
    "[[1, null]]",
    "[[1, 2], [3]]",
    json.dumps([[0, 0]] * 33),
    "[" * 100_000,
    f"[[1, {'9' * 400}]]",
]


@pytest.mark.parametrize("written", WRONG)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(
        ValueError, match=r"its “autochrome\.styles” is not a list of 1 to 32 lists of 2 finite numbers"
    ):
        styles_of({ENTRY: written}, 2)


def test_a_file_with_wrong_styles_is_one_sentence(tmp_path: Path) -> None:
    for write in (write_styled, write_split):
        with pytest.raises(GeneratorBroken, match=r"cannot be used: its “autochrome\.styles” is not a list"):
            Generator.load(write(tmp_path, styles=[[1, 2, 3]]), CPU)


def test_generators_tell_their_styles(tmp_path: Path) -> None:
    for write in (write_styled, write_split):
        assert Generator.load(write(tmp_path, styles=[[1, 0.5]]), CPU).styles.tolist() == [[1, 0.5]]
        assert len(Generator.load(write(tmp_path), CPU).styles) == 4
    assert Generator.load(write_colorizer(tmp_path), CPU).styles.shape == (0, 0)
