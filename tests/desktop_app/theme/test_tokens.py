"""Both themes can be read: the contrast of what stands on what, counted from the tokens themselves."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QWidget

from desktop_app.theme.apply import palette
from desktop_app.theme.tokens import DARK, LIGHT, Theme, contrast, theme_of

THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
TEXT_RATIO, SHAPE_RATIO = 4.5, 3.0  # WCAG 2.2: 1.4.3 and 1.4.11


def test_contrast_is_that_of_wcag():
    """Its two ends, and a grey that is known to pass on white just so."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@THEMES
@pytest.mark.parametrize("name", ["text", "quiet", "accent_text", "error", "done"])
def test_words_can_be_read_on_every_surface(theme: Theme, name: str):
    ratios = {surface: contrast(getattr(theme, name), surface) for surface in (*theme.surfaces, theme.selection)}
    assert len(ratios) >= 6
    assert min(ratios.values()) >= TEXT_RATIO, ratios


@THEMES
def test_words_on_the_accent_can_be_read(theme: Theme):
    ratios = [contrast(theme.on_accent, fill) for fill in (theme.accent, theme.accent_hover, theme.accent_pressed)]
    assert min(ratios) >= TEXT_RATIO


@THEMES
def test_what_cannot_be_used_can_still_be_read(theme: Theme):
    assert min(contrast(theme.disabled, surface) for surface in theme.surfaces) >= SHAPE_RATIO


@THEMES
def test_focus_rings_and_outlines_are_seen(theme: Theme):
    """The ring on everything; an outline on the surfaces that carry fields and boxes."""
    assert min(contrast(theme.accent_text, surface) for surface in theme.surfaces) >= SHAPE_RATIO
    grounds = (theme.well, theme.room, theme.panel, theme.card, theme.field)
    assert min(contrast(theme.edge, ground) for ground in grounds) >= SHAPE_RATIO


@THEMES
def test_the_filled_part_of_a_slider_is_told_from_the_empty_one(theme: Theme):
    assert contrast(theme.accent_mark, theme.track) >= SHAPE_RATIO


@THEMES
def test_tokens_are_colours_and_warm(theme: Theme):
    """Red never below blue in any grey of the rooms; every value is "#rrggbb"."""
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in theme.colours().values())
    for surface in theme.surfaces:
        assert int(surface[1:3], 16) >= int(surface[5:7], 16)


@THEMES
def test_a_widget_knows_its_theme_by_its_palette(qtbot, theme: Theme):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setPalette(palette(theme))
    assert theme_of(widget) is theme
