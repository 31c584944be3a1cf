"""Colour arithmetic: sRGB, linear light, CIE Lab (D65), and photos in spaces of their own; float32, piece by piece.

Lab's constants are those of sRGB (IEC 61966-2-1) and CIE 15 as everybody rounds them, so that figures agree between programs.
Curves with a straight foot are computed as "the curve above the bend plus the line below it", which needs no choice per pixel.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.photo import Photo, Pixels
from engine.profiles import Space, grey_curve, space_of

Plane = NDArray[np.float32]

WHITE = (0.95047, 1.0, 1.08883)
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
PIECE_PIXELS = 1 << 16
"""Pixels worked on at a time: the planes of a piece stay in the processor's cache."""

_BEND = np.float32(0.04045)
_LINEAR_BEND = np.float32(0.0031308)
_LAB_BEND = np.float32(0.008856451679)
_LAB_FOOT = np.float32(7.787037037)
_CUBE_BEND = np.float32(6 / 29)
_RGB_TO_WHITE = (np.array(TO_XYZ) / np.array(WHITE)[:, None]).astype(np.float32)
_WHITE_TO_RGB = (np.linalg.inv(TO_XYZ) * np.array(WHITE)).astype(np.float32)


def srgb_to_linear(x: ArrayLike) -> Plane:
    """Linear light 0..1 of sRGB values 0..1, any shape."""
    values = np.asarray(x, np.float32)
    curved = np.maximum(values, _BEND)
    foot = (values - curved) * np.float32(1 / 12.92)
    curved += np.float32(0.055)
    curved *= np.float32(1 / 1.055)
    linear: Plane = np.power(curved, np.float32(2.4))
    linear += foot
    return linear


def linear_to_srgb(x: ArrayLike) -> Plane:
    """sRGB values 0..1 of linear light 0..1, any shape."""
    values = np.asarray(x, np.float32)
    curved = np.maximum(values, _LINEAR_BEND)
    foot = (values - curved) * np.float32(12.92)
    encoded: Plane = np.power(curved, np.float32(1 / 2.4))
    encoded *= np.float32(1.055)
    encoded -= np.float32(0.055)
    encoded += foot
    return encoded


def srgb_to_lab(rgb: ArrayLike) -> Plane:
    """(..., 3) sRGB 0..1 to (..., 3) CIE Lab, D65; L* 0..100."""
    flat, lab, shape = _flat(rgb)
    for piece in _pieces(len(flat)):
        linear = srgb_to_linear(np.ascontiguousarray(flat[piece].T))
        fx, fy, fz = (_lab_curve(_weighted(linear, row)) for row in _RGB_TO_WHITE)
        lab[piece, 0] = fy * np.float32(116) - np.float32(16)
        lab[piece, 1] = (fx - fy) * np.float32(500)
        lab[piece, 2] = (fy - fz) * np.float32(200)
    return lab.reshape(shape)


def lab_to_srgb(lab: ArrayLike) -> Plane:
    """(..., 3) CIE Lab, D65, to (..., 3) sRGB clipped to 0..1."""
    flat, rgb, shape = _flat(lab)
    for piece in _pieces(len(flat)):
        lightness, a, b = np.ascontiguousarray(flat[piece].T)
        fy = (lightness + np.float32(16)) * np.float32(1 / 116)
        light = [_lab_curve_back(f) for f in (fy + a * np.float32(1 / 500), fy, fy - b * np.float32(1 / 200))]
        for channel, row in enumerate(_WHITE_TO_RGB):
            mixed = _weighted(light, row)
            rgb[piece, channel] = linear_to_srgb(np.clip(mixed, 0, 1, out=mixed))
    return np.clip(rgb, 0, 1, out=rgb).reshape(shape)


def is_srgb(icc: bytes | None) -> bool:
    """Whether pixels with this RGB profile are sRGB: no profile, sRGB's own, or one that cannot be used."""
    return space_of(icc) is None


def to_srgb(photo: Photo) -> Plane:
    """(H, W, 3) sRGB 0..1 of a whole photo through its own profile; colours beyond sRGB are clipped.

    12 bytes a pixel: for large photos give it some rows at a time, `Photo(photo.pixels[top:bottom], None, photo.metadata)`.
    """
    height, width = photo.height, photo.width
    if photo.has_one_channel:
        grey = _grey_table(photo.metadata.icc, photo.maximum).take(photo.pixels)
        return np.repeat(grey, 3, 2)
    space = space_of(photo.metadata.icc)
    if space is None:
        return np.multiply(photo.pixels, np.float32(1 / photo.maximum), dtype=np.float32)
    flat = photo.pixels.reshape(-1, 3)
    srgb = np.empty((height * width, 3), np.float32)
    for piece in _pieces(len(flat), space):
        linear = space.to_linear(flat[None, piece])[0]
        srgb[piece] = linear_to_srgb(np.clip(linear, 0, 1, out=linear))
    return srgb.reshape(height, width, 3)


def luma(photo: Photo) -> Plane:
    """(H, W) CIE L* 0..100 of a photo through its own profile; the only full-size array made is the result."""
    if photo.has_one_channel:
        table = _lightness(srgb_to_linear(_grey_table(photo.metadata.icc, photo.maximum)))
        return table.take(photo.pixels[..., 0])
    space = space_of(photo.metadata.icc)
    lightness = np.empty(photo.height * photo.width, np.float32)
    flat = photo.pixels.reshape(-1, 3)
    for piece in _pieces(len(flat), space):
        lightness[piece] = _lightness(_luminance(flat[piece], space, photo.maximum))
    return lightness.reshape(photo.height, photo.width)


