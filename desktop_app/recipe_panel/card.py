"""One step as a card: a switch, its main setting, the rest behind “More”, and which generator does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from desktop_app.recipe_panel.rows import EDGE_PX, SettingRow
from desktop_app.recipe_panel.step_rows import row_of
from desktop_app.theme import set_role
from engine.card import Card
from engine.recipe import RecipeEntry
from engine.steps import STEPS
from engine.steps.step import Analysis, Value, settings_of

_LIST_EDGES_PX = 40


@dataclass(frozen=True)
class SettingChange:
    """The user gave a setting of a step another value."""

    step: str
    name: str
    value: Value


@dataclass(frozen=True)
class StepSwitch:
    """The user switched a step on or off."""

    step: str
    enabled: bool


@dataclass(frozen=True)
class GeneratorChoice:
    """The user chose the generator for a kind of work."""

    kind: str
    name: str


@dataclass(frozen=True)
class MoreToggle:
    """The user opened or closed the “More” of a step."""

    step: str
    shown: bool


class TitleBox(QComboBox):
    """A choice of long titles, cut in the box so that the panel grows no wider, and whole in its list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def showPopup(self) -> None:
        longest = max(self.fontMetrics().horizontalAdvance(self.itemText(place)) for place in range(self.count()))
        self.view().setMinimumWidth(longest + _LIST_EDGES_PX)
        super().showPopup()


class StepCard(QFrame):
    """Shows one RecipeEntry."""

    setting_changed = Signal(object)
    setting_settled = Signal()
    step_switched = Signal(object)
    generator_chosen = Signal(object)
    more_toggled = Signal(object)

    def __init__(
        self, step_name: str, generators: Sequence[Card], more_shown: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_role(self, "card")
        step = STEPS[step_name]
        self._step = step_name
        self._rows: dict[str, SettingRow] = {}
        self.switch = QCheckBox(step.title, self)
        set_role(self.switch, "switch")
        self.switch.setToolTip(step.sentence)
        self.switch.setAccessibleName(step.title)
        self.switch.setAccessibleDescription(step.sentence)
        self.switch.toggled.connect(self._switched)
        self.more = QToolButton(self)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setToolTip(f"More settings of “{step.title}”.")
        self.more.setAccessibleName(f"More settings of {step.title}")
        self._main = QWidget(self)
        self._rest = QWidget(self)
        self._place(step_name, generators)
        self.more.clicked.connect(self._toggle_more)
        self._more_shown = more_shown
        self._show_settings()

    def _place(self, step_name: str, generators: Sequence[Card]) -> None:
        step = STEPS[step_name]
        head = QHBoxLayout()
        head.addWidget(self.switch, 1)
        head.addWidget(self.more)
        main, rest = QVBoxLayout(self._main), QVBoxLayout(self._rest)
        for column in (main, rest):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(12)
        for declared in settings_of(step.settings):
            row = row_of(step_name, declared, self)
            if row is None:
                continue
            row.value_chosen.connect(self._value_chosen)
            row.settled.connect(self.setting_settled)
            self._rows[declared.name] = row
            (main if declared.main else rest).addWidget(row)
        self._choice = self._generator_choice(generators)
        if self._choice is not None:
            rest.addLayout(self._labelled("Generator", self._choice))
        self._has_rest = rest.count() > 0
        rows = QVBoxLayout(self)
        rows.setContentsMargins(12, 12, 12, 12)
        rows.setSpacing(12)
        rows.addLayout(head)
        rows.addWidget(self._main)
        rows.addWidget(self._rest)

    def _generator_choice(self, generators: Sequence[Card]) -> QComboBox | None:
        """A choice only where there is one."""
        if len(generators) < 2:
            return None
        choice = TitleBox(self)
        for card in generators:
            choice.addItem(card.title, (card.kind, card.name))
            choice.setItemData(choice.count() - 1, f"{card.limits}\n{card.terms}", Qt.ItemDataRole.ToolTipRole)
        choice.setAccessibleName("Generator")
        choice.setToolTip("Which trained generator does this step.")
        choice.activated.connect(self._generator_activated)
        return choice

    def _labelled(self, text: str, control: QWidget) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setContentsMargins(EDGE_PX, 0, EDGE_PX, 0)
        rows.setSpacing(4)
        rows.addWidget(QLabel(text, self))
        rows.addWidget(control)
        return rows

    # ------------------------------------------------------------------------------------------------------------ showing

    def show_entry(self, entry: RecipeEntry) -> None:
        with QSignalBlocker(self.switch):
            self.switch.setChecked(entry.enabled)
        for row in self._rows.values():
            row.show_settings(entry.settings)
        self._show_settings()

    def show_analysis(self, analysis: Analysis | None) -> None:
        """What the step has found in the photo that is looked at, None while nothing is known."""
        for row in self._rows.values():
            row.show_analysis(analysis)

    def show_size(self, size: tuple[int, int] | None) -> None:
        """Width and height of the photo that is looked at, None while they are not known."""
        for row in self._rows.values():
            row.show_size(size)

    def show_generator(self, card: Card | None) -> None:
        """The generator that does the step, None where there is none."""
        for row in self._rows.values():
            row.show_generator(card)
        if self._choice is not None and card is not None:
            for place in range(self._choice.count()):
                if self._choice.itemData(place)[1] == card.name:
                    self._choice.setCurrentIndex(place)

    def row(self, name: str) -> SettingRow:
        """The row of a setting."""
        return self._rows[name]

    # ------------------------------------------------------------------------------------------------------------ telling

    @Slot(bool)
    def _switched(self, enabled: bool) -> None:
        self._show_settings()
        self.step_switched.emit(StepSwitch(self._step, enabled))

    @Slot(object)
    def _value_chosen(self, value: Value) -> None:
        row = self.sender()
        assert isinstance(row, SettingRow)
        self.setting_changed.emit(SettingChange(self._step, row.declared.name, value))

    @Slot(int)
    def _generator_activated(self, place: int) -> None:
        assert self._choice is not None
        kind, name = self._choice.itemData(place)
        self.generator_chosen.emit(GeneratorChoice(kind, name))

    @Slot()
    def _toggle_more(self) -> None:
        self._more_shown = not self._more_shown
        self._show_settings()
        self.more_toggled.emit(MoreToggle(self._step, self._more_shown))

    def _show_settings(self) -> None:
        """A step that is switched off is one quiet line."""
        enabled, shown = self.switch.isChecked(), self._more_shown
        self._main.setVisible(enabled)
        self._rest.setVisible(enabled and shown)
        self.more.setVisible(enabled and self._has_rest)
        self.more.setText("Less" if shown else "More")
        self.more.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
