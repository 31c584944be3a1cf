"""What is remembered comes back, of the right type, and nonsense in the file counts as nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.settings import ALL, DEVICE, GEOMETRY, THEME, Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


def test_values_survive_the_run(file, qtbot):
    first = Settings(file)
    first.remember(THEME, "light")
    first.remember(GEOMETRY, b"\x01\x00\xff")
    first.set_generator("colorize", "mine")
    first.set_shown("tone", True)
    first.save()
    second = Settings(file)
    assert second.get(THEME) == "light"
    assert second.get(GEOMETRY) == b"\x01\x00\xff"
    assert second.generators() == {"colorize": "mine"}
    assert second.shown_steps() == {"tone"}


def test_defaults_have_the_types_they_are_read_with(file, qtbot):
    settings = Settings(file)
    assert len({item.key for item in ALL}) == len(ALL) > 5
    assert [item.key for item in ALL if settings.get(item) != item.default] == []


def test_what_an_editor_broke_counts_as_the_default(file, qtbot):
    file.write_text("[look]\ntheme=purple\ngeometry=7\n[engine]\ngenerators=;;x\n")
    settings = Settings(file)
    assert settings.get(THEME) == "system"
    assert settings.get(GEOMETRY) == b""
    assert settings.generators() == {}


def test_only_a_change_is_told(file, qtbot):
    settings = Settings(file)
    with qtbot.waitSignal(settings.changed) as told:
        settings.remember(DEVICE, "cpu")
    assert told.args == [DEVICE]
    with qtbot.assertNotEmitted(settings.changed):
        settings.remember(DEVICE, "cpu")


def test_closing_a_step_forgets_it_alone(file, qtbot):
    settings = Settings(file)
    settings.set_shown("tone", True)
    settings.set_shown("colorize", True)
    settings.set_shown("tone", False)
    assert settings.shown_steps() == {"colorize"}
