"""The table of commands: id, text, keys, where it stands, when it can be used, what its tool tip says. Menus read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Situation:
    """All that decides which commands can be used."""

    has_photos: bool = False
    current_can_change: bool = False
    current_idle: bool = False
    has_hints: bool = False
    can_undo: bool = False
    can_redo: bool = False
    outstanding: int = 0
    selected_idle: int = 0
    selected_retriable: int = 0
    is_running: bool = False
    current_has_result: bool = False
    current_has_error: bool = False
    no_hints: str = ""
    """Why hints would do nothing for the current photo, "" if they would."""
    no_guess_map: str = ""
    """Why nothing is known of how sure the colours are, "" if it is."""
    no_suggestion: str = ""
    """Why no place for a hint can be suggested, "" if one can be looked for."""
    no_colourings: str = ""
    """Why there is no other colouring to choose, "" if one can be looked for."""


When = Callable[[Situation], bool]


def _always(now: Situation) -> bool:
    return True


def _when(name: str) -> When:
    """The condition "this field of Situation is not zero or False"."""
    assert name in {item.name for item in fields(Situation)}

    def condition(now: Situation) -> bool:
        return bool(getattr(now, name))

    return condition


@dataclass(frozen=True)
class ActionSpec:
    """One command. id: also the name of its method in commands.py. menu: "" is in no menu. keys: the first is shown.

    tip: one sentence. toolbar: its group there, 0 is not there. group: of a set of which one is checked, "" if none.
    local: the keys work only while the filmstrip has the focus (they mean something else elsewhere). why_not: the field of
    Situation that says in words why the command cannot be used; they are its tool tip then.
    """

    id: str
    text: str
    menu: str
    keys: tuple[str, ...]
    tip: str
    when: When = _always
    icon: str = ""
    toolbar: int = 0
    checkable: bool = False
    group: str = ""
    local: bool = False
    separator_before: bool = False
    why_not: str = ""


ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "open_photos",
        "&Open photos…",
        "&File",
        ("Ctrl+O",),
        "Choose photos to restore.",
        icon="open",
        toolbar=1,
    ),
    ActionSpec("open_folder", "Open &folder…", "&File", ("Ctrl+Shift+O",), "Add every photo in a folder."),
    ActionSpec("paste", "&Paste", "&File", ("Ctrl+V",), "Add photos that were copied in the file manager."),
    ActionSpec(
        "save_as",
        "&Save result as…",
        "&File",
        ("Ctrl+Shift+S",),
        "Restore this photo into a file of your choice.",
        _when("current_idle"),
        icon="save",
        toolbar=4,
        separator_before=True,
    ),
    ActionSpec(
        "open_result_folder",
        "Open &result folder",
        "&File",
        ("Ctrl+E",),
        "Show the restored photo in the file manager.",
        _when("current_has_result"),
        icon="folder",
        toolbar=4,
    ),
    ActionSpec(
        "remove",
        "Re&move from window",
        "&File",
        ("Del",),
        "Take the selected photos out of the window; the files stay where they are.",
        _when("selected_idle"),
        local=True,
        separator_before=True,
    ),
    ActionSpec("quit", "&Quit", "&File", ("Ctrl+Q",), "Close Autochrome.", separator_before=True),
    ActionSpec(
        "undo",
        "&Undo",
        "&Edit",
        ("Ctrl+Z",),
        "Take the last change back.",
        _when("can_undo"),
        icon="undo",
        toolbar=2,
    ),
    ActionSpec(
        "redo",
        "&Redo",
        "&Edit",
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        "Make the change again that was taken back.",
        _when("can_redo"),
        icon="redo",
        toolbar=2,
    ),
    ActionSpec(
        "hint_tool",
        "&Hint tool",
        "&Edit",
        ("H",),
        "Click a place in the photo and choose the colour it had; the object takes it.",
        _when("current_can_change"),
        icon="hint",
        toolbar=3,
        checkable=True,
        separator_before=True,
        why_not="no_hints",
    ),
    ActionSpec(
        "suggest_place",
        "Su&ggest a place",
        "&Edit",
        ("Shift+H",),
        "Find the place where one colour of yours would put most right, and choose it there.",
        _when("current_can_change"),
        why_not="no_suggestion",
    ),
    ActionSpec(
        "other_colourings",
        "&Other colourings…",
        "&Edit",
        ("C",),
        "Show other plausible colourings of this photo side by side, and choose one.",
        _when("current_can_change"),
        why_not="no_colourings",
    ),
    ActionSpec(
        "clear_hints",
        "Remove &all hints",
        "&Edit",
        ("Ctrl+Shift+H",),
        "Forget every colour hint of this photo.",
        _when("has_hints"),
    ),
    ActionSpec(
        "select_all",
        "&Select all photos",
        "&Edit",
        ("Ctrl+A",),
        "Select every photo.",
        _when("has_photos"),
        separator_before=True,
    ),
    ActionSpec(
        "use_for_all",
        "Use these settings for all &photos",
        "&Edit",
        ("Ctrl+Shift+A",),
        "Give every photo the settings of this one; hints stay with their photos.",
        _when("current_can_change"),
    ),
    ActionSpec(
        "copy_details",
        "&Copy error details",
        "&Edit",
        ("Ctrl+Shift+C",),
        "Copy what is known about this photo's error, for a report.",
        _when("current_has_error"),
        separator_before=True,
    ),
    ActionSpec(
        "fit",
        "&Fit in window",
        "&View",
        ("Ctrl+0",),
        "Show the whole photo.",
        _when("current_can_change"),
        icon="fit",
        toolbar=5,
    ),
    ActionSpec(
        "actual_size",
        "&Actual size",
        "&View",
        ("Ctrl+1",),
        "Show every pixel as it is.",
        _when("current_can_change"),
        icon="actual",
        toolbar=5,
    ),
    ActionSpec(
        "zoom_in",
        "Zoom &in",
        "&View",
        ("Ctrl++", "Ctrl+="),
        "Look closer.",
        _when("current_can_change"),
        icon="zoom-in",
        toolbar=5,
    ),
    ActionSpec(
        "zoom_out",
        "Zoom &out",
        "&View",
        ("Ctrl+-",),
        "Look from further away.",
        _when("current_can_change"),
        icon="zoom-out",
        toolbar=5,
    ),
    ActionSpec(
        "guess_map",
        "Where it is &guessed",
        "&View",
        ("G",),
        "Mark where the colours are a guess; the photo itself stays as it is.",
        _when("current_can_change"),
        checkable=True,
        separator_before=True,
        why_not="no_guess_map",
    ),
    ActionSpec(
        "next_photo",
        "&Next photo",
        "&View",
        ("Ctrl+PgDown",),
        "Look at the next photo.",
        _when("has_photos"),
        separator_before=True,
    ),
    ActionSpec(
        "previous_photo",
        "&Previous photo",
        "&View",
        ("Ctrl+PgUp",),
        "Look at the photo before.",
        _when("has_photos"),
    ),
    ActionSpec(
        "theme_system",
        "Theme of the &system",
        "&View",
        (),
        "Dark or light as the desktop is.",
        checkable=True,
        group="theme",
        separator_before=True,
    ),
    ActionSpec("theme_dark", "&Dark theme", "&View", (), "A lightbox in a dark room.", checkable=True, group="theme"),
    ActionSpec("theme_light", "&Light theme", "&View", (), "Paper white.", checkable=True, group="theme"),
    ActionSpec(
        "switch_theme",
        "S&witch theme",
        "&View",
        ("Ctrl+Shift+T",),
        "Change between dark and light.",
        icon="theme",
        toolbar=6,
    ),
    ActionSpec(
        "full_screen",
        "F&ull screen",
        "&View",
        ("F11",),
        "Use the whole screen, or the window again.",
        separator_before=True,
    ),
    ActionSpec(
        "restore_all",
        "&Restore all",
        "&Restore",
        ("Ctrl+Return",),
        "Restore every photo that has no result yet or was changed since.",
        _when("outstanding"),
    ),
    ActionSpec(
        "restore_selected",
        "Restore &selected",
        "&Restore",
        ("Ctrl+Shift+Return",),
        "Restore the selected photos, also those that were restored before.",
        _when("selected_idle"),
    ),
    ActionSpec(
        "retry",
        "R&etry",
        "&Restore",
        ("F5",),
        "Try the selected photos that failed or were stopped once more.",
        _when("selected_retriable"),
    ),
    ActionSpec(
        "stop",
        "S&top",
        "&Restore",
        ("Ctrl+.",),
        "Stop restoring; what is finished stays.",
        _when("is_running"),
    ),
    ActionSpec("shortcuts", "&Keyboard and mouse", "&Help", ("F1",), "All keys and gestures."),
    ActionSpec("about", "&About Autochrome", "&Help", (), "Version, licences and the generators that are installed."),
)
