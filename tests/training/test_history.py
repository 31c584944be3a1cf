"""What a run left is read as it was meant: the last word of every step, figures apart from losses, damage by its name."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from training import config, history
from training.config import ConfigError, RunConfig
from training.runlog import RunLog


def line(step: int, **values: float) -> str:
    return json.dumps({"step": step, "elapsed_s": 6 * step, "share": 0.5, "photos": 4 * step, **values}) + "\n"


def run_of(folder: Path, *lines: str) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config.to_table(RunConfig(name="a", batch=4))))
    (folder / "log.jsonl").write_text("".join(lines))
    return folder


def test_losses_and_figures_are_told_apart(tmp_path: Path) -> None:
    read = history.read(
        run_of(tmp_path / "a", line(10, pixel=0.2, cycle_grey=0.1, psnr=20, psnr_low=19, psnr_high=21, kid=0.4))
    )
    assert read.losses == ("pixel", "cycle_grey")
    assert read.figures == ("psnr", "kid")
    assert (read.name, read.steps, read.photos, read.config["batch"]) == ("a", 10, 40, 4)
    assert read.curve("pixel") == [(1.0, 0.2)]


def test_a_loss_is_not_taken_for_the_figure_of_its_name(tmp_path: Path) -> None:
    """`evaluate` knows figures of certainty and of perceptual distance; a run's log has losses that are called so."""
    read = history.read(run_of(tmp_path / "a", line(10, perceptual=0.4, certainty=0.1, psnr=20, reach=0.8, stray=1.2)))
    assert read.losses == ("perceptual", "certainty")
    assert read.figures == ("psnr", "reach", "stray")
    assert read.best("reach") == 0.8 and read.curve("perceptual") == [(1.0, 0.4)]


def test_the_figures_of_restorers_are_figures_and_more_damage_found_is_better(tmp_path: Path) -> None:
    lines = [
        line(step, filled=0.2, found=0.3, psnr_damaged=damaged, recall=recall, precision=0.9, false_alarm=alarm)
        for step, damaged, recall, alarm in ((1, 20.0, 0.5, 0.2), (2, 24.0, 0.7, 0.1), (3, 22.0, 0.6, 0.3))
    ]
    read = history.read(run_of(tmp_path / "a", *lines))
    assert read.losses == ("filled", "found")
    assert read.figures == ("psnr_damaged", "recall", "precision", "false_alarm")
    assert [read.best(name) for name in ("psnr_damaged", "recall", "false_alarm")] == [24.0, 0.7, 0.1]


def test_of_the_figures_of_hints_more_way_and_less_straying_is_better(tmp_path: Path) -> None:
    lines = [
        line(step, reach=reach, stray=stray) for step, reach, stray in ((1, 0.5, 3.0), (2, 0.7, 2.0), (3, 0.6, 2.5))
    ]
    read = history.read(run_of(tmp_path / "a", *lines))
    assert (read.best("reach"), read.best("stray")) == (0.7, 2.0)


def test_the_best_is_the_largest_the_smallest_or_the_nearest_to_one(tmp_path: Path) -> None:
    psnr, error, colour = (20, 22, 21), (9, 11, 10), (0.7, 1.1, 1.6)
    lines = [
        line(i + 1, psnr=p, delta_e=e, colourfulness=c)
        for i, (p, e, c) in enumerate(zip(psnr, error, colour, strict=True))
    ]
    read = history.read(run_of(tmp_path / "a", *lines))
    assert [read.best(name) for name in ("psnr", "delta_e", "colourfulness")] == [22, 9, 1.1]
    assert [read.last(name) for name in ("psnr", "delta_e", "colourfulness")] == [21, 10, 1.6]
    assert math.isnan(read.last("kid")) and math.isnan(read.best("kid"))


def test_steps_done_again_after_a_fall_back_count_once(tmp_path: Path) -> None:
    read = history.read(
        run_of(
            tmp_path / "a",
            line(1, psnr=1),
            line(2, psnr=2),
            line(3, psnr=3),
            '{"step": 1, "changed": ["batch"]}\n',
            line(2, psnr=9),
        )
    )
    assert [(each["step"], each["psnr"]) for each in read.lines] == [(1, 1), (2, 9)]


def test_a_last_line_that_was_cut_off_is_left_out_and_another_is_an_error(tmp_path: Path) -> None:
    read = history.read(run_of(tmp_path / "a", line(1, psnr=1), line(2, psnr=2)[:20]))
    assert read.steps == 1
    with pytest.raises(ConfigError, match=r"log\.jsonl is damaged in line 1"):
        history.read(run_of(tmp_path / "b", line(1, psnr=1)[:20] + "\n", line(2, psnr=2)))


def test_a_run_without_a_log_and_a_log_without_a_run(tmp_path: Path) -> None:
    folder = run_of(tmp_path / "a", line(1, psnr=1))
    (folder / "log.jsonl").rename(tmp_path / "gan-3000.jsonl")
    alone, young = history.read(tmp_path / "gan-3000.jsonl"), history.read(folder)
    assert (alone.name, alone.steps, dict(alone.config)) == ("gan-3000", 1, {})
    assert (young.lines, young.figures, young.losses, young.sample) == ((), (), (), None)


def test_what_is_no_run_or_is_damaged_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no run"):
        history.read(tmp_path)
    (run_of(tmp_path / "a") / "config.json").write_text("{")
    with pytest.raises(ConfigError, match=r"config\.json is damaged"):
        history.read(tmp_path / "a")


def test_numbers_that_are_none_do_not_enter_a_curve(tmp_path: Path) -> None:
    read = history.read(run_of(tmp_path / "a", line(1, pixel=math.nan), line(2, pixel=0.5), line(3, pixel=math.inf)))
    assert read.curve("pixel") == [(0.2, 0.5)]


def test_the_last_samples_are_those_of_the_highest_step(tmp_path: Path) -> None:
    folder = run_of(tmp_path / "a", line(1, psnr=1))
    (folder / "samples").mkdir()
    for name in ("0000900.png", "0010000.png", "0000050.png", "mine.png"):
        (folder / "samples" / name).touch()
    read = history.read(folder)
    assert read.sample is not None and read.sample.name == "0010000.png"


def test_the_log_that_a_run_writes_is_read(tmp_path: Path) -> None:
    log = RunLog(tmp_path / "run", 0.0, quiet=True)
    log.losses({"pixel": 0.3}, 1, 0.5, 10.0)
    log.record(step=1, elapsed_s=3, share=0.5, photos=8, **log.means, psnr=20.0)
    log.close()
    read = history.read(tmp_path / "run")
    assert (read.steps, read.photos, read.losses, read.figures) == (1, 8, ("pixel",), ("psnr",))
