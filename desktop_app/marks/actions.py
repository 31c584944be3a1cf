"""The commands of damage and marks, as the table of commands has them in a menu of their own."""

from __future__ import annotations

from desktop_app.action_spec import ActionSpec, when

_MENU = "&Damage"

MARK_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        "damage_mask",
        "&Show damage",
        _MENU,
        ("M",),
        "Tint what was found damaged and what you have marked, on the side of the original; the photo itself stays as it is.",
        when("current_can_change"),
        checkable=True,
        why_not="no_marks",
    ),
    ActionSpec(
        "brush",
        "&Brush: damaged",
        _MENU,
        ("B",),
        "Paint over damage that was missed; it is filled from what lies round it.",
        when("current_can_change"),
        icon="brush",
        toolbar=3,
        checkable=True,
        group="tool",
        may_be_none=True,
        separator_before=True,
        why_not="no_marks",
    ),
    ActionSpec(
        "eraser",
        "&Eraser: sound",
        _MENU,
        ("E",),
        "Paint over what was wrongly taken for damage; it stays as it is in the photo.",
        when("current_can_change"),
        icon="eraser",
        toolbar=3,
        checkable=True,
        group="tool",
        may_be_none=True,
        why_not="no_marks",
    ),
    ActionSpec("brush_larger", "&Larger brush", _MENU, ("]",), "Paint with a larger brush.", when("mark_tool_in_hand")),
    ActionSpec(
        "brush_smaller", "S&maller brush", _MENU, ("[",), "Paint with a smaller brush.", when("mark_tool_in_hand")
    ),
    ActionSpec(
        "brush_softer",
        "So&fter brush",
        _MENU,
        ("Shift+]", "}"),
        "Paint with an edge that fades more slowly.",
        when("mark_tool_in_hand"),
    ),
    ActionSpec(
        "brush_harder",
        "&Harder brush",
        _MENU,
        ("Shift+[", "{"),
        "Paint with a sharper edge.",
        when("mark_tool_in_hand"),
    ),
    ActionSpec(
        "clear_marks",
        "&Remove all marks",
        _MENU,
        ("Ctrl+Shift+B",),
        "Forget everything that was marked in this photo; what is found by itself is mended as before.",
        when("has_marks"),
        separator_before=True,
    ),
    ActionSpec(
        "use_mask_for_all",
        "&Use this mask for all photos",
        _MENU,
        ("Ctrl+Shift+M",),
        "Mark the same places in every photo of the same shape, such as dust on the scanner's glass.",
        when("has_marks"),
    ),
    ActionSpec(
        "load_mask",
        "L&oad mask…",
        _MENU,
        (),
        "Take the marks from a picture: white, opaque or red is damaged, green is sound.",
        when("current_can_change"),
        separator_before=True,
        why_not="no_marks",
    ),
    ActionSpec(
        "save_mask",
        "Sa&ve mask…",
        _MENU,
        (),
        "Save what is marked as a picture: red is damaged, green is sound.",
        when("has_marks"),
    ),
)
