"""The card in the panel where damage is shown and marked: tools, the brush's size and softness, and the mask as a file."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app.actions import Actions
from desktop_app.document import Document
from desktop_app.marks.brush import LARGEST, SMALLEST, Brush
from desktop_app.marks.refusal import follows_marks
from desktop_app.mirror import ActionMirror
from desktop_app.recipe_panel.rows import EDGE_PX, ValueSlider
from desktop_app.theme import set_role

SWITCHES = ("damage_mask", "brush", "eraser")
FILES = ("use_mask_for_all", "load_mask", "save_mask")
_STEPS = 100


class BrushRow(QWidget):
    """One number of the brush: its label, its value in words, a slider."""

    value_chosen = Signal(float)
    """Payload: 0..1 of the slider's way."""

    def __init__(self, label: str, sentence: str, usual: float, parent: QWidget) -> None:
        super().__init__(parent)
        self._usual = usual
        self.slider = ValueSlider(self)
        self.slider.setRange(0, _STEPS)
        self.slider.setPageStep(_STEPS // 10)
        self.slider.valueChanged.connect(self._moved)
        self.slider.reset_wanted.connect(self._reset)
        self.slider.setAccessibleName(label)
        self.slider.setToolTip(sentence)
        self.setToolTip(sentence)
        self._words = QLabel(self)
        set_role(self._words, "quiet")
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        head.addWidget(QLabel(label, self), 1)
        head.addWidget(self._words)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addLayout(head)
        rows.addWidget(self.slider)

    def show_value(self, share: float, words: str) -> None:
        """Show the value without telling anybody. share: 0..1 of the slider's way."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(share * _STEPS))
        self._words.setText(words)
        self.slider.setAccessibleDescription(f"{words}. {self.toolTip()}")

    @Slot(int)
    def _moved(self, position: int) -> None:
        self.value_chosen.emit(position / _STEPS)

    @Slot()
    def _reset(self) -> None:
        self.value_chosen.emit(self._usual)


class MarksCard(QFrame):
    """Shown while a step that follows marks is on."""

    brush_changed = Signal(object)
    """Payload: Brush."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._brush = Brush()
        self._long_side_px = 1
        self._mended = self._marked = ""
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(12, 12, 12, 12)
        self._rows.setSpacing(8)
        self.controls: dict[str, QAbstractButton] = {}
        for name in SWITCHES:
            switch = QCheckBox(self)
            set_role(switch, "switch")
            self._add(name, switch, actions)
        self.brush_size = BrushRow(
            "Brush size", "How broad a stroke is, in pixels of the photo ([ and ]).", _way_of(Brush().diameter), self
        )
        self.brush_softness = BrushRow(
            "Softness", "How gently a stroke fades at its edge (Shift with [ and ]).", Brush().softness, self
        )
        self.brush_softness.slider.setAccessibleName("Brush softness")
        self.brush_size.value_chosen.connect(self._size_chosen)
        self.brush_softness.value_chosen.connect(self._softness_chosen)
        self._rows.addSpacing(4)
        self._rows.addWidget(self.brush_size)
        self._rows.addWidget(self.brush_softness)
        self._said = QLabel(self, wordWrap=True)
        set_role(self._said, "small")
        self._said.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        self._rows.addWidget(self._said)
        self._add("clear_marks", QPushButton(self), actions)
        self._rows.addWidget(self._files_button(actions))
        self.show_document(None)

    def _add(self, name: str, control: QAbstractButton, actions: Actions) -> None:
        self._rows.addWidget(control)
        self.controls[name] = control
        ActionMirror(control, actions[name])

    def _files_button(self, actions: Actions) -> QPushButton:
        button = QPushButton("Mask", self)
        button.setAccessibleName("Mask: for all photos, load, save")
        button.setToolTip("Use what is marked for other photos, and keep it as a picture.")
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        for name in FILES:
            menu.addAction(actions[name])
        button.setMenu(menu)
        self.controls["files"] = button
        return button

    def show_document(self, document: Document | None) -> None:
        """Of the photo that is looked at; without a step that mends damage there is nothing to mark."""
        follows = document is not None and follows_marks(document.state.recipe)
        self.setVisible(follows)
        if document is None or not follows:
            return
        self._long_side_px = max(document.size or (1, 1))
        self.show_brush(self._brush)
        sheet = document.state.marks
        damaged, sound = sheet.shares if sheet is not None else (0.0, 0.0)
        said = [f"{_per_cent(share)} {word}" for share, word in ((damaged, "damaged"), (sound, "sound")) if share > 0]
        nothing = "The mask is being read." if document.awaits_marks else "Nothing is marked yet."
        self._marked = f"Marked: {', '.join(said)}" if said else nothing
        self._say()

    def show_mended(self, share: float | None) -> None:
        """How much of the photo is filled, 0..1; None while that is not known."""
        self._mended = "" if share is None else f"Mended: {_per_cent(share)} of the photo"
        self._say()

    def _say(self) -> None:
        self._said.setText("\n".join(filter(None, (self._mended, self._marked))))

    def show_brush(self, brush: Brush) -> None:
        self._brush = brush
        self.brush_size.show_value(_way_of(brush.diameter), f"{brush.pixels(self._long_side_px)} px")
        self.brush_softness.show_value(brush.softness, f"{brush.softness * 100:.0f} %")

    @Slot(float)
    def _size_chosen(self, way: float) -> None:
        self.brush_changed.emit(Brush(SMALLEST * (LARGEST / SMALLEST) ** way, self._brush.softness))

    @Slot(float)
    def _softness_chosen(self, way: float) -> None:
        self.brush_changed.emit(Brush(self._brush.diameter, way))


def _way_of(diameter: float) -> float:
    """Equal steps of the slider make the brush larger by equal factors."""
    return math.log(diameter / SMALLEST) / math.log(LARGEST / SMALLEST)


def _per_cent(share: float) -> str:
    """“0.3 %” of the photo; what is there at all is never 0."""
    return f"{share * 100:.1f} %" if share >= 0.0005 or not share else "less than 0.1 %"
