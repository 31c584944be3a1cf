"""What a command is, as the table of commands writes it down, and the situation that decides which can be used."""

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
    has_marks: bool = False
    mark_tool_in_hand: bool = False
    no_marks: str = ""
    """Why brush and eraser would do nothing for the current photo, "" if they would."""


When = Callable[[Situation], bool]


def always(now: Situation) -> bool:
    return True


def when(name: str) -> When:
    """The condition "this field of Situation is not zero or False"."""
    assert name in {item.name for item in fields(Situation)}

    def condition(now: Situation) -> bool:
        return bool(getattr(now, name))

    return condition


@dataclass(frozen=True)
class ActionSpec:
    """One command. id: also the name of its method in commands.py. menu: "" is in no menu. keys: the first is shown.

    tip: one sentence. toolbar: its group there, 0 is not there. group: of a set of which one is checked, "" if none.
    may_be_none: of its group none may be checked, too.
    local: the keys work only while the filmstrip has the focus (they mean something else elsewhere). why_not: the field of
    Situation that says in words why the command cannot be used; they are its tool tip then.
    """

    id: str
    text: str
    menu: str
    keys: tuple[str, ...]
    tip: str
    when: When = always
    icon: str = ""
    toolbar: int = 0
    checkable: bool = False
    group: str = ""
    may_be_none: bool = False
    local: bool = False
    separator_before: bool = False
    why_not: str = ""
