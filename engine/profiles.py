"""ICC profiles: which can be used, and the way from a photo's own space to linear sRGB and back.

Most profiles are a curve per channel and a matrix. Such a space is read from lcms once, as tables, and then applied in numpy: lcms
itself is either slow (0.3 s a megapixel, exact) or resamples 16-bit photos to a coarse grid (measured: off by up to 19 of 255 in
Adobe RGB). Profiles that hold tables of their own go through lcms, exactly.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from engine.photo import Pixels

Plane = NDArray[np.float32]
Array = NDArray[Any]

_RELATIVE_COLORIMETRIC = 1
_NO_OPTIMISING = 0x0100
_BLACK_POINT_COMPENSATION = 0x2000
_CLASSES = {b"scnr", b"mntr", b"prtr", b"spac"}
_SPACES = {1: b"GRAY", 3: b"RGB ", 4: b"CMYK"}
_LARGEST_PROFILE_BYTES = 1 << 24
_SRGB_PRIMARIES = (0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
_D65 = (0.3127, 0.3290, 1.0)
_NEAR = 0.6 / 255
"""Profiles that move no colour by more than this are called sRGB: half a code is what rounding to 8 bits does anyway."""
_LEAST_RANGE = 0.05
"""White must be brighter than black by this much of linear light, or the profile is absurd."""
_TABLE_STEPS = 65536
_PIECE_PIXELS = 1 << 20


class Space(ABC):
    """An RGB space other than sRGB. `to_linear` gives linear sRGB, where colours beyond sRGB lie outside 0..1."""

    invertible = True
    piece_pixels = 1 << 16
    """How many pixels it likes at a time: tables in numpy want few, lcms with its long preparations wants many."""

    @abstractmethod
    def to_linear(self, pixels: Pixels) -> Plane:
        """(..., 3) uint8 or uint16 in this space to (..., 3) linear sRGB."""

    @abstractmethod
    def from_linear(self, linear: Plane) -> Plane:
        """(..., 3) linear sRGB to (..., 3) of this space, clipped to 0..1."""


class MatrixSpace(Space):
    """A curve for each channel, then a matrix.

    curves: (3, 65536) linear light 0..1 of each channel's value. matrix: (3, 3), its columns are the primaries in linear sRGB.
    """

    def __init__(self, curves: Plane, matrix: Plane) -> None:
        self._curves = {np.dtype(np.uint16): curves, np.dtype(np.uint8): np.ascontiguousarray(curves[:, ::257])}
        self._matrix = matrix
        self._inverse = np.linalg.inv(matrix.astype(np.float64)).astype(np.float32)

    def to_linear(self, pixels: Pixels) -> Plane:
        curves = self._curves[pixels.dtype]
        return _mixed([curves[c].take(pixels[..., c]) for c in range(3)], self._matrix)

    def from_linear(self, linear: Plane) -> Plane:
        mixed = _mixed([linear[..., c] for c in range(3)], self._inverse)
        np.clip(mixed, 0, 1, out=mixed)
        # The table is spaced by the square root of light, as eyes are, so that darks are not coarse.
        np.sqrt(mixed, out=mixed)
        mixed *= np.float32(_TABLE_STEPS - 1)
        place = np.rint(mixed, out=mixed).astype(np.uint16)
        for channel in range(3):
            mixed[..., channel] = self._inverse_curves[channel].take(place[..., channel])
        return mixed

    @cached_property
    def _inverse_curves(self) -> Plane:
        light = np.linspace(0, 1, _TABLE_STEPS) ** 2
        values = np.linspace(0, 1, _TABLE_STEPS)
        rising = np.maximum.accumulate(self._curves[np.dtype(np.uint16)], 1)
        return np.stack([np.interp(light, rising[c], values) for c in range(3)]).astype(np.float32)


class TableSpace(Space):
    """A profile with tables of its own (IT8-made scanner profiles, printers): lcms does it, slowly and exactly."""

    piece_pixels = 1 << 20

    def __init__(self, icc: bytes) -> None:
        self._icc = icc
        self.invertible = self._can_invert()

    def to_linear(self, pixels: Pixels) -> Plane:
        return _transform(pixels, self._icc, linear_profile(), np.float32)

    def from_linear(self, linear: Plane) -> Plane:
        return np.clip(_transform(linear, linear_profile(), self._icc, np.float32), 0, 1)

    def _can_invert(self) -> bool:
        try:
            _transform(np.zeros((1, 1, 3), np.float32), linear_profile(), self._icc, np.float32)
        except Exception:  # lcms says why in many ways; that it cannot is all that counts
            return False
        return True


def usable_profile(icc: bytes | None, channels: int) -> bytes | None:
    """`icc` if it can be worked with for pixels of 1 (grey), 3 (RGB) or 4 (CMYK) channels, else None, which means sRGB."""
    if icc is None or not _looks_like(icc, channels):
        return None
    if channels == 1:
        return icc if grey_curve(icc) is not None else None
    if channels == 3:
        return icc if _read_space(icc) is not None else None
    return icc if _cmyk_works(icc) else None


def space_of(icc: bytes | None) -> Space | None:
    """The RGB space of a profile; None for sRGB itself and for profiles that cannot be used, which count as sRGB."""
    if icc is None or not _looks_like(icc, 3):
        return None
    space = _read_space(icc)
    return None if isinstance(space, str) else space


@lru_cache(maxsize=8)
def grey_curve(icc: bytes) -> Plane | None:
    """(65536,) linear light of each 16-bit value of a grey profile; None for one that cannot be used."""
    if not _looks_like(icc, 1):
        return None
    ramp = np.linspace(0, 1, _TABLE_STEPS, dtype=np.float32)[None]
    try:
        curve: Plane = _transform(ramp, icc, linear_profile(), np.float32, "gray")[0, :, 1]
    except Exception:
        return None
    if not np.isfinite(curve).all() or curve[-1] - curve[0] < _LEAST_RANGE:
        return None
    return np.ascontiguousarray(np.clip(curve, 0, 1))


def cmyk_to_srgb(ink: Pixels, icc: bytes | None) -> Pixels:
    """(H, W, 4) ink, 0 = none, to (H, W, 3) sRGB of the same depth; through `icc` where that can be used."""
    if icc is not None and usable_profile(icc, 4) is not None:
        profile = icc
        return _by_pieces(ink, lambda piece: _transform(piece, profile, srgb_profile(), ink.dtype, "cmyk"))
    return _by_pieces(ink, _plain_ink)


def _plain_ink(ink: Array) -> Array:
    """Without a profile: each ink takes away its share of light, as everybody's fall-back does."""
    white = np.uint64(np.iinfo(ink.dtype).max)
    light = (white - ink).astype(np.uint64)
    rgb = (light[..., :3] * light[..., 3:] + white // np.uint64(2)) // white
    return rgb.astype(ink.dtype)


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """A small sRGB profile."""
    import imagecodecs

    return bytes(imagecodecs.cms_profile("srgb"))


@lru_cache(maxsize=1)
def linear_profile() -> bytes:
    """sRGB's primaries with linear light."""
    import imagecodecs

    return bytes(imagecodecs.cms_profile("rgb", whitepoint=_D65, primaries=_SRGB_PRIMARIES, gamma=1.0))


def _looks_like(icc: bytes, channels: int) -> bool:
    """Whether the header is that of a profile for pixels of so many channels."""
    right_size = 132 <= len(icc) <= _LARGEST_PROFILE_BYTES
    return right_size and icc[36:40] == b"acsp" and icc[12:16] in _CLASSES and icc[16:20] == _SPACES[channels]


@lru_cache(maxsize=8)
def _read_space(icc: bytes) -> Space | str | None:
    """The space of an RGB profile, "sRGB" for that, None for one that cannot be used."""
    try:
        curves, matrix = _curves_and_matrix(icc)
        steps = np.linspace(0, 1, 7, dtype=np.float32)
        probe = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).reshape(1, -1, 3)
        seen = _transform(probe, icc, linear_profile(), np.float32)
    except Exception:
        return None
    if not np.isfinite(seen).all() or seen[0, -1].mean() - seen[0, 0].mean() < _LEAST_RANGE:
        return None
    if _moves_nothing(probe, icc):
        return "sRGB"
    places = np.rint(probe * (_TABLE_STEPS - 1)).astype(np.uint16)
    sums_up = np.linalg.matrix_rank(matrix) == 3 and np.isfinite(curves).all()
    if sums_up:
        plain = MatrixSpace(curves, matrix)
        if np.abs(plain.to_linear(places) - seen).max() < 1e-3:
            return plain
    return TableSpace(icc)


