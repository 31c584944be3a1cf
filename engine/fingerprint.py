"""A hash of what a photo shows, for keys of what was found in it."""

from __future__ import annotations

import hashlib

import numpy as np

from engine.photo import Photo


def fingerprint(photo: Photo) -> str:
    """Of its pixels and their profile, not of transparency or anything else; about a gigabyte a second."""
    digest = hashlib.blake2b(repr((photo.pixels.shape, photo.pixels.dtype.str)).encode(), digest_size=16)
    digest.update(photo.metadata.icc or b"")
    digest.update(np.ascontiguousarray(photo.pixels).data)
    return digest.hexdigest()
