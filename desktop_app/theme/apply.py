"""Puts the look on the application, and follows the system's dark and light where asked to."""

from __future__ import annotations

from PySide6.QtCore import QDir, QObject, Qt, Slot
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.theme.stylesheet import ICON_PREFIX, stylesheet
from desktop_app.theme.tokens import DARK, LIGHT, THEMES, Theme
from engine.assets import asset


def apply(app: QApplication, name: str) -> Theme:
    """Show `app` in the theme "dark", "light" or "system" (then and later as the system says); returns what is shown now.

    Raises:
        ValueError: another name.
    """
    if name not in (*THEMES, "system"):
        raise ValueError(f"no theme is called {name!r}")
    keeper = app.findChild(_Keeper) or _Keeper(app)
    return keeper.choose(name)


class _Keeper(QObject):
    """Lives as long as the application; one of them."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._name = "system"
        self._shown: Theme | None = None
        QDir.setSearchPaths(ICON_PREFIX, [str(asset("icons"))])
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)

    def choose(self, name: str) -> Theme:
        self._name = name
        # Title bars and file dialogs of the platform follow this too.
        schemes = {"dark": Qt.ColorScheme.Dark, "light": Qt.ColorScheme.Light, "system": Qt.ColorScheme.Unknown}
        self._app.styleHints().setColorScheme(schemes[name])
        return self._show()

    @Slot()
    def _system_changed(self) -> None:
        self._show()

    def _show(self) -> Theme:
        system_is_light = self._app.styleHints().colorScheme() == Qt.ColorScheme.Light
        theme = THEMES.get(self._name) or (LIGHT if system_is_light else DARK)
        if theme is not self._shown:
            self._shown = theme
            self._app.setPalette(palette(theme))
            self._app.setStyleSheet(stylesheet(theme, self._app.font().pointSizeF()))
        return theme


def palette(theme: Theme) -> QPalette:
    """The theme as a palette, for whatever the stylesheet does not reach."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    found = QPalette()
    for where, name in (
        (role.Window, "room"),
        (role.Base, "field"),
        (role.AlternateBase, "panel"),
        (role.Button, "control"),
        (role.ToolTipBase, "card"),
        (role.Light, "raised"),
        (role.Midlight, "control"),
        (role.Mid, "line"),
        (role.Dark, "edge"),
        (role.Shadow, "well"),
        (role.WindowText, "text"),
        (role.Text, "text"),
        (role.ButtonText, "text"),
        (role.ToolTipText, "text"),
        (role.BrightText, "error"),
        (role.PlaceholderText, "quiet"),
        (role.Highlight, "selection"),
        (role.HighlightedText, "text"),
        (role.Accent, "accent_mark"),
        (role.Link, "accent_text"),
        (role.LinkVisited, "accent_text"),
    ):
        found.setColor(where, theme.color(name))
    for where in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        found.setColor(group.Disabled, where, theme.color("disabled"))
    return found


def set_role(widget: QWidget, role: str) -> None:
    """Give `widget` a role of the stylesheet ("primary", "title", "card", …); "" takes it away. Works on a shown widget."""
    widget.setProperty("role", role)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
