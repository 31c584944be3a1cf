"""XMP packets made true again, and large ones split and joined."""

from __future__ import annotations

import pytest

from engine.codecs import xmp
from tests.engine.codecs.samples import XMP

AS_ATTRIBUTES = (
    b'<rdf:Description tiff:Orientation="6" tiff:ImageWidth=\'11\' exif:PixelYDimension="22" xmp:Rating="5"/>'
)
AS_ELEMENTS = b"<tiff:Orientation> 8</tiff:Orientation><exif:PixelXDimension>11</exif:PixelXDimension><a>6</a>"


@pytest.mark.parametrize(
    ("packet", "orientation"), [(AS_ATTRIBUTES, 6), (AS_ELEMENTS, 8), (XMP, None), (None, None), (b"", None)]
)
def test_orientation(packet, orientation):
    assert xmp.orientation_of(packet) == orientation


def test_orientation_and_sizes_are_made_true_and_the_rest_stays():
    assert xmp.renewed(AS_ATTRIBUTES, 48, 32) == (
        b'<rdf:Description tiff:Orientation="1" tiff:ImageWidth=\'48\' exif:PixelYDimension="32" xmp:Rating="5"/>'
    )
    assert xmp.renewed(AS_ELEMENTS, 48, 32) == (
        b"<tiff:Orientation> 1</tiff:Orientation><exif:PixelXDimension>48</exif:PixelXDimension><a>6</a>"
    )
    assert xmp.renewed(XMP, 48, 32) == XMP
    assert xmp.renewed(None, 48, 32) is None


def test_a_large_packet_in_two_parts_is_whole_again():
    main, digest = xmp.extended_split(XMP)
    assert len(digest) == 32 and digest in main
    assert xmp.extended_joined(main, {digest: XMP}) == XMP


def test_what_does_not_fit_together_stays_apart():
    main, digest = xmp.extended_split(XMP)
    assert xmp.extended_joined(main, {digest: XMP[:-5]}) == main
    assert xmp.extended_joined(XMP, {digest: XMP * 2}) == XMP
    assert xmp.extended_joined(None, {digest: XMP}) is None


def test_dots_grow_along_with_the_pixels_and_the_rest_stays():
    packet = b'<x tiff:XResolution="300/1" tiff:ResolutionUnit="2"/><tiff:YResolution>1500000/10000</tiff:YResolution>'
    assert xmp.with_more_dots(packet, 4) == (
        b'<x tiff:XResolution="1200/1" tiff:ResolutionUnit="2"/><tiff:YResolution>6000000/10000</tiff:YResolution>'
    )
    assert xmp.with_more_dots(XMP, 2) == XMP
    assert xmp.with_more_dots(None, 2) is None