def _curves_and_matrix(icc: bytes) -> tuple[Plane, Plane]:
    """What the profile would be if it were curves and a matrix: each channel driven alone."""
    ramp = np.linspace(0, 1, _TABLE_STEPS, dtype=np.float32)
    curves, columns = [], []
    for channel in range(3):
        alone = np.zeros((1, _TABLE_STEPS, 3), np.float32)
        alone[0, :, channel] = ramp
        light = _transform(alone, icc, linear_profile(), np.float32)[0]
        column = light[-1]
        columns.append(column)
        curves.append(light @ column / max(float(column @ column), 1e-12))
    return np.stack(curves).astype(np.float32), np.stack(columns, 1).astype(np.float32)


def _moves_nothing(probe: Plane, icc: bytes) -> bool:
    as_srgb = _transform(probe, icc, srgb_profile(), np.float32)
    return bool(np.abs(as_srgb - probe).max() < _NEAR)


def _cmyk_works(icc: bytes) -> bool:
    paper_and_black = np.array([[[0, 0, 0, 0], [0, 0, 0, 255]]], np.uint8)
    try:
        seen = _transform(paper_and_black, icc, srgb_profile(), np.uint8, "cmyk").astype(int)
    except Exception:
        return False
    return bool(seen[0, 0].mean() - seen[0, 1].mean() > 255 * _LEAST_RANGE)


