"""The recipe of the current photo: its name and a card for each of its steps."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence, Set

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop_app import messages
from desktop_app.document import DocumentState
from desktop_app.recipe_panel.card import StepCard
from desktop_app.theme import set_role
from engine.card import Card
from engine.library import work_of
from engine.steps import STEPS
from engine.steps.step import Analysis

WIDTH_PX = 304


class RecipePanel(QFrame):
    """Shows a DocumentState; says by its signals what the user wants changed."""

    setting_changed = Signal(object)
    """Payload: card.SettingChange."""
    setting_settled = Signal()
    step_switched = Signal(object)
    """Payload: card.StepSwitch."""
    generator_chosen = Signal(object)
    """Payload: card.GeneratorChoice."""
    more_toggled = Signal(object)
    """Payload: card.MoreToggle."""

    def __init__(
        self, generators: Sequence[Card], chosen: Mapping[str, str], more_shown: Set[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._generators = generators
        self._chosen = dict(chosen)
        self._more_shown = set(more_shown)
        self._cards: dict[str, StepCard] = {}
        self._found: Mapping[str, Analysis] = {}
        self._size: tuple[int, int] | None = None
        self._recipe_button = QPushButton(self)
        self._recipe_button.setStyleSheet("text-align: left")
        self._recipe_button.setToolTip("Choose what is done to this photo.")
        self._sentence = QLabel(self, wordWrap=True)
        set_role(self._sentence, "quiet")
        self._notes = QLabel(self, wordWrap=True)
        self._notes.hide()
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        self._others: list[QWidget] = []
        self._below = QVBoxLayout()
        self._place()
        self.show_state(None)

    def _place(self) -> None:
        inner = QWidget()
        inner.setObjectName("contents")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(16, 16, 16, 16)
        rows.setSpacing(8)
        rows.addWidget(self._recipe_button)
        rows.addWidget(self._sentence)
        rows.addWidget(self._notes)
        rows.addSpacing(8)
        rows.addLayout(self._column)
        rows.addLayout(self._below)
        rows.addStretch(1)
        area = QScrollArea(self, widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def set_recipe_menu(self, menu: QMenu) -> None:
        """The menu behind the recipe's name."""
        self._recipe_button.setMenu(menu)

    def add_below(self, card: QWidget) -> None:
        """A card that belongs to no single step, below all of theirs."""
        self._others.append(card)
        self._below.addWidget(card)

    def card(self, step: str) -> StepCard:
        return self._cards[step]

    def show_state(self, state: DocumentState | None) -> None:
        """Show what is decided for a photo; None greys everything out and keeps what was there."""
        self.setEnabled(state is not None)
        if state is None:
            return
        self._recipe_button.setText(state.recipe.title)
        self._recipe_button.setAccessibleName(f"Recipe: {state.recipe.title}")
        self._sentence.setText(state.recipe.sentence)
        self._sentence.setVisible(bool(state.recipe.sentence))
        steps = [entry.step for entry in state.recipe.entries]
        if steps != list(self._cards):
            self._build(steps)
        for entry in state.recipe.entries:
            self._cards[entry.step].show_entry(entry)

    def show_found(self, found: Mapping[str, Analysis]) -> None:
        """step -> what it has found in the photo that is looked at."""
        self._found = found
        for step, card in self._cards.items():
            card.show_analysis(found.get(step))

    def show_size(self, size: tuple[int, int] | None) -> None:
        """Width and height of the photo that is looked at, None while they are not known."""
        self._size = size
        for card in self._cards.values():
            card.show_size(size)

    def show_notes(self, notes: Sequence[str]) -> None:
        """Lines about the current photo, such as why it was left alone."""
        self._notes.setText("\n".join(messages.note(line) for line in notes))
        self._notes.setVisible(bool(notes))

    def show_chosen(self, chosen: Mapping[str, str]) -> None:
        """kind -> name of the generators that are used."""
        self._chosen = dict(chosen)
        used = {card.kind: card for card in self._generators if card.name == chosen.get(card.kind)}
        for step, card in self._cards.items():
            card.show_generator(used.get(STEPS[step].kind))

    def _build(self, steps: Sequence[str]) -> None:
        for card in self._cards.values():
            self._column.removeWidget(card)
            card.hide()  # it is there until the loop comes round
            card.deleteLater()
        self._cards.clear()
        for step in steps:
            fitting = [card for card in self._generators if card.kind == STEPS[step].kind]
            is_choice = len({work_of(card) for card in fitting}) < len(fitting)  # one for each scale is none
            card = StepCard(step, fitting if is_choice else (), step in self._more_shown, self)
            card.setting_changed.connect(self.setting_changed)
            card.setting_settled.connect(self.setting_settled)
            card.step_switched.connect(self.step_switched)
            card.generator_chosen.connect(self.generator_chosen)
            card.more_toggled.connect(self.more_toggled)
            self._cards[step] = card
            self._column.addWidget(card)
        self.show_chosen(self._chosen)
        self.show_found(self._found)
        self.show_size(self._size)
        self._join_tab_order()

    def _join_tab_order(self) -> None:
        """What stands below comes after the steps, however often these are made anew."""
        controls = [_controls_of(card) for card in (*self._cards.values(), *self._others)]
        for one, other in itertools.pairwise(itertools.chain.from_iterable(controls)):
            QWidget.setTabOrder(one, other)


def _controls_of(card: QWidget) -> list[QWidget]:
    """Those that Tab reaches, from the top downwards as they were made; not the lists that open in windows of their own."""
    parts = [part for part in card.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus]
    return [part for part in parts if part.window() is card.window()]
