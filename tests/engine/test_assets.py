"""Bundled files are found from a checkout and from a frozen app, and nothing else is reached through them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.assets import asset

ROOT = Path(__file__).resolve().parents[2]


def test_from_the_checkout():
    assert asset("recipes", "colorize.json") == ROOT / "resources" / "recipes" / "colorize.json"
    assert asset() == ROOT / "resources"


def test_slashes_in_a_part_are_folders():
    assert asset("icons/play.svg") == asset("icons", "play.svg")


def test_from_a_frozen_app(monkeypatch, tmp_path):
    """PyInstaller says in sys._MEIPASS where it put things."""
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert asset("models") == tmp_path / "resources" / "models"


@pytest.mark.parametrize(
    "part",
    [
        "..",
        "../secret",
        "models/../../secret",
        "/etc/passwd",
        "C:\\secret",
        "C:secret",
        "\\secret",
        "..\\secret",
        "\\\\host\\share\\x",
    ],
)
def test_what_leads_out_is_refused(part):
    with pytest.raises(ValueError, match="leaves the resources"):
        asset("models", part)
