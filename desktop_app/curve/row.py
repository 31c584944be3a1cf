"""The setting `tone.curve` as a row of the step's card: the curve that was found for the photo, or the one drawn for it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_app.curve.editor import TOOL_TIP, CurveEditor
from desktop_app.recipe_panel.rows import EDGE_PX, SettingRow
from desktop_app.theme import set_role
from engine.steps.step import Analysis, Setting, Value
from engine.steps.tone import ToneSettings, light_curve


class CurveRow(SettingRow):
    """Needs the step's other settings, which shape the automatic curve, and what was found in the photo."""

    def __init__(self, declared: Setting, parent: QWidget | None = None) -> None:
        super().__init__(declared, parent)
        self._settings = ToneSettings()
        self._analysis: Analysis | None = None
        self.setToolTip(TOOL_TIP)
        self._state = QLabel("automatic", self)
        set_role(self._state, "quiet")
        self.back = QToolButton(self)
        self.back.setText("Back to automatic")
        self.back.setAccessibleName("Back to the automatic curve")
        self.back.setToolTip("Give up your own curve and take the one that was found for the photo.")
        self.back.setAccessibleDescription(self.back.toolTip())
        self.back.clicked.connect(self._go_back)
        self.editor = CurveEditor(self)
        self.editor.curve_chosen.connect(self._chosen)
        self.editor.settled.connect(self.settled)
        self._place()
        self._show()

    def _place(self) -> None:
        self.back.ensurePolished()
        head = QHBoxLayout()
        head.addWidget(QLabel(self.declared.label, self), 1)
        head.addWidget(self._state)
        head.addWidget(self.back)
        head.addStrut(self.back.sizeHint().height())  # there or not, nothing below it moves
        rows = QVBoxLayout(self)
        rows.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        rows.setSpacing(4)
        rows.addLayout(head)
        rows.addWidget(self.editor)

    def show_settings(self, settings: ToneSettings) -> None:
        self._settings = settings
        self._show()

    def show_value(self, value: Value) -> None:
        self.show_settings(replace(self._settings, curve=str(value)))

    def show_analysis(self, analysis: Analysis | None) -> None:
        self._analysis = analysis
        self._show()

    def _show(self) -> None:
        """Without an analysis nothing is known of the photo's lightness, and nothing can be bent."""
        found = self._analysis
        automatic = light_curve(found, replace(self._settings, curve="")) if found is not None else None
        self.editor.show_curve(self._settings.curve, automatic)
        is_own = bool(self._settings.curve)
        self._state.setVisible(not is_own)
        self.back.setVisible(is_own)
        self.back.setEnabled(automatic is not None)

    @Slot(str)
    def _chosen(self, curve: str) -> None:
        self.show_value(curve)
        self.value_chosen.emit(curve)

    @Slot()
    def _go_back(self) -> None:
        self.editor.setFocus()  # the button goes away
        self.editor.go_automatic()