def _mixed(channels: list[Plane], matrix: Plane) -> Plane:
    """(..., 3): `matrix` times the three planes, without BLAS, which is slow on three columns."""
    result = np.empty((*channels[0].shape, 3), np.float32)
    for row in range(3):
        total = channels[0] * matrix[row, 0]
        for column in (1, 2):
            total += channels[column] * matrix[row, column]
        result[..., row] = total
    return result


def _by_pieces(pixels: Array, change: Callable[[Array], Array]) -> Array:
    """`change` over (H, W, C) a few rows at a time, so that its working memory stays small."""
    flat = pixels.reshape(-1, 1, pixels.shape[-1])
    pieces = [change(flat[top : top + _PIECE_PIXELS]) for top in range(0, len(flat), _PIECE_PIXELS)]
    return np.concatenate(pieces).reshape(*pixels.shape[:-1], pieces[0].shape[-1])


def _transform(pixels: Array, profile: bytes, to: bytes, dtype: DTypeLike, space: str = "rgb") -> Array:
    """`pixels` through lcms, relative colorimetric with black point compensation (what photo editors do), nothing approximated."""
    import imagecodecs

    # The two steps give plain strides also to arrays of one row or column, where imagecodecs insists on them.
    plain = np.ascontiguousarray(pixels).reshape(-1).reshape(pixels.shape)
    result: Array = imagecodecs.cms_transform(
        plain,
        profile,
        to,
        colorspace=space,
        outcolorspace="rgb",
        outdtype=np.dtype(dtype),
        intent=_RELATIVE_COLORIMETRIC,
        flags=_NO_OPTIMISING | _BLACK_POINT_COMPENSATION,
    )
    return result
