"""The look: tokens, stylesheet, icons. Any part of desktop_app may use it; it uses nothing of desktop_app."""

from desktop_app.theme.apply import apply, set_role
from desktop_app.theme.icons import icon, icon_names
from desktop_app.theme.stylesheet import stylesheet
from desktop_app.theme.tokens import CONTROL_HEIGHT, DARK, LIGHT, RADIUS, THEMES, UNIT, Theme, theme_of

__all__ = [
    "CONTROL_HEIGHT",
    "DARK",
    "LIGHT",
    "RADIUS",
    "THEMES",
    "UNIT",
    "Theme",
    "apply",
    "icon",
    "icon_names",
    "set_role",
    "stylesheet",
    "theme_of",
]
