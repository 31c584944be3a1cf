"""The setting `colorize.working_size` as a row: a slider of real sizes, which shows the generator's own while it is automatic."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QToolButton, QWidget

from desktop_app.recipe_panel.rows import SliderRow, value_text
from engine.card import Card
from engine.steps.step import Setting, Value
from engine.working_shape import own_working_size


class WorkingSizeRow(SliderRow):
    """Needs the generator that does the step; moving the slider sets a size, the button gives it up again."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self._value = declared.default
        self._own = 0
        self.back = QToolButton(self)
        self.back.setText("Reset")
        self.back.setAccessibleName("Reset the working size to automatic")
        self.back.setToolTip("Back to automatic: the size that the generator learned with.")
        self.back.setAccessibleDescription(self.back.toolTip())
        self.back.clicked.connect(self._go_back)
        self.back.ensurePolished()
        self.head.addWidget(self.back)
        self.head.addStrut(self.back.sizeHint().height())  # there or not, nothing below it moves
        self.show_value(declared.default)

    def show_generator(self, card: Card | None) -> None:
        self._own = own_working_size(card) if card is not None else 0
        self.show_value(self._value)

    def show_value(self, value: Value) -> None:
        """0 is automatic: the handle then stands at what the generator takes, not at an end as if that were a small size."""
        self._value = value
        super().show_value(value or self._own)
        if not value:
            words = [self.declared.zero, value_text(self.declared, self._own)] if self._own else [self.declared.zero]
            self.number.setText(", ".join(words))
        self.back.setVisible(bool(value))

    @Slot()
    def _go_back(self) -> None:
        self.slider.setFocus()  # the button goes away
        self._reset()
