"""How a run shows itself."""

from __future__ import annotations

import pytest

from engine.commands.display import Bar, JsonLines, Lines, Silent, display_for, seconds_left, words_for


@pytest.mark.parametrize(
    ("progress", "quiet", "kind"),
    [
        ("auto", False, Lines),
        ("plain", False, Lines),
        ("json", False, JsonLines),
        ("json", True, JsonLines),
        ("none", False, Silent),
        ("auto", True, Silent),
    ],
)
def test_the_display_is_the_one_asked_for(progress: str, quiet: bool, kind: type) -> None:
    assert isinstance(display_for(progress, quiet), kind)


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert isinstance(display_for("auto", False), Bar)
    assert isinstance(display_for("plain", False), Lines)


def test_the_time_left_is_told_once_something_is_known() -> None:
    assert seconds_left(0.5, 0.5) is None and seconds_left(10, 0.0) is None
    assert seconds_left(30, 0.25) == 90


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (59, "59 s"), (90, "2 min"), (3600 * 2 + 600, "2 h 10 min")]
)
def test_times_in_words(seconds: float, words: str) -> None:
    assert words_for(seconds) == words
