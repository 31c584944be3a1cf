"""Sources are read in a fixed order; a list gives weights; what cannot be used is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.photographs import folder_of, shard_of
from training.config import ConfigError
from training.data.sources import found_at, inside


def found(path: Path) -> list[tuple[str, float]]:
    return [(name, weight) for name, _, weight in found_at(path)]


def test_a_folder_in_the_order_of_names_without_hidden_and_foreign_files(tmp_path: Path) -> None:
    folder_of(tmp_path / "b", 2)
    shard_of(tmp_path / "a.tar", 1)
    (tmp_path / "b" / "._000.png").write_bytes(b"what macOS leaves")
    (tmp_path / "notes.txt").write_text("nothing.jpg")
    (tmp_path / "looks-like-a.jpg").mkdir()
    assert found(tmp_path) == [("a.tar", 1), ("b/000.png", 1), ("b/001.png", 1)]


def test_a_list_names_folders_shards_and_photos_with_weights(tmp_path: Path) -> None:
    folder_of(tmp_path / "faces", 2)
    shard_of(tmp_path / "more.tar", 1)
    folder_of(tmp_path / "two words 7", 1)
    (tmp_path / "list.txt").write_text(
        "\ufeff# a comment\n\nfaces/   3\n more.tar\nfaces/001.png 0.5\ntwo words 7\ntwo words 7 2\n"
    )
    assert found(tmp_path / "list.txt") == [
        ("faces/000.png", 3),
        ("faces/001.png", 3),
        ("more.tar", 1),
        ("faces/001.png", 0.5),
        ("two words 7/000.png", 1),
        ("two words 7/000.png", 2),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("faces 0", "line 2: the weight must be a number above 0, not '0'"),
        ("faces inf", "not 'inf'"),
        ("faces many", "not 'many'"),
        ("nowhere", "line 2: there is no "),
        ("list.txt", "line 2: a list may not name another list"),
        ("list.md", "line 2: .* is neither a folder"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, line: str, sentence: str) -> None:
    folder_of(tmp_path / "faces", 1)
    (tmp_path / "list.md").touch()
    (tmp_path / "list.txt").write_text(f"faces\n{line}\n")
    with pytest.raises(ConfigError, match=sentence):
        found(tmp_path / "list.txt")


def test_a_list_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(b"\xff\xfe\x00photo")
    with pytest.raises(ConfigError, match="not text in UTF-8"):
        found(tmp_path / "list.txt")


def test_a_shard_that_breaks_off_is_named(tmp_path: Path) -> None:
    shard = shard_of(tmp_path / "cut.tar", 3)
    shard.write_bytes(shard.read_bytes()[:1500])
    with pytest.raises(ConfigError, match=r"cut\.tar is not a tar shard, or it is damaged"):
        list(inside("cut.tar", shard))
    shard.write_bytes(b"no tar")
    with pytest.raises(ConfigError, match=r"cut\.tar is not a tar shard"):
        list(inside("cut.tar", shard))
