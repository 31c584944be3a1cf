"""The colour popover of a hint: the plane at the photo's lightness, common and recent colours, the code in figures."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRegularExpression, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegularExpressionValidator,
)
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.hints.gamut import colour_at, colour_keeping, lab_of
from desktop_app.hints.names import COMMON, word_for
from desktop_app.hints.plane import ColourPlane
from desktop_app.hints.swatch import Swatch
from desktop_app.theme.icons import icon
from desktop_app.theme.tokens import UNIT, theme_of

_COLUMNS = 8
_GAP_PX = UNIT // 2
_WIDTH_PX = _COLUMNS * 28 + (_COLUMNS - 1) * _GAP_PX
_AWAY_PX = 3 * UNIT


class ColourPicker(QWidget):
    """Opens beside a place. Enter, “Done” or a click elsewhere take the colour, Escape gives the old one back."""

    colour_changed = Signal(str)
    """While choosing. Payload: "#rrggbb" whose a* and b* are meant."""
    colour_chosen = Signal(str)
    """At the end, when it shall stay."""
    cancelled = Signal()
    """At the end, when the old one shall come back (also when nothing was chosen)."""
    photo_wanted = Signal()
    """The colour shall be taken from another place of the photo; the picker has closed."""
    removal_wanted = Signal()
    """The hint shall go; the picker has closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the click that closes it must not set a hint
        self.setAccessibleName("Colour of the hint")
        self._lightness = 60.0
        self._colour = "#808080"
        self._has_changed = False
        self._is_over = True
        self._plane = ColourPlane(_WIDTH_PX, self)
        self._plane.setObjectName("colour-plane")
        self._plane.moved.connect(self._plane_moved)
        self._look = _Look(self)
        self._code = QLineEdit(self)
        self._code.setObjectName("colour-code")
        self._code.setAccessibleName("Colour code")
        self._code.setToolTip("The colour as a code like #a04020; the photo keeps its own lightness")
        self._code.setValidator(QRegularExpressionValidator(QRegularExpression("#?[0-9a-fA-F]{6}"), self))
        self._code.textEdited.connect(self._code_edited)
        self._from_photo = self._tool("eyedropper", "Take the colour from another place of the photo")
        self._from_photo.clicked.connect(self._want_photo)
        self._remove = self._tool("remove", "Remove this hint")
        self._remove.clicked.connect(self._want_removal)
        self._done = QPushButton("Done", self)
        self._done.setProperty("role", "primary")
        self._done.setToolTip("Keep this colour (Enter)")
        self._done.clicked.connect(self.accept)
        self._recent_words = QLabel("Recent", self)
        self._recent_words.setProperty("role", "small")
        self._recent = [Swatch("#808080", "", self) for _ in range(_COLUMNS)]
        self._column = QVBoxLayout(self)
        self._arrange()

    def _tool(self, name: str, words: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIconSize(QSize(20, 20))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _arrange(self) -> None:
        column = self._column
        column.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        column.setSpacing(UNIT)
        column.addWidget(self._plane)
        row = QHBoxLayout()
        row.setSpacing(UNIT)
        for part in (self._look, self._code, self._from_photo):
            row.addWidget(part)
        column.addLayout(row)
        words = QLabel("Common", self)
        words.setProperty("role", "small")
        column.addWidget(words)
        common = [Swatch(code, name, self) for name, code in COMMON]
        column.addLayout(_grid(common))
        column.addWidget(self._recent_words)
        column.addLayout(_grid(self._recent))
        for swatch in (*common, *self._recent):
            swatch.clicked.connect(self._swatch_clicked)
        row = QHBoxLayout()
        row.addWidget(self._remove)
        row.addStretch()
        row.addWidget(self._done)
        column.addLayout(row)

    # ------------------------------------------------------------------------------------------------- opening, closing

    def open_at(self, place: QPoint, colour: str, lightness: float, recent: tuple[str, ...] = ()) -> None:
        """Show beside `place` (of the screen). lightness: L* 0..100 of the photo there. recent: colours used last, newest first."""
        self._lightness = lightness
        self._has_changed = self._is_over = False
        theme = theme_of(self)
        self._from_photo.setIcon(icon("eyedropper", theme))
        self._remove.setIcon(icon("remove", theme))
        self._recent_words.setVisible(bool(recent))
        for position, swatch in enumerate(self._recent):
            swatch.setVisible(position < len(recent))
            if position < len(recent):
                swatch.set_colour(recent[position], f"Recent: {word_for(recent[position])}")
        self._show_colour(colour)
        self.ensurePolished()
        self._column.activate()  # what was shown or hidden just now counts
        self.resize(self.sizeHint())
        self.move(_beside(place, self.size(), self._room_at(place)))
        self.show()
        self._plane.setFocus(Qt.FocusReason.PopupFocusReason)

    def _room_at(self, place: QPoint) -> QRect:
        """Of the screen that shows `place`."""
        screen = QGuiApplication.screenAt(place) or self.screen()
        return screen.availableGeometry()

    @property
    def colour(self) -> str:
        """The chosen colour, "#rrggbb"."""
        return self._colour

    @Slot()
    def accept(self) -> None:
        """Close and keep the colour."""
        self._end(self.colour_chosen, self._colour)

    @Slot()
    def reject(self) -> None:
        """Close and let the old colour come back."""
        self._end(self.cancelled)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A click elsewhere: what was chosen stays, and who chose nothing has set no hint."""
        if not self._is_over:
            if self._has_changed:
                self.accept()
            else:
                self.reject()
        super().closeEvent(event)

    def _end(self, signal: object, *payload: str) -> None:
        if not self._is_over:
            self._is_over = True
            self.close()
            signal.emit(*payload)  # type: ignore[attr-defined]

    @Slot()
    def _want_photo(self) -> None:
        self._end(self.photo_wanted)

    @Slot()
    def _want_removal(self) -> None:
        self._end(self.removal_wanted)

    # --------------------------------------------------------------------------------------------------------- choosing

    @Slot(float, float)
    def _plane_moved(self, a: float, b: float) -> None:
        self._choose(colour_keeping(self._lightness, a, b), from_plane=True)

    @Slot()
    def _swatch_clicked(self) -> None:
        swatch = self.sender()
        if isinstance(swatch, Swatch):
            self._choose(swatch.colour)

    @Slot(str)
    def _code_edited(self, text: str) -> None:
        code = "#" + text.removeprefix("#").lower()
        if len(code) == 7:
            self._choose(code, from_code=True)

    def _choose(self, colour: str, *, from_plane: bool = False, from_code: bool = False) -> None:
        self._has_changed = True
        self._show_colour(colour, keep_plane=from_plane, keep_code=from_code)
        self.colour_changed.emit(colour)

    def _show_colour(self, colour: str, *, keep_plane: bool = False, keep_code: bool = False) -> None:
        self._colour = colour
        _, a, b = lab_of(colour)
        if not keep_plane:
            self._plane.show_colour(self._lightness, a, b)
        if not keep_code:
            self._code.setText(colour)
        self._look.show_colour(colour_at(self._lightness, a, b))

    # ----------------------------------------------------------------------------------------------------------- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("card"))
        painter.setPen(QPen(theme.color("edge"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class _Look(QWidget):
    """How the colour will look in the photo: at the lightness of its place."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = "#808080"
        self.setFixedSize(5 * UNIT, 4 * UNIT)
        self.setToolTip("How it will look in the photo, which keeps its own lightness")

    def show_colour(self, colour: str) -> None:
        self._colour = colour
        self.setAccessibleName(f"Will look {word_for(colour)}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(self._colour))
        painter.setPen(QPen(theme_of(self).color("edge"), 1))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), UNIT / 2, UNIT / 2)


def _grid(swatches: list[Swatch]) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(_GAP_PX)
    for position, swatch in enumerate(swatches):
        grid.addWidget(swatch, position // _COLUMNS, position % _COLUMNS)
    grid.setColumnStretch(_COLUMNS, 1)
    return grid


def _beside(place: QPoint, size: QSize, room: QRect) -> QPoint:
    """Upper left corner for a popover beside `place`: on its right, on its left where the screen ends, always in `room`."""
    x = place.x() + _AWAY_PX
    if x + size.width() > room.right():
        x = place.x() - _AWAY_PX - size.width()
    y = place.y() - size.height() // 3
    return QPoint(
        min(max(x, room.left()), max(room.left(), room.right() - size.width())),
        min(max(y, room.top()), max(room.top(), room.bottom() - size.height())),
    )
