"""The bar below the photo: where results go, what it runs on, the state in words, and the one button that starts or stops."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop_app import messages
from desktop_app.theme import set_role


@dataclass(frozen=True)
class Work:
    """What there is to say about the queue.

    total, done, failed: photos in the window. outstanding: those that the button would restore. running: words for the photo at
    work, "" when none is. place, of: "3 of 12" of this run. share: 0..1 of this run. seconds_left: None while unknown.
    looking: words for what the shown photo waits for, "" if for nothing. guide: what a click does now, "" if nothing special.
    """

    total: int = 0
    done: int = 0
    failed: int = 0
    outstanding: int = 0
    running: str = ""
    place: int = 0
    of: int = 0
    share: float = 0.0
    seconds_left: float | None = None
    looking: str = ""
    guide: str = ""


class BottomBar(QFrame):
    """Shows a Work; its button starts or stops it."""

    start_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._progress = QProgressBar(self, textVisible=False)
        self._progress.setRange(0, 1000)
        self._progress.setAccessibleName("Progress of all photos")
        self.output_button = self._menu_button("Where results go and in which format.")
        self.device_button = self._menu_button("What the generators run on.")
        self.main_button = QPushButton(self)
        self.main_button.setMinimumWidth(184)
        self.main_button.clicked.connect(self._clicked)
        set_role(self.main_button, "primary")
        self._is_running = False
        self._place()
        self.show_work(Work())

    def _menu_button(self, tip: str) -> QPushButton:
        button = QPushButton(self)
        set_role(button, "quiet")
        button.setToolTip(tip)
        return button

    def _place(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addStretch(1)
        words.addWidget(self._words)
        words.addWidget(self._progress)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        row.addLayout(words, 1)
        row.addSpacing(8)
        row.addWidget(self.device_button)
        row.addWidget(self.output_button)
        row.addWidget(self.main_button)

    def set_menus(self, output: QMenu, device: QMenu) -> None:
        self.output_button.setMenu(output)
        self.device_button.setMenu(device)

    def show_output(self, words: str) -> None:
        self.output_button.setText(words)
        self.output_button.setAccessibleName(f"Results: {words}")

    def show_device(self, words: str, tip: str) -> None:
        self.device_button.setText(words)
        self.device_button.setToolTip(tip)
        self.device_button.setAccessibleName(f"Runs on: {words}")

    def show_work(self, work: Work) -> None:
        self._is_running = bool(work.running)
        self._words.setText(sentence(work))
        self._progress.setVisible(self._is_running)
        self._progress.setValue(round(work.share * 1000))
        self.main_button.setText("Stop" if self._is_running else button_text(work))
        self.main_button.setEnabled(self._is_running or work.outstanding > 0)
        role = "" if self._is_running else "primary"
        if self.main_button.property("role") != role:
            set_role(self.main_button, role)
        tip = (
            "Stop restoring; what is finished stays."
            if self._is_running
            else "Restore every photo that has no result yet."
        )
        self.main_button.setToolTip(tip)

    @Slot()
    def _clicked(self) -> None:
        (self.stop_wanted if self._is_running else self.start_wanted).emit()


def button_text(work: Work) -> str:
    """“Restore 12 photos”; “All restored” when nothing is left to do."""
    if work.total and not work.outstanding:
        return "All restored"
    return f"Restore {messages.photos(work.outstanding)}" if work.total else "Restore"


def sentence(work: Work) -> str:
    """The state in words."""
    if work.running:
        parts = [f"Restoring {work.place} of {work.of}", work.running]
        if work.seconds_left is not None:
            parts.append(messages.time_left(work.seconds_left))
        return " · ".join(parts)
    if work.looking:
        return f"{work.looking}…"
    if work.guide:
        return work.guide
    if not work.total:
        return "No photos yet"
    parts = [messages.photos(work.total)]
    if work.done:
        parts.append(f"{work.done} restored")
    if work.failed:
        parts.append(f"{work.failed} failed")
    return " · ".join(parts)
