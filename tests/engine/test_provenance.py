"""What a result says of itself, and that what others said stays."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from engine.photo import Metadata
from engine.provenance import AUTOCHROME, IPTC, RDF, TRAINED, add_provenance, is_result

GENERATORS = [("colorize-lite0", "ab" * 32), ("tone <&>", "cd" * 32)]
PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Scanner"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 e:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/print">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Oma in Köln, 1934</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def properties(metadata: Metadata) -> dict[str, list[str]]:
    """ "{namespace}name" -> every value it has, as attribute or element, of all descriptions."""
    assert metadata.xmp is not None
    found: dict[str, list[str]] = {}
    for description in ElementTree.fromstring(metadata.xmp.decode()).iter(f"{{{RDF}}}Description"):
        for name, value in description.attrib.items():
            found.setdefault(name, []).append(value)
        for child in description:
            items = [item.text or "" for item in child.iter(f"{{{RDF}}}li")]
            found.setdefault(child.tag, []).extend(items or [child.text or ""])
    return found


def test_a_photo_without_xmp_gains_one():
    said = properties(add_provenance(Metadata(), "colorize", GENERATORS))
    assert said[f"{{{IPTC}}}DigitalSourceType"] == [TRAINED]
    assert said[f"{{{AUTOCHROME}}}recipe"] == ["colorize"]
    assert said[f"{{{AUTOCHROME}}}generators"] == ["colorize-lite0 sha256:" + "ab" * 32, "tone <&> sha256:" + "cd" * 32]


def test_what_was_said_stays_and_the_old_source_type_is_remembered():
    metadata = Metadata("jpeg", b"icc", b"exif", PACKET.encode(), (300, 300))
    result = add_provenance(metadata, "colorize", GENERATORS)
    said = properties(result)
    assert said["{http://purl.org/dc/elements/1.1/}title"] == ["Oma in Köln, 1934"]
    assert said[f"{{{IPTC}}}DigitalSourceType"] == [TRAINED]
    assert said[f"{{{AUTOCHROME}}}sourceTypeBefore"] == ["http://cv.iptc.org/newscodes/digitalsourcetype/print"]
    assert (result.icc, result.exif, result.dpi) == (b"icc", b"exif", (300, 300))


def test_restored_again_it_says_everything_once():
    once = add_provenance(Metadata(xmp=PACKET.encode()), "tone", GENERATORS[1:])
    twice = properties(add_provenance(once, "colorize", GENERATORS[:1]))
    assert twice[f"{{{AUTOCHROME}}}recipe"] == ["colorize"]
    assert twice[f"{{{AUTOCHROME}}}generators"] == ["colorize-lite0 sha256:" + "ab" * 32]
    assert twice[f"{{{IPTC}}}DigitalSourceType"] == [TRAINED]
    assert twice[f"{{{AUTOCHROME}}}sourceTypeBefore"] == ["http://cv.iptc.org/newscodes/digitalsourcetype/print"]
    assert twice[f"{{{RDF}}}about"] == ["", ""]


def test_the_packet_is_still_about_the_same_thing():
    """XMP asks that every description in a packet has the same rdf:about."""
    packet = PACKET.replace('rdf:about=""', 'rdf:about="uuid:1"').encode()
    assert set(properties(add_provenance(Metadata(xmp=packet), "colorize", GENERATORS))[f"{{{RDF}}}about"]) == {
        "uuid:1"
    }


@pytest.mark.parametrize(
    "xmp",
    [
        b"",
        b"not xml",
        PACKET.encode()[:300],
        b"<x/>",
        b'<!DOCTYPE a [<!ENTITY b "bomb">]>' + PACKET.split("?>", 1)[1].rsplit("<?", 1)[0].encode(),
    ],
)
def test_a_packet_nobody_can_read_is_replaced(xmp):
    assert properties(add_provenance(Metadata(xmp=xmp), "colorize", GENERATORS))[f"{{{AUTOCHROME}}}recipe"] == [
        "colorize"
    ]


def test_a_file_says_whether_it_is_a_result(tmp_path):
    result, plain = tmp_path / "result", tmp_path / "plain"
    plain.write_bytes(bytes(3_000_000))
    result.write_bytes(bytes(3_000_000) + (add_provenance(Metadata(), "refresh", GENERATORS).xmp or b""))
    assert is_result(result) and not is_result(plain) and not is_result(tmp_path / "gone") and not is_result(tmp_path)


def test_padding_and_utf_16_are_understood():
    padded = PACKET.encode() + b" \n" * 1000 + b"\0"
    wide = PACKET.replace("\ufeff", "").encode("utf-16")
    for xmp in (padded, wide):
        said = properties(add_provenance(Metadata(xmp=xmp), "colorize", GENERATORS))
        assert said["{http://purl.org/dc/elements/1.1/}title"] == ["Oma in Köln, 1934"]
