"""`autochrome-train data`: what it prints, writes and ends with."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import pytest

from tests.training.data.test_check import spoilt
from tests.training.photographs import folder_of, picture, shard_of
from training.commands import data
from training.config import ConfigError, Source
from training.data import photos


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    data.add(parser.add_subparsers(required=True))
    options = parser.parse_args(["data", *map(str, words)])
    return int(options.command(options))


def test_check_prints_a_table_of_plain_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    others = folder_of(tmp_path / "others", 1)
    assert run("check", spoilt(tmp_path / "photos"), "--against", others) == 0
    rows = dict(line.split("  ", 1) for line in capsys.readouterr().out.splitlines())
    assert {words.strip(): figure.strip() for words, figure in rows.items()} == {
        "photos that can be read": "7",
        "short side": "60 to 72 px, half of them 72 or more",
        "broken": "1  (12.5 %)",
        "grey": "1  (12.5 %)",
        "toned, or with hardly any colour": "1  (12.5 %)",
        "nearly the same as an earlier one": "1  (12.5 %)",
        f"also in {others}": "1  (12.5 %)",
    }


def test_check_names_them_in_list_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    assert run("check", spoilt(tmp_path / "photos"), "--list", "--json", report) == 0
    assert capsys.readouterr().out.splitlines()[-4:] == [
        "broken: broken.jpg",
        "grey: grey.png",
        "toned: sepia.png",
        "repeated: zweite.jpg as 002.png",
    ]
    assert json.loads(report.read_text()) == {
        "photos": 7,
        "short_side_px": {"least": 60, "median": 72, "most": 72},
        "broken": ["broken.jpg"],
        "grey": ["grey.png"],
        "toned": ["sepia.png"],
        "near_duplicates": [["zweite.jpg", "002.png"]],
        "overlap": None,
    }


def test_check_ends_with_1_only_if_strict_and_something_was_found(tmp_path: Path) -> None:
    assert run("check", folder_of(tmp_path / "good", 3), "--strict") == 0
    assert run("check", spoilt(tmp_path / "bad")) == 0
    assert run("check", tmp_path / "bad", "--strict") == 1


def test_shard_says_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shard = shard_of(tmp_path / "old.tar", 3, broken=True)
    words = ["--into", tmp_path / "new", "--short-side", 32, "--photos-per-shard", 2, "--quality", 50]
    assert run("shard", shard, *words) == 0
    told = capsys.readouterr()
    assert told.out.startswith("3 photos in 2 shards, 0.0 MB, in ")
    assert "1 of 4 photos could not be read: old/broken.webp" in told.err
    assert tuple(photos.load([Source(str(tmp_path / "new"))], 100).at(0).shape) == (3, 32, 43)


def test_pack_says_what_it_wrote_and_keeps_the_weights_of_a_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder_of(tmp_path / "photos", 2)
    (tmp_path / "photos" / "x.jpg").touch()
    (tmp_path / "list.txt").write_text("photos 3")
    assert run("pack", tmp_path / "list.txt", "--into", tmp_path / "set.pack", "--short-side", 48) == 0
    told = capsys.readouterr()
    assert told.out == f"2 photos, 0.0 MB: {tmp_path / 'set.pack'}\n"
    assert "1 of 3 photos could not be read: photos/x.jpg" in told.err
    assert photos.load([Source(str(tmp_path / "set.pack"))], 48).weights.tolist() == [3, 3]
    parts = ["--into", tmp_path / "parts.pack", "--short-side", 500, "--part-mb", 1]
    for index in range(4):
        picture(index, 400, 500).save(tmp_path / "photos" / f"large-{index}.png")
    assert run("pack", tmp_path / "photos", *parts) == 0
    assert sorted(file.name for file in tmp_path.glob("parts*")) == [f"parts-{n}.pack" for n in (1, 2, 3, 4)]


def test_frames_names_the_broken_film_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("av")
    from tests.training.data.test_frames import black, film, scene

    good = film(tmp_path / "good.mp4", scene(1), black, scene(2), scene(1))
    (tmp_path / "bad.mp4").write_text("no film")
    assert run("frames", tmp_path / "bad.mp4", good, tmp_path / "frames", "--every", 1, "--short-side", 40) == 1
    told = capsys.readouterr()
    assert "autochrome-train: bad.mp4 cannot be opened as a film" in told.err
    assert told.out.splitlines() == [
        "good.mp4: 2 frames, 1 repeated and 1 black or flat ones left out",
        f"2 frames in {tmp_path / 'frames'}",
    ]
    assert run("frames", good, tmp_path / "again", "--every", 1) == 0


def test_frames_stopped_by_hand_says_that_all_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("av")
    from tests.training.data.test_frames import film, scene
    from training.data import frames

    real, seen = frames.is_empty, []

    def stop_at_the_third(frame: object) -> bool:
        seen.append(frame)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(frame)  # type: ignore[arg-type]

    monkeypatch.setattr(frames, "is_empty", stop_at_the_third)
    path = film(tmp_path / "film.mp4", *(scene(seed) for seed in range(4)))
    assert run("frames", path, tmp_path / "frames", "--every", 1) == 130
    assert "Stopped; every frame in" in capsys.readouterr().err
    assert len(list((tmp_path / "frames").iterdir())) == 2


def test_what_is_missing_is_a_config_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="there is no"):
        run("check", tmp_path / "nowhere")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ConfigError, match="needs PyAV"):
        run("frames", tmp_path / "film.mp4", tmp_path / "frames")


def test_everything_about_data_stands_in_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        run("--help")
    told = capsys.readouterr().out
    assert all(f"    {word} " in told for word in ("check", "shard", "pack", "frames", "preview"))


@pytest.mark.parametrize(
    "words",
    [
        ["pack", "photos", "--into", "x.pack", "--part-mb", "0"],
        ["pack", "photos", "--into", "x.pack", "--short-side", "-5"],
        ["shard", "photos", "--into", "x", "--quality", "101"],
        ["shard", "photos", "--into", "x", "--photos-per-shard", "0"],
        ["frames", "film", "x", "--every", "0"],
        ["frames", "film", "x", "--every", "nan"],
        ["frames", "film"],
        ["nothing"],
    ],
)
def test_unusable_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(*words)
    assert "usage:" in capsys.readouterr().err
