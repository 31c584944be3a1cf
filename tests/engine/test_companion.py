"""Files that belong to a photo do not meet: other suffixes, and other photos of the same name, have others."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import companion


def test_each_suffix_is_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the photo and where there is no album; the sharper cases: test_sidecar.py."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    for photo in (tmp_path / "grandma.jpg", tmp_path / "gone" / "grandma.jpg"):
        one, two = (companion.put(photo, suffix, suffix.encode()) for suffix in (".json", ".png"))
        assert (companion.find(photo, ".json"), companion.find(photo, ".png")) == (one, two)
        assert one.read_bytes() == b".json" and two.read_bytes() == b".png"
        assert companion.find(photo, ".txt") is None
    assert one.parent.parent.name == "Autochrome"
