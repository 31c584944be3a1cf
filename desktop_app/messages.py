"""Errors and questions as words on the screen, and the one `ask()` that tests answer in the user's place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.codecs import READABLE
from engine.errors import EngineError
from engine.steps import STEPS

UNEXPECTED = EngineError(
    "Something unexpected went wrong.", "Your photos are as they were. Copy the details for a report."
)

_SETTING_NAME = re.compile(rf" \((?:{'|'.join(map(re.escape, STEPS))})\.\w+\)")


@dataclass(frozen=True)
class Question:
    """A modal question with two answers. yes, no: the words on the buttons; `no` is what Escape means."""

    title: str
    text: str
    explanation: str
    yes: str
    no: str


def ask(parent: QWidget | None, question: Question) -> bool:
    """Put a modal question; True for yes. The only place of the app that waits for an answer."""
    box = _box(parent, question.title, question.text, question.explanation)
    yes = box.addButton(question.yes, QMessageBox.ButtonRole.AcceptRole)
    no = box.addButton(question.no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    box.exec()
    return box.clickedButton() is yes


def show_error(parent: QWidget | None, error: EngineError, details: str = "") -> QMessageBox:
    """Show an error beside the work, not in its way. Returns the box (it goes away with its button)."""
    box = _box(parent, "Autochrome", error.sentence, error.next_step)
    if details:
        box.setDetailedText(details)
        copy = box.addButton("Copy details", QMessageBox.ButtonRole.ActionRole)
        copy.clicked.connect(partial(QGuiApplication.clipboard().setText, details))
    box.addButton(QMessageBox.StandardButton.Close)
    box.setModal(False)
    box.show()
    return box


def _box(parent: QWidget | None, title: str, text: str, explanation: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setText(text)
    box.setInformativeText(explanation)
    return box


def time_left(seconds: float) -> str:
    """Seconds as one would say them: “less than 10 s left”, “40 s left”, “3 min left”, “2 h 10 min left”."""
    if seconds < 10:
        return "less than 10 s left"
    if seconds < 90:
        return f"{round(seconds / 10) * 10} s left"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min left"
    return f"{minutes // 60} h {minutes % 60} min left"


def note(words: str) -> str:
    """A line of the engine without the command line's names of settings: “Colour again” and not “… (colorize.force)”."""
    return _SETTING_NAME.sub("", words)


def photos(count: int) -> str:
    """“1 photo”, “12 photos”."""
    return "1 photo" if count == 1 else f"{count} photos"


def choose_photos(parent: QWidget | None, folder: str) -> list[Path]:
    """Let the user choose photos; empty if they think better of it."""
    patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in sorted(READABLE))
    names, _ = QFileDialog.getOpenFileNames(parent, "Open photos", folder, f"Photos ({patterns});;All files (*)")
    return [Path(name) for name in names]


def choose_folder(parent: QWidget | None, title: str, folder: str) -> Path | None:
    name = QFileDialog.getExistingDirectory(parent, title, folder)
    return Path(name) if name else None


def choose_file(parent: QWidget | None, title: str, folder: str, kinds: str) -> Path | None:
    """An existing file to read."""
    name, _ = QFileDialog.getOpenFileName(parent, title, folder, kinds)
    return Path(name) if name else None


def choose_target(parent: QWidget | None, title: str, suggestion: Path, kinds: str) -> Path | None:
    """A file to write; the dialog asks before one that exists is chosen."""
    name, _ = QFileDialog.getSaveFileName(parent, title, str(suggestion), kinds)
    return Path(name) if name else None
