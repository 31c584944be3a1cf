"""Colours with names: those that old photographs need most, and the word for any other."""

from __future__ import annotations

from functools import lru_cache

from desktop_app.hints.gamut import lab_of

COMMON: tuple[tuple[str, str], ...] = (
    ("Fair skin", "#f0cbb0"),
    ("Light skin", "#dfae8c"),
    ("Olive skin", "#c39068"),
    ("Brown skin", "#8f5d40"),
    ("Dark skin", "#5b3a29"),
    ("Blond hair", "#d3ac68"),
    ("Cream", "#ede0bf"),
    ("Grey, no colour", "#808080"),
    ("Grass", "#6c8f3d"),
    ("Sky", "#82b1d8"),
    ("Navy", "#27375f"),
    ("Khaki", "#a8996a"),
    ("Wood", "#8a6240"),
    ("Brick", "#a5503a"),
    ("Burgundy", "#6e1f30"),
    ("Rose", "#c97a8b"),
)
"""Name and colour, in the order of the picker: people first."""

_WORDS: tuple[tuple[str, str], ...] = (
    ("black", "#101010"),
    ("dark grey", "#484848"),
    ("grey", "#808080"),
    ("light grey", "#c0c0c0"),
    ("white", "#f6f6f6"),
    ("red", "#cc2222"),
    ("dark red", "#7a1420"),
    ("orange", "#e8802a"),
    ("yellow", "#ecd23c"),
    ("olive", "#7d7a2c"),
    ("green", "#3f9a3f"),
    ("dark green", "#24552c"),
    ("light green", "#a8d08d"),
    ("turquoise", "#3fa8a0"),
    ("light blue", "#8fbfe6"),
    ("blue", "#2f62c4"),
    ("dark blue", "#1f2f66"),
    ("violet", "#7a4bb0"),
    ("pink", "#e89ab4"),
    ("brown", "#8a5a38"),
    ("dark brown", "#4d3222"),
    ("beige", "#d9bf9c"),
    ("cream", "#efe3c4"),
)


@lru_cache(maxsize=256)
def word_for(colour: str) -> str:
    """An everyday word for "#rrggbb", for those who cannot see it: the nearest in CIE Lab."""
    lab = lab_of(colour)
    distances = {word: sum((x - y) ** 2 for x, y in zip(lab, lab_of(code), strict=True)) for word, code in _WORDS}
    return min(distances, key=lambda word: distances[word])
