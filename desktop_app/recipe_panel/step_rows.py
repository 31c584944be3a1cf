"""Which row a setting of a step has: the one that its declaration asks for, or one made for it alone."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from desktop_app.curve.row import CurveRow
from desktop_app.recipe_panel.factor_row import FactorRow
from desktop_app.recipe_panel.rows import SettingRow, row_for
from desktop_app.recipe_panel.working_size_row import WorkingSizeRow
from engine.steps.step import Setting

OWN_ROWS: Mapping[tuple[str, str], type[SettingRow]] = {
    ("tone", "curve"): CurveRow,
    ("upscale", "factor"): FactorRow,
    ("colorize", "working_size"): WorkingSizeRow,
}
"""(step, setting) -> its row."""


def row_of(step: str, declared: Setting, parent: QWidget) -> SettingRow | None:
    """None for a setting that is chosen by eye elsewhere, such as on the contact sheet: its value says nothing to a reader."""
    own = OWN_ROWS.get((step, declared.name))
    if own is not None:
        return own(declared, parent)
    return None if declared.by_eye else row_for(declared, parent)