def from_srgb_like(srgb: NDArray[np.floating], photo: Photo) -> Pixels:
    """(h, W, 3) sRGB 0..1 as pixels of the photo's own space and depth, rounded; of a grey photo: sRGB of its depth.

    `srgb` may be any rows. Whoever gives a grey photo colour this way also takes its profile away (`with_pixels(…, icc=None)`).
    """
    space = None if photo.has_one_channel else space_of(photo.metadata.icc)
    flat = np.asarray(srgb, np.float32).reshape(-1, 3)
    pixels = np.empty(flat.shape, photo.pixels.dtype)
    for piece in _pieces(len(flat), space):
        values = np.clip(flat[piece], 0, 1)
        if space is not None:
            values = space.from_linear(srgb_to_linear(values)[None])[0]
        values *= np.float32(photo.maximum)
        values += np.float32(0.5)
        pixels[piece] = values.astype(photo.pixels.dtype)
    return pixels.reshape(srgb.shape)


def to_srgb_small(photo: Photo, height: int, width: int) -> Plane:
    """(height, width, 3) sRGB 0..1 of the whole photo, shrunk with antialiasing (or enlarged smoothly).

    Shrinks first by whole numbers, a few rows at a time, so that a large photo never becomes floats; then bilinearly.
    """
    from PIL import Image

    down, across = max(1, photo.height // (2 * height)), max(1, photo.width // (2 * width))
    small = _block_means(photo.pixels, down, across)
    # What is left over at the right and below, less than a block, still belongs to the picture.
    box = (0.0, 0.0, photo.width / across, photo.height / down)
    planes = [
        np.asarray(Image.fromarray(small[..., c]).resize((width, height), Image.Resampling.BILINEAR, box=box))
        for c in range(small.shape[2])
    ]
    values = np.clip(np.stack(planes, -1) * np.float32(65535 / photo.maximum) + np.float32(0.5), 0, 65535)
    return to_srgb(Photo(values.astype(np.uint16), None, photo.metadata))


def _block_means(pixels: Pixels, down: int, across: int) -> Plane:
    """(⌈H/down⌉, ⌈W/across⌉, C) float32 means of blocks; those at the edges are the means of what there is of them."""
    height, width, channels = pixels.shape
    if down == across == 1:
        return pixels.astype(np.float32)
    means = np.empty((-(-height // down), -(-width // across), channels), np.float32)
    starts = np.arange(0, width, across)
    counts = np.diff(np.append(starts, width)).astype(np.float32)[:, None]
    for row in range(len(means)):
        block = pixels[row * down : (row + 1) * down]
        total = block.sum(0, dtype=np.uint32)
        means[row] = np.add.reduceat(total, starts, 0) / (counts * np.float32(len(block)))
    return means


def _luminance(flat: Pixels, space: Space | None, maximum: int) -> Plane:
    """(n,) relative luminance of (n, 3) pixels."""
    if space is None:
        table = _linear_table(maximum)
        return _weighted([table.take(flat[:, c]) for c in range(3)], _RGB_TO_WHITE[1])
    linear = space.to_linear(flat[None])[0]
    np.clip(linear, 0, 1, out=linear)
    return _weighted(np.ascontiguousarray(linear.T), _RGB_TO_WHITE[1])


@lru_cache(maxsize=2)
def _linear_table(maximum: int) -> Plane:
    """(maximum + 1,): linear light of each sRGB value."""
    return srgb_to_linear(np.linspace(0, 1, maximum + 1))


@lru_cache(maxsize=8)
def _grey_table(icc: bytes | None, maximum: int) -> Plane:
    """(maximum + 1,): sRGB 0..1 of each grey value; without a (usable) profile grey has sRGB's curve."""
    curve = None if icc is None else grey_curve(icc)
    if curve is None:
        return np.linspace(0, 1, maximum + 1, dtype=np.float32)
    return linear_to_srgb(curve[:: 65535 // maximum])


def _lightness(luminance: Plane) -> Plane:
    return _lab_curve(luminance) * np.float32(116) - np.float32(16)


def _lab_curve(light: Plane) -> Plane:
    """CIE's f: the cube root, a line below the bend."""
    curved = np.maximum(light, _LAB_BEND)
    foot: Plane = (light - curved) * _LAB_FOOT
    foot += np.cbrt(curved, out=curved)
    return foot


def _lab_curve_back(values: Plane) -> Plane:
    curved = np.maximum(values, _CUBE_BEND)
    foot: Plane = (values - curved) * np.float32(1 / 7.787037037)
    foot += curved * curved * curved
    return foot


def _weighted(channels: list[Plane] | Plane, weights: Plane) -> Plane:
    """The sum of three planes, each times its weight; without BLAS, which is slow on three columns."""
    total: Plane = channels[0] * weights[0]
    total += channels[1] * weights[1]
    total += channels[2] * weights[2]
    return total


def _flat(values: ArrayLike) -> tuple[Plane, Plane, tuple[int, ...]]:
    """(n, 3) of what came, an empty (n, 3) for what will be, and the shape that both had."""
    array = np.asarray(values, np.float32)
    flat = array.reshape(-1, 3)
    return flat, np.empty(flat.shape, np.float32), array.shape


def _pieces(count: int, space: Space | None = None) -> list[slice]:
    size = PIECE_PIXELS if space is None else space.piece_pixels
    return [slice(start, start + size) for start in range(0, count, size)]
