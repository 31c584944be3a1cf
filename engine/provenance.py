"""What a result says of itself in its XMP: that a trained algorithm had a part in it, which recipe, which generators.

The word for it is IPTC's Digital Source Type "composite with trained algorithmic media": a photograph that was edited by one.
"""

from __future__ import annotations

import codecs
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.dom import minidom
from xml.dom.minidom import Document, Element
from xml.parsers.expat import ExpatError

from engine.photo import Metadata

TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
AUTOCHROME = "urn:autochrome:xmp:1#"

_LOOKED_AT_BYTES = 1 << 20
_XMLNS = "http://www.w3.org/2000/xmlns/"
_EMPTY = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}"/></x:xmpmeta>'
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_END = '\n<?xpacket end="w"?>'
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SOURCE_TYPE = (IPTC, "DigitalSourceType")
_OURS = ((AUTOCHROME, "recipe"), (AUTOCHROME, "generators"), (AUTOCHROME, "sourceTypeBefore"))


def is_result(path: Path) -> bool:
    """Whether the file at `path` says in its XMP that Autochrome made it; False for what cannot be read.

    Looks for our namespace in the first and the last mebibyte: that is where the formats keep an XMP packet, and a folder of
    large scans is not read whole.
    """
    ours = AUTOCHROME.encode("ascii")
    try:
        with path.open("rb") as file:
            if ours in file.read(_LOOKED_AT_BYTES):
                return True
            file.seek(max(0, os.fstat(file.fileno()).st_size - _LOOKED_AT_BYTES))
            return ours in file.read(_LOOKED_AT_BYTES)
    except OSError:
        return False


def add_provenance(metadata: Metadata, recipe_name: str, generators: Sequence[tuple[str, str]]) -> Metadata:
    """`metadata` whose XMP also names `recipe_name` and the `generators`, each (name, sha256).

    What the packet said before stays; another source type (a scan's "negativeFilm") moves to `autochrome:sourceTypeBefore`.
    A packet that no program could read is replaced.
    """
    document = _parsed(metadata.xmp)
    rdf = document.getElementsByTagNameNS(RDF, "RDF")[0]
    descriptions = [node for node in _elements(rdf) if (node.namespaceURI, node.localName) == (RDF, "Description")]
    before = _taken_out(descriptions, *_SOURCE_TYPE)
    earlier = [_taken_out(descriptions, *name) for name in _OURS][2]
    prefix = rdf.prefix or "rdf"
    ours = _description(document, prefix, descriptions)
    for description in descriptions:
        if _says_nothing(description):
            rdf.removeChild(description)
    _say(ours, "Iptc4xmpExt:DigitalSourceType", IPTC, TRAINED)
    _say(ours, "autochrome:recipe", AUTOCHROME, recipe_name)
    was = earlier if before in ("", TRAINED) else before
    if was:
        _say(ours, "autochrome:sourceTypeBefore", AUTOCHROME, was)
    _list(ours, prefix, [f"{name} sha256:{digest}" for name, digest in generators])
    rdf.appendChild(ours)
    return _with_packet(metadata, document)


def _with_packet(metadata: Metadata, document: Document) -> Metadata:
    root = document.documentElement
    assert root is not None
    return replace(metadata, xmp=(_BEGIN + root.toxml() + _END).encode("utf-8"))


def _parsed(xmp: bytes | None) -> Document:
    """The packet, or an empty one where there is none, it is broken, or it plays tricks with entities."""
    if xmp is not None and b"<!DOCTYPE" not in xmp:
        try:
            document = minidom.parseString(xmp if xmp[:2] in _UTF_16 else xmp.strip(b"\0 \r\n\t"))
        except (ExpatError, ValueError, LookupError, RecursionError):
            return minidom.parseString(_EMPTY)
        if document.getElementsByTagNameNS(RDF, "RDF"):
            return document
    return minidom.parseString(_EMPTY)


def _elements(parent: Element) -> list[Element]:
    return [node for node in parent.childNodes if isinstance(node, Element)]


def _taken_out(descriptions: list[Element], namespace: str, name: str) -> str:
    """Remove a property wherever it stands, as attribute or element (XMP allows each only once), and give the text it had."""
    text = ""
    for description in descriptions:
        if description.hasAttributeNS(namespace, name):
            text = description.getAttributeNS(namespace, name)
            description.removeAttributeNS(namespace, name)
        for child in _elements(description):
            if (child.namespaceURI, child.localName) == (namespace, name):
                text = "".join(node.data for node in child.childNodes if isinstance(node, minidom.Text)).strip()
                text = text or child.getAttributeNS(RDF, "resource")
                description.removeChild(child)
    return text


def _says_nothing(description: Element) -> bool:
    """Whether an rdf:Description has no property (left)."""
    names = [attribute.namespaceURI for attribute in description.attributes.values()]
    return not _elements(description) and all(uri in (_XMLNS, RDF) for uri in names)


def _description(document: Document, prefix: str, others: list[Element]) -> Element:
    """A new rdf:Description about the same thing as the others."""
    element = document.createElementNS(RDF, f"{prefix}:Description")
    about = others[0].getAttributeNS(RDF, "about") if others else ""
    element.setAttributeNS(RDF, f"{prefix}:about", about)
    for name, uri in ((prefix, RDF), ("Iptc4xmpExt", IPTC), ("autochrome", AUTOCHROME)):
        element.setAttributeNS(_XMLNS, f"xmlns:{name}", uri)
    return element


def _say(description: Element, name: str, namespace: str, text: str) -> Element:
    document = description.ownerDocument
    assert document is not None
    element = document.createElementNS(namespace, name)
    if text:
        element.appendChild(document.createTextNode(text))
    description.appendChild(element)
    return element


def _list(description: Element, prefix: str, items: list[str]) -> None:
    holder = _say(description, "autochrome:generators", AUTOCHROME, "")
    document = description.ownerDocument
    assert document is not None
    bag = holder.appendChild(document.createElementNS(RDF, f"{prefix}:Bag"))
    for item in items:
        entry = bag.appendChild(document.createElementNS(RDF, f"{prefix}:li"))
        entry.appendChild(document.createTextNode(item))
