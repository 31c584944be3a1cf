"""Of what cleaning takes away, texture is told from noise; what is coarse is neither."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.packed_change import packed, unpacked
from engine.progress import CancelToken
from engine.texture import texture_of
from engine.wavelet_bands import smoothed

HEIGHT, WIDTH = 160, 200


def noise(level: float = 0.02) -> np.ndarray:
    return (np.random.default_rng(3).standard_normal((HEIGHT, WIDTH)) * level).astype(np.float32)


def cloth(size: float = 0.1) -> np.ndarray:
    """A weave of two pixels in a quarter of the picture."""
    plane = np.zeros((HEIGHT, WIDTH), np.float32)
    plane[40:120, 50:150] = size * (np.indices((80, 100)).sum(0) % 2 * 2 - 1)
    return plane


def found(plane: np.ndarray, depth: int = 16) -> np.ndarray:
    return unpacked(texture_of(packed(plane[..., None], depth), CancelToken()))[..., 0]  # type: ignore[arg-type]


def test_noise_alone_has_hardly_any() -> None:
    assert found(noise()).std() < 0.25 * noise().std()


def test_a_weave_under_noise_is_found_where_it_is() -> None:
    texture = found(noise() + cloth())
    inside, outside = texture[48:112, 58:142], texture[:30]
    assert np.corrcoef(inside.ravel(), cloth()[48:112, 58:142].ravel())[0, 1] > 0.95
    assert 0.75 < inside.std() / cloth()[48:112, 58:142].std() < 1.1
    assert outside.std() < 0.3 * noise().std()


def test_blotches_never_come_back() -> None:
    blotches = noise(1.0)
    for scale in range(4):
        blotches = smoothed(blotches, scale)
    blotches *= 0.1 / blotches.std()
    assert found(noise(0.005) + blotches).std() < 0.1 * blotches.std()


def test_colour_has_no_texture() -> None:
    change = np.stack([cloth(), -0.299 / 0.587 * cloth(), 0 * cloth()], -1)
    assert np.abs(unpacked(texture_of(packed(change, 16), CancelToken()))).max() < 1e-3


def test_strips_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = found(noise() + cloth())
    monkeypatch.setattr("engine.texture.STRIP_PIXELS", 7 * WIDTH)
    np.testing.assert_allclose(found(noise() + cloth()), whole, atol=1e-4)


def test_it_is_kept_like_the_change_and_can_be_stopped() -> None:
    kept = packed(noise()[..., None], 8)
    assert texture_of(kept, CancelToken()).dtype == np.int8
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        texture_of(kept, token)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (3, 5)])
def test_the_smallest_pictures_work(shape: tuple[int, int]) -> None:
    assert texture_of(packed(np.zeros((*shape, 3), np.float32), 8), CancelToken()).shape == (*shape, 1)
