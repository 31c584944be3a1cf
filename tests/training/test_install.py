"""Generators come into the app's folder with their cards, tried first; nothing half-copied is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.card import Card
from engine.errors import EngineError
from engine.library import ModelLibrary
from tests.engine.split_files import write_split
from tests.onnx_files import write_ager, write_tinter
from training import install
from training.config import ConfigError


def test_all_of_a_runs_generators_are_found_and_usable(tmp_path: Path) -> None:
    export = tmp_path / "run" / "export"
    export.mkdir(parents=True)
    write_tinter(export), write_ager(export)
    cards = install.cards_of(tmp_path / "run")
    assert len(cards) == 2
    installed = install.install(cards, tmp_path / "models")
    library = ModelLibrary([tmp_path / "models"])
    assert sorted(card.name for card in library.cards()) == sorted(path.stem for path in installed)
    assert library.problems == []


def test_one_is_named_by_its_file_or_its_card(tmp_path: Path) -> None:
    write_ager(tmp_path)
    card = next(tmp_path.glob("*.json"))
    assert install.cards_of(card) == install.cards_of(card.with_suffix(".onnx")) == [card]


def test_a_generator_in_two_files_is_found_by_any_of_them_and_copied_whole(tmp_path: Path) -> None:
    card = write_split(tmp_path / "run")
    assert card.path is not None
    files = [card.folder / name for name in card.files.values()]
    for named in (card.folder, card.path, *files):
        assert install.cards_of(named) == [card.path]
    install.install([card.path], tmp_path / "models")
    assert all((tmp_path / "models" / file.name).read_bytes() == file.read_bytes() for file in files)


@pytest.mark.parametrize("name", ["", "nothing.onnx"])
def test_where_there_is_none_it_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no generator with a card"):
        install.cards_of(tmp_path / name)


def test_a_damaged_file_is_refused_before_anything_is_copied(tmp_path: Path) -> None:
    write_ager(tmp_path)
    card = next(tmp_path.glob("*.json"))
    file = tmp_path / Card.read(card).files["generator"]
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(EngineError):
        install.install([card], tmp_path / "models")
    assert not (tmp_path / "models").exists()
