"""The pages say what they should, in words that a screen reader finds too."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QScrollArea

from desktop_app.pages.about import AboutPage
from desktop_app.pages.banner import Banner
from desktop_app.pages.empty import EmptyPage
from desktop_app.pages.shortcuts import GESTURES, ShortcutsPage
from engine.errors import PhotoMissing
from tests.onnx_files import card_of


def words_of(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_the_banner_shows_sentence_and_next_step(qtbot, tmp_path):
    banner = Banner()
    qtbot.addWidget(banner)
    error = PhotoMissing(tmp_path / "a.jpg")
    banner.show_error(error)
    assert error.sentence in words_of(banner)
    assert error.next_step in words_of(banner)
    assert banner.accessibleName() == error.sentence
    banner.show_error(None)
    assert not banner.isVisible()


def test_the_sample_is_offered_only_where_there_is_one(qtbot):
    for has_sample in (True, False):
        page = EmptyPage(has_sample)
        qtbot.addWidget(page)
        assert page.sample_button.isHidden() is not has_sample


def test_about_names_every_generator_and_its_limits(qtbot):
    page = AboutPage([card_of(title="Our colours", limits="Guesses uniforms.")])
    qtbot.addWidget(page)
    assert "Our colours" in words_of(page)
    assert "Guesses uniforms." in words_of(page)


def test_the_shortcuts_page_shows_gestures_too(qtbot):
    page = ShortcutsPage()
    qtbot.addWidget(page)
    assert len(GESTURES) > 5
    assert [meaning for _, _, meaning in GESTURES if meaning not in words_of(page)] == []


def test_the_page_of_keys_is_wide_enough_for_every_line(qtbot):
    page = ShortcutsPage()
    qtbot.addWidget(page)
    page.show()
    qtbot.waitExposed(page)
    area = page.findChild(QScrollArea)
    assert area is not None and area.horizontalScrollBar().maximum() == 0 < area.verticalScrollBar().maximum()
