"""WebP: lossless, transparent and moving ones, and where its words hide."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from engine import codecs
from tests.engine.codecs.samples import CAMERA, exif_block, photo, picture, said, saved


def webp(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, "WEBP", **options)
    return file.getvalue()


def test_lossless(tmp_path):
    found = codecs.read(saved(tmp_path, "photo.webp", webp(Image.fromarray(picture(3)), lossless=True)))
    np.testing.assert_array_equal(found.pixels, picture(3))


def test_transparency(tmp_path):
    veiled = np.dstack([picture(3), picture(1)])
    found = codecs.read(saved(tmp_path, "photo.webp", webp(Image.fromarray(veiled), lossless=True, exact=True)))
    np.testing.assert_array_equal(found.pixels, picture(3))
    np.testing.assert_array_equal(found.alpha, picture(1)[..., 0])


def test_of_an_animation_the_first_picture(tmp_path):
    first, second = Image.fromarray(picture(3)), Image.new("RGB", (48, 32), "red")
    data = webp(first, lossless=True, save_all=True, append_images=[second], duration=100)
    np.testing.assert_array_equal(codecs.read(saved(tmp_path, "photo.webp", data)).pixels, picture(3))


@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_exif_with_and_without_jpeg_s_prefix(tmp_path, prefix):
    """Pillow takes the prefix off, older programs wrote it."""
    data = webp(Image.fromarray(picture(3)), exif=exif_block(), lossless=True)
    block = exif_block()
    at = data.index(block)
    length = len(prefix + block)
    body = (
        data[: at - 4]
        + length.to_bytes(4, "little")
        + prefix
        + block
        + b"\0" * (length % 2)
        + data[at + len(block) + len(block) % 2 :]
    )
    data = body[:4] + (len(body) - 8).to_bytes(4, "little") + body[8:]
    assert said(codecs.read(saved(tmp_path, "photo.webp", data)).metadata.exif)["camera"] == CAMERA


def test_what_lies_under_transparent_places_stays(tmp_path):
    """It is still the photo: whoever lifts the veil wants to see it."""
    veiled = photo(3, alpha=True)
    hidden = type(veiled)(veiled.pixels, np.zeros_like(veiled.pixels[..., 0]))
    found = codecs.read(saved(tmp_path, "photo.webp", codecs.encode(hidden, "webp", 95, tmp_path)))
    assert np.abs(found.pixels.astype(int) - hidden.pixels).max() <= 8
    assert found.alpha is not None and not found.alpha.any()


def test_more_detail_than_the_encoder_can_pack_is_said(monkeypatch, tmp_path):
    """libwebp's limit of 512 kB for the first partition, met only by very large and very noisy photos."""
    from engine.errors import FormatCannotHold

    def full(self: Image.Image, *args: object, **options: object) -> None:
        raise ValueError("encoding error 6")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(FormatCannotHold, match="more detail"):
        codecs.encode(photo(3), "webp", 95, tmp_path)
