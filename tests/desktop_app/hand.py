"""A hand for the window's tests: drops, presses, waits, and looks at what an eye would see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import PySide6
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication

from desktop_app.assembly import Assembly
from desktop_app.queue import State
from engine.color import srgb_to_lab

LONG_MS = 20_000


class Hand:
    """Does to the window what a hand does, and looks at what an eye sees."""

    def __init__(self, qtbot, assembly: Assembly) -> None:
        self.qtbot = qtbot
        self.app = assembly
        self.after: QImage | None = None
        assembly.closeup.after_shown.connect(self._after_shown)

    def _after_shown(self, image: QImage | None) -> None:
        self.after = image

    def drop(self, *paths: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        self.drop_mime(mime)

    def drop_mime(self, mime: QMimeData) -> None:
        """Carry something over the window and let go."""
        place, copy = QPointF(400, 300), Qt.DropAction.CopyAction
        rest = (copy, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        spot = place if PySide6.__version_info__ >= (6, 12) else place.toPoint()
        QApplication.sendEvent(self.app.window, QDragEnterEvent(spot, *rest))
        QApplication.sendEvent(self.app.window, QDropEvent(place, *rest))

    def wait(self, condition) -> None:
        self.qtbot.waitUntil(condition, timeout=LONG_MS)

    def wait_for_preview(self) -> None:
        """Until the picture at the right of the line is that of the state as it is now."""
        document = self.app.queue.current.document
        self.wait(lambda: document.analyses is not None and self.after is not None)

    def press(self, action_id: str) -> None:
        self.wait(lambda: self.app.actions[action_id].isEnabled())
        self.app.actions[action_id].trigger()

    def states(self) -> list[State]:
        return [item.state for item in self.app.queue.items]

    def chroma(self) -> np.ndarray:
        """Mean a*, b* in the middle of what is shown at the right of the line."""
        image = self.after.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        rgb = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)
        height, width = rgb.shape[:2]
        middle = rgb[height * 4 // 9 : height * 5 // 9, width * 4 // 9 : width * 5 // 9]
        return srgb_to_lab(middle.astype(np.float32) / 255)[..., 1:].mean((0, 1))
