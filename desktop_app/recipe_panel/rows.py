"""One setting as a row: its label, its value in words, and the control that its declaration asks for."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from desktop_app.theme import set_role
from engine.card import Card
from engine.steps.step import Analysis, Setting, Value

_STEPS = 100
EDGE_PX = 4
"""Sliders and switches keep this much for their focus ring; words beside them stand in line with what they draw."""


def value_text(declared: Setting, value: Value) -> str:
    """A value as the panel says it: shares as per cent, balances with their sign, numbers with their unit, 0 as declared."""
    if declared.zero and value == 0:
        return declared.zero
    if isinstance(value, float) and not declared.unit and declared.maximum is not None and declared.minimum is not None:
        if declared.minimum < 0:
            return f"{value * 100:+.0f}" if round(value * 100) else "0"
        return f"{value * 100:.0f} %"
    return f"{value:g} {declared.unit}".strip() if isinstance(value, int | float) else str(value)


class SettingRow(QWidget):
    """Base of the rows: shows a value it is given, tells one that the user chose."""

    value_chosen = Signal(object)
    """Payload: the new value."""
    settled = Signal()
    """The hand has left the control."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.declared = declared
        self.setToolTip(declared.sentence)

    def show_value(self, value: Value) -> None:
        """Show `value` without telling anybody."""
        raise NotImplementedError

    def show_settings(self, settings: Any) -> None:
        """Show a step's settings without telling anybody; most rows show but their own."""
        self.show_value(getattr(settings, self.declared.name))

    def show_analysis(self, analysis: Analysis | None) -> None:
        """What the step has found in the photo that is looked at, None while nothing is known; most rows show nothing of it."""

    def show_size(self, size: tuple[int, int] | None) -> None:
        """Width and height of the photo that is looked at, None while they are not known; most rows show nothing of them."""

    def show_generator(self, card: Card | None) -> None:
        """The generator that does the step, None where there is none; most rows show nothing of it."""

    def _describe(self, control: QWidget) -> None:
        control.setAccessibleName(self.declared.label)
        control.setAccessibleDescription(self.declared.sentence)
        control.setToolTip(self.declared.sentence)


class ValueSlider(QSlider):
    """A slider that jumps to where it is clicked, goes back on a double click or Backspace, and lets the wheel scroll the panel."""

    reset_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            # The handle moves to the pointer first, so that Qt's own press takes hold of it there.
            share = (event.position().x() - _HANDLE_PX / 2) / max(1.0, self.width() - _HANDLE_PX)
            self.setValue(round(self.minimum() + share * (self.maximum() - self.minimum())))
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.reset_wanted.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


_HANDLE_PX = 16


class SliderRow(SettingRow):
    """A number between two ends. head: the line above the slider, with `number`, the value in words, at its end."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        assert declared.minimum is not None and declared.maximum is not None
        self._low, self._span = declared.minimum, declared.maximum - declared.minimum
        self.number = QLabel(self)
        set_role(self.number, "quiet")
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider = ValueSlider(self)
        # Whole numbers move one by one where they are few; everything else in hundredths of the way or of one.
        self._per_step = max(1.0, self._span / 32) if declared.kind is int else min(0.01, self._span / _STEPS)
        self.slider.setRange(0, round(self._span / self._per_step))
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderReleased.connect(self.settled)
        self.slider.reset_wanted.connect(self._reset)
        self._describe(self.slider)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        self.head.addWidget(QLabel(declared.label, self), 1)
        self.head.addWidget(self.number)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addLayout(self.head)
        rows.addWidget(self.slider)

    def show_value(self, value: Value) -> None:
        assert isinstance(value, int | float)
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((value - self._low) / self._per_step))
        self.number.setText(value_text(self.declared, value))

    @Slot(int)
    def _moved(self, position: int) -> None:
        number = self._low + position * self._per_step
        value: Value = round(number) if self.declared.kind is int else round(number, 4)
        self.show_value(value)
        self.value_chosen.emit(value)

    @Slot()
    def _reset(self) -> None:
        self.settled.emit()
        self.show_value(self.declared.default)
        self.value_chosen.emit(self.declared.default)
        self.settled.emit()


class SwitchRow(SettingRow):
    """Yes or no."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self.box = QCheckBox(declared.label, self)
        self.box.toggled.connect(self._toggled)
        self._describe(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)

    def show_value(self, value: Value) -> None:
        with QSignalBlocker(self.box):
            self.box.setChecked(bool(value))

    @Slot(bool)
    def _toggled(self, checked: bool) -> None:
        self.value_chosen.emit(checked)
        self.settled.emit()


class ChoiceRow(SettingRow):
    """One of a few words."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self.choice = QComboBox(self)
        self.choice.addItems(list(declared.choices))
        self.choice.textActivated.connect(self._activated)
        self._describe(self.choice)
        row = QHBoxLayout()
        row.addWidget(QLabel(declared.label, self), 1)
        row.addWidget(self.choice)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        self.column.setSpacing(4)
        self.column.addLayout(row)

    def show_value(self, value: Value) -> None:
        self.choice.setCurrentText(str(value))

    @Slot(str)
    def _activated(self, text: str) -> None:
        self.value_chosen.emit(text)
        self.settled.emit()


def row_for(declared: Setting, parent: QWidget) -> SettingRow:
    """The row that fits a declaration."""
    if declared.kind is bool:
        return SwitchRow(declared, parent)
    if declared.choices:
        return ChoiceRow(declared, parent)
    return SliderRow(declared, parent)
