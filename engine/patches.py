"""New values for a few places of a photo: kept sparsely, laid over a photo of any size with a soft edge."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.color import from_srgb_like, to_srgb
from engine.photo import Photo, Pixels
from engine.progress import CancelToken
from engine.relight import is_grey_valued

Array = NDArray[np.float32]
Places = NDArray[np.int64]
Arrays = dict[str, NDArray[np.generic]]

_CODES = 65535
_PIECE = 1 << 20
_LEAST_WEIGHT = 0.5 / 255


def packed(weight: NDArray[np.uint8], values: Array) -> Arrays:
    """Arrays for an Analysis: "runs" uint32 (r, 2), first place and length of each row's masked pixels, places counted along
    rows; "weights" uint8 (n,); "values" uint16 (n, 3), sRGB over its full range.

    weight: (H, W), 255 where all is replaced, 0 where nothing. values: (n, 3) sRGB 0..1 of its n places that are not 0.
    """
    flat = weight.ravel()
    masked = np.concatenate([[False], flat > 0, [False]])
    changes = np.flatnonzero(masked[1:] != masked[:-1])
    runs = np.stack([changes[::2], changes[1::2] - changes[::2]], 1).astype(np.uint32)
    codes = np.clip(values, 0, 1) * np.float32(_CODES) + np.float32(0.5)
    return {"runs": runs, "weights": flat[flat > 0], "values": codes.astype(np.uint16)}


def patched(photo: Photo, patches: Arrays, height: int, width: int, strength: float, cancel: CancelToken) -> Photo:
    """`photo` with `packed` patches of a photo of `height` x `width` laid over it; elsewhere pixels stay, bit for bit.

    strength: 0..1, how far the patches replace what is there. Depth, space, profile and alpha stay; a grey photo stays grey.
    """
    places, weights, values = _unpacked(patches)
    if (height, width) != (photo.height, photo.width):
        places, weights, values = _resized(places, weights, values, (height, width), (photo.height, photo.width))
    pixels = photo.pixels.copy()
    flat = pixels.reshape(-1, pixels.shape[2])
    encode = _encoder(photo)
    for start in range(0, len(places), _PIECE):
        cancel.check()
        piece = slice(start, start + _PIECE)
        own = flat[places[piece]].astype(np.float32)
        new = encode(values[piece]).astype(np.float32)
        own += (new - own) * (weights[piece] * np.float32(strength))[:, None]
        flat[places[piece]] = np.rint(own).astype(pixels.dtype)
    return photo.with_pixels(pixels)


def _encoder(photo: Photo) -> Callable[[Array], Pixels]:
    """What makes (n, 3) sRGB 0..1 into (n, C) of the photo's own space and depth; a photo without colour gets none."""
    if not is_grey_valued(photo.pixels):
        return lambda values: from_srgb_like(values[None], photo)[0]
    channels = photo.pixels.shape[2]
    ramp = np.arange(photo.maximum + 1).astype(photo.pixels.dtype)
    shades = to_srgb(Photo(np.repeat(ramp[None, :, None], channels, 2), None, photo.metadata))[0].mean(1)
    between = np.maximum.accumulate(shades[:-1] + shades[1:]) / 2

    def grey(values: Array) -> Pixels:
        codes = np.searchsorted(between, values.mean(1)).astype(photo.pixels.dtype)
        return np.repeat(codes[:, None], channels, 1)

    return grey


def _unpacked(patches: Arrays) -> tuple[Places, Array, Array]:
    """Places counted along rows (n,), weights 0..1 (n,) and values sRGB 0..1 (n, 3)."""
    begins, lengths = patches["runs"].astype(np.int64).T
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    weights = patches["weights"].astype(np.float32) * np.float32(1 / 255)
    return np.repeat(begins, lengths) + within, weights, patches["values"].astype(np.float32) * np.float32(1 / _CODES)


def _resized(
    places: Places, weights: Array, values: Array, own: tuple[int, int], wanted: tuple[int, int]
) -> tuple[Places, Array, Array]:
    """Patches of a picture of size `own` for one of size `wanted`: means where it is smaller, smooth where it is larger."""
    weighted = np.concatenate([weights[:, None], values * weights[:, None]], 1)
    if wanted[0] > own[0] or wanted[1] > own[1]:
        planes = _enlarged(places, weighted, own, wanted)
    else:
        planes = _shrunk(places, weighted, own, wanted)
    there = np.flatnonzero(planes[0] > _LEAST_WEIGHT)
    weight = planes[0][there]
    return there, weight, np.stack([plane[there] / weight for plane in planes[1:]], 1)


def _enlarged(places: Places, weighted: Array, own: tuple[int, int], wanted: tuple[int, int]) -> list[Array]:
    from PIL import Image

    planes = []
    for column in weighted.T:
        plane = np.zeros(own, np.float32)
        plane.ravel()[places] = column
        large = Image.fromarray(plane).resize((wanted[1], wanted[0]), Image.Resampling.BILINEAR)
        planes.append(np.asarray(large).ravel())
    return planes


def _shrunk(places: Places, weighted: Array, own: tuple[int, int], wanted: tuple[int, int]) -> list[Array]:
    rows, columns = places // own[1] * wanted[0] // own[0], places % own[1] * wanted[1] // own[1]
    down, across = (np.bincount(np.arange(own[i]) * wanted[i] // own[i], minlength=wanted[i]) for i in (0, 1))
    covered = (down[:, None] * across[None, :]).ravel().astype(np.float32)
    target = rows * wanted[1] + columns
    return [(np.bincount(target, column, minlength=len(covered)) / covered).astype(np.float32) for column in weighted.T]
