"""A RunConfig takes what it knows, refuses the rest by name, and survives the way to plain values and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from training import config

CONFIGS = sorted((Path(config.__file__).parent / "configs").glob("*.toml"))


def test_every_config_that_ships_loads() -> None:
    assert len(CONFIGS) >= 1
    assert [config.load(path).name for path in CONFIGS] == [path.stem for path in CONFIGS]


def test_an_effective_config_reads_back_as_itself() -> None:
    chosen = config.load(CONFIGS[0])
    assert config.from_table(config.to_table(chosen)) == chosen


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"stesp": 3}, "unknown key stesp"),
        ({"losses": {"hubris": 1.0}}, "unknown key losses.hubris"),
        ({"stages": [{"until": 1.0, "size": 3}]}, r"unknown key stages\[0\].size"),
        ({"batch": "many"}, "batch must be a int"),
        ({"batch": True}, "batch must be a int"),
        ({"stages": [{"until": 0.5}]}, "the last 1.0"),
        ({"stages": [{"until": 1.0, "crop_px": 100}]}, "multiple of 32"),
        ({"losses": {"objective": "wgan"}}, "losses.objective"),
        ({"data": 3}, "data must be a table"),
        ({"steps": 0}, "steps must be at least 1"),
        ({"batch": 0}, "batch must be at least 1"),
        ({"evaluate_every": 0}, "evaluate_every must be at least 1"),
        ({"optimiser": {"warm_up": 0}}, r"optimiser\.warm_up must be at least 1"),
        ({"discriminator": {"updates": 0}}, r"discriminator\.updates must be at least 1"),
        ({"discriminator": {"finest": 4}}, r"discriminator\.finest must be between 0 and 3"),
        ({"generator": {"even": -1.0}}, r"generator\.even must be 0 or more"),
        ({"name": "../up"}, "letters, digits"),
        ({"name": "my run"}, "letters, digits"),
        ({"stages": [{"until": 0.5}, {"until": 0.5}, {"until": 1.0}]}, "larger than the one before"),
        ({"stages": [{"until": 1.0, "crop_px": 0}]}, "multiple of 32"),
    ],
)
def test_what_a_config_cannot_be(table: dict, words: str) -> None:
    with pytest.raises(config.ConfigError, match=words):
        config.from_table(table)


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("steps = = 3")
    with pytest.raises(config.ConfigError, match=r"mine\.toml is not valid TOML"):
        config.load(tmp_path / "mine.toml")


def test_stages_follow_each_other() -> None:
    stages = (config.Stage(0.25, 64), config.Stage(1.0, 96))
    chosen = config.RunConfig(stages=stages)
    assert [chosen.stage_at(share).crop_px for share in (0.0, 0.24, 0.25, 0.99, 1.0)] == [64, 64, 96, 96, 96]


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name, words in (("missing.toml", "cannot be read"), ("binary.toml", "not valid TOML")):
        with pytest.raises(config.ConfigError, match=rf"{name}.*{words}"):
            config.load(tmp_path / name)
