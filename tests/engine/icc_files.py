"""Real ICC profiles for tests, made on the spot: from imagecodecs, and scanner profiles with tables, built byte by byte.

adobe_rgb(), linear_rgb(), grey(gamma)       curves and a matrix
scanner(both_ways=False)                     a 9×9×9 table with cross-talk, like those that IT8 charts give
cmyk()                                       ink tables: C, M, Y, K darken their light, black ink most
absurd()                                     valid, but everything is black
"""

from __future__ import annotations

import struct
from functools import lru_cache

import numpy as np

GRID = 9
D50 = (0.9642, 1.0, 0.8249)
_RGB_TO_XYZ_D50 = np.array([[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])


def adobe_rgb() -> bytes:
    return _from_lcms("adobergb")


def linear_rgb() -> bytes:
    """sRGB's primaries without its curve."""
    return _from_lcms(
        "rgb", whitepoint=(0.3127, 0.3290, 1.0), primaries=(0.64, 0.33, 0.30, 0.60, 0.15, 0.06), gamma=1.0
    )


def grey(gamma: float) -> bytes:
    return _from_lcms("gray", gamma=gamma)


@lru_cache
def scanner(both_ways: bool = False) -> bytes:
    """RGB with tables; unless `both_ways`, only out of its space, as scanner software writes them."""
    steps = np.linspace(0, 1, GRID)
    red, green, blue = np.meshgrid(steps, steps, steps, indexing="ij")
    light = np.stack([red**1.9, green**2.2, blue**2.0], -1)
    # Cross-talk that no matrix can say: the channels also multiply each other.
    light[..., 1] = 0.9 * light[..., 1] + 0.1 * light[..., 0] * light[..., 1]
    xyz = light @ _RGB_TO_XYZ_D50.T
    tags = {b"A2B0": _lut16(xyz.reshape(-1, 3), 3)}
    if both_ways:
        x, y, z = np.meshgrid(steps, steps, steps, indexing="ij")
        back = np.clip(np.stack([x, y, z], -1) * (65535 / 32768) @ np.linalg.inv(_RGB_TO_XYZ_D50).T, 0, 1) ** (1 / 2.1)
        tags[b"B2A0"] = _lut16(back.reshape(-1, 3), 3, full=65535)
    return _profile(b"scnr", b"RGB ", tags)


@lru_cache
def cmyk() -> bytes:
    steps = np.linspace(0, 1, GRID)
    ink = np.stack(np.meshgrid(steps, steps, steps, steps, indexing="ij"), -1)
    light = (1 - 0.9 * ink[..., :3]) * (1 - 0.97 * ink[..., 3:])
    return _profile(b"prtr", b"CMYK", {b"A2B0": _lut16((light @ _RGB_TO_XYZ_D50.T).reshape(-1, 3), 4)})


@lru_cache
def absurd() -> bytes:
    return _profile(b"scnr", b"RGB ", {b"A2B0": _lut16(np.zeros((GRID**3, 3)), 3)})


@lru_cache
def _from_lcms(kind: str, **settings: object) -> bytes:
    import imagecodecs

    return bytes(imagecodecs.cms_profile(kind, **settings))


def _lut16(nodes: np.ndarray, channels: int, full: int = 32768) -> bytes:
    """An lut16Type of `nodes`, straight curves before and behind. full: how 1.0 is written (XYZ: 32768)."""
    straight = struct.pack(">2H", 0, 65535)
    table = np.clip(np.rint(nodes * full), 0, 65535).astype(">u2").tobytes()
    matrix = struct.pack(">9i", *(np.eye(3) * 65536).astype(int).ravel())
    head = b"mft2\0\0\0\0" + struct.pack(">BBBB", channels, 3, GRID, 0) + matrix + struct.pack(">HH", 2, 2)
    return head + straight * channels + table + straight * 3


def _profile(device: bytes, space: bytes, tags: dict[bytes, bytes]) -> bytes:
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(part * 65536) for part in D50))
    name = b"text\0\0\0\0made for a test\0"
    tags = {b"desc": name, b"cprt": name, b"wtpt": white} | tags
    place = 128 + 4 + 12 * len(tags)
    index, body = b"", b""
    for tag, data in tags.items():
        data += b"\0" * (-len(data) % 4)
        index += struct.pack(">4sII", tag, place + len(body), len(data))
        body += data
    head = bytearray(128)
    struct.pack_into(">I4sI4s4s4s", head, 0, place + len(body), b"lcms", 0x02400000, device, space, b"XYZ ")
    head[36:40] = b"acsp"
    struct.pack_into(">3i", head, 68, *(round(part * 65536) for part in D50))
    return bytes(head) + struct.pack(">I", len(tags)) + index + body
