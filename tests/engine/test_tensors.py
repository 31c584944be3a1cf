"""Pictures into tensors and back: nothing lost at any size and range, and what is no picture refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.card import RANGES
from engine.errors import GeneratorBroken
from engine.tensors import Tensors
from tests.onnx_files import card_of


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70), st.sampled_from([1, 8, 32]), st.integers(1, 64), st.sampled_from(RANGES))
def test_what_goes_in_comes_out(height: int, width: int, multiple: int, minimum: int, values: str) -> None:
    tensors = Tensors(card_of(multiple=multiple, minimum=minimum, range=values), height, width)
    image = np.random.default_rng(height).random((height, width, 3), dtype=np.float32)
    tensor = tensors.of_image(image)
    assert tensor.shape == (1, 3, *tensors.size) and tensor.flags.c_contiguous
    assert all(size % multiple == 0 and size >= minimum for size in tensors.size)
    np.testing.assert_allclose(tensors.picture_in(tensor, 1.0), image, atol=1e-6)
    np.testing.assert_array_equal(tensors.map_in(tensors.of(image[..., :1])), image[..., 0])


def test_a_guide_says_nothing_beyond_the_picture() -> None:
    tensors = Tensors(card_of(kind="repair", multiple=8), 5, 6)
    guide = np.ones((5, 6, 2), np.float32)
    assert tensors.of_guide(guide).sum() == 60 and tensors.of_guide(guide).shape == (1, 2, 8, 8)
    assert not tensors.of_guide(None).any()


def test_what_is_no_picture_is_refused() -> None:
    tensors, good = Tensors(card_of(), 4, 4), np.zeros((1, 3, 4, 4), np.float32)
    for values, reason in (
        (good[..., :3], "another size than its card says"),
        (good * np.float32("nan"), "it gave no picture"),
        (good, "it gave a black picture"),
    ):
        with pytest.raises(GeneratorBroken, match=reason):
            tensors.picture_in(values, 0.5)
    assert not tensors.picture_in(good, 0.01).any(), "black of black is right"
