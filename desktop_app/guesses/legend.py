"""What the guess map's clear, tinted and hatched places mean, in three words on the photo."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop_app.guesses.tint import GUESSED, LIKELY, SURE, sample
from desktop_app.legend import Legend, Sample
from desktop_app.theme.tokens import DARK

WORDS = (("sure", SURE), ("likely", LIKELY), ("guessed", GUESSED))


def guess_legend(parent: QWidget) -> Legend:
    """Hidden until it is shown."""
    return Legend(
        "Legend of the guess map",
        "Clear: the colour is sure. Tinted: likely. Tinted and hatched: guessed.",
        [(word, _sample_of(sure)) for word, sure in WORDS],
        parent,
    )


def _sample_of(sure: float) -> Sample:
    def patch(size: QSize, device_ratio: float) -> QImage:
        return sample(sure, size, DARK.color("accent_mark"), device_ratio)

    return patch
