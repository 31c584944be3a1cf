"""Times and numbers as one would say them, and questions that can be answered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from desktop_app import messages
from engine.errors import PhotoUnreadable
from engine.steps.colorize import ALREADY_COLOUR


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "less than 10 s left"),
        (9.9, "less than 10 s left"),
        (42.0, "40 s left"),
        (89.0, "90 s left"),
        (90.0, "2 min left"),
        (600.0, "10 min left"),
        (7800.0, "2 h 10 min left"),
    ],
)
def test_time_left(seconds, words):
    assert messages.time_left(seconds) == words


def test_photos_are_counted():
    assert [messages.photos(count) for count in (1, 2)] == ["1 photo", "2 photos"]


def test_a_note_is_without_the_words_of_the_command_line():
    assert messages.note("“Colour again” (colorize.force) replaces them.") == "“Colour again” replaces them."
    assert "colorize." not in messages.note(ALREADY_COLOUR)
    assert "“Colour again”" in messages.note(ALREADY_COLOUR), "as the switch in the panel is called"
    assert messages.note("Left alone (a.b).") == "Left alone (a.b)."


@pytest.mark.parametrize(("press", "answer"), [("Stop", True), ("Go on", False)])
def test_a_question_gets_its_answer(qtbot, press, answer):
    """The one place where a real question is put; everywhere else the answer is given by the test."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        next(button for button in box.findChildren(QPushButton) if button.text() == press).click()

    QTimer.singleShot(0, click)
    assert messages.ask(None, messages.Question("Title", "Text", "More", yes="Stop", no="Go on")) is answer


def test_an_error_is_shown_by_its_sentence_alone(qtbot, tmp_path):
    error = PhotoUnreadable(tmp_path / "a.jpg")
    box = messages.show_error(None, error, "Traceback …")
    qtbot.addWidget(box)
    assert isinstance(box, QMessageBox)
    assert (box.text(), box.informativeText()) == (error.sentence, error.next_step)
    assert not box.isModal()
    box.close()
