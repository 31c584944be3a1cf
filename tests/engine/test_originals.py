"""An original is known again behind links and other spellings."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from engine.originals import Originals, place_key
from tests.engine import photos


def test_originals_hold_links_and_spellings(tmp_path: Path) -> None:
    source = photos.save(photos.grey(), tmp_path / "Grandma.jpg")
    originals = Originals.of([source])
    (tmp_path / "soft.jpg").symlink_to(source)
    os.link(source, tmp_path / "hard.jpg")
    held = ["Grandma.jpg", "grandma.JPG", "soft.jpg", "hard.jpg", "x/../Grandma.jpg"]
    assert all(originals.holds(tmp_path / name) for name in held)
    assert not originals.holds(tmp_path / "other.jpg")


def test_an_original_that_is_gone_is_still_known_by_its_place(tmp_path: Path) -> None:
    assert Originals.of([tmp_path / "gone.jpg"]).holds(tmp_path / "GONE.jpg")


def test_what_a_link_among_the_originals_leads_to_is_one_too(tmp_path: Path) -> None:
    source = photos.save(photos.grey(), tmp_path / "far" / "a.jpg")
    (tmp_path / "link.jpg").symlink_to(source)
    originals = Originals.of([tmp_path / "link.jpg"])
    assert originals.holds(source) and originals.holds(tmp_path / "link.jpg")


def test_one_key_for_all_spellings_of_a_place(tmp_path: Path) -> None:
    name = "Käthe.jpg"
    spellings = {name.upper(), name.lower(), unicodedata.normalize("NFD", name), unicodedata.normalize("NFC", name)}
    assert len(spellings) == 4 and len({place_key(tmp_path / spelling) for spelling in spellings}) == 1
    assert place_key(tmp_path / "a") != place_key(tmp_path / "b")
