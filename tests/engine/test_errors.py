"""Every expected failure: one stable code each, a whole sentence, and the same after crossing a process border."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path

import pytest

from engine import errors
from engine.errors import EngineError, SettingInvalid, shortened

KINDS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, EngineError) and kind is not EngineError
]
VALUES = {"Path": Path("/photos/café.jpg"), "str": "something", "float": 612.4, "list[str]": ["one", "two"]}


def example(kind: type[EngineError]) -> EngineError:
    """One of each, its arguments made up from their annotations."""
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    return kind(*(VALUES[p.annotation] for p in parameters if p.name != "next_step"))


def test_the_codes_are_these():
    """Logs, reports and help pages use them: renaming one breaks others' programs."""
    assert sorted(kind.code for kind in KINDS) == [
        "cancelled", "card-invalid", "device-unavailable", "engine-lost", "enlargement-too-large", "format-cannot-hold",
        "format-unsupported", "generator-broken", "generator-missing", "mask-unreadable", "original-in-danger", "out-of-memory",
        "output-unwritable", "package-missing", "photo-missing", "photo-too-large", "photo-unreadable", "recipe-invalid",
        "scans-differ", "setting-invalid", "sidecar-invalid",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_what_the_user_reads(kind):
    """A sentence that begins like one and ends like one, and a next step that does too (or none)."""
    error = example(kind)
    for text in filter(None, (error.sentence, error.next_step)):
        assert text[0].isupper() or text[0] in "“`"
        assert text.endswith(".")
    assert str(error) == f"{error.sentence} {error.next_step}".strip()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_the_same_on_the_other_side_of_a_process_border(kind):
    error = example(kind)
    other = pickle.loads(pickle.dumps(error))
    assert type(other) is kind
    assert (other.code, other.sentence, other.next_step) == (error.code, error.sentence, error.next_step)


@pytest.mark.parametrize("option", errors.OPTIONS)
def test_a_wrong_option_of_the_command_line_is_explained_where_options_are(option):
    assert f"--{option}" in SettingInvalid(option, "it is wrong").next_step
    assert "recipes --json" in SettingInvalid("tone.fading", "it is wrong").next_step


def test_what_was_written_is_said_again_only_in_part():
    assert shortened("x" * 40) == "x" * 40
    assert shortened("x" * 4000) == "x" * 39 + "…"
    assert len(SettingInvalid("x" * 4000, "it is not written as step.field").sentence) < 150


def test_a_photo_s_name_is_in_the_sentence():
    named = [kind for kind in KINDS if "path" in inspect.signature(kind.__init__).parameters]
    assert len(named) >= 8
    assert [kind.code for kind in named if "café.jpg" not in example(kind).sentence] == []
