"""What the middle of the window says while there is no photo."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop_app.theme import set_role, theme_of

_FRAME_WIDTH_PX, _FRAME_HEIGHT_PX = 560, 336


class EmptyPage(QWidget):
    """An empty frame to drop photos into, and two buttons."""

    open_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("empty_page")
        title = QLabel("Drop old photographs here", self)
        set_role(title, "title")
        text = QLabel("Photos or whole folders: JPEG, PNG, WebP and TIFF.\nEverything stays on this computer.", self)
        set_role(text, "quiet")
        for label in (title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open_button = QPushButton("Open photos…", self)
        set_role(self.open_button, "primary")
        self.open_button.setToolTip("Choose photos to restore.")
        self.open_button.clicked.connect(self.open_wanted)
        self.sample_button = QPushButton("Try the sample", self)
        self.sample_button.setToolTip("Open the photo that comes with Autochrome.")
        self.sample_button.clicked.connect(self.sample_wanted)
        self.sample_button.setVisible(has_sample)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.sample_button)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.addStretch(1)
        rows.addWidget(title)
        rows.addSpacing(8)
        rows.addWidget(text)
        rows.addSpacing(24)
        rows.addLayout(buttons)
        rows.addStretch(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A dashed frame, so that one sees where to drop (though the whole window takes photos)."""
        theme = theme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.color("well"))
        frame = QRectF(0, 0, min(_FRAME_WIDTH_PX, self.width() - 48), min(_FRAME_HEIGHT_PX, self.height() - 48))
        frame.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(theme.color("edge"), 1.5, Qt.PenStyle.DashLine, Qt.PenCapStyle.RoundCap))
        painter.drawRoundedRect(frame, 12, 12)
