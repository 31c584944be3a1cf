"""Colour hints over the photo: marks, their keys, and the picker. Used by window.py; uses compare/ and theme/."""

from desktop_app.hints.overlay import HintOverlay
from desktop_app.hints.picker import ColourPicker

__all__ = ["ColourPicker", "HintOverlay"]
