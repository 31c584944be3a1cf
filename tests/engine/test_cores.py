"""Threads: as many as physical cores that the process may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.cores import usable_cores

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="elsewhere the runtime counts")


def machine(root: Path, siblings: list[str], **files: str) -> Path:
    """A folder that looks like sys/ of a machine whose logical core i says siblings[i]."""
    for number, text in enumerate(siblings):
        place = root / f"sys/devices/system/cpu/cpu{number}/topology"
        place.mkdir(parents=True)
        (place / "thread_siblings_list").write_text(text + "\n")
    group = root / "sys/fs/cgroup"
    (group / "cpu").mkdir(parents=True)
    for name, text in files.items():
        (group / name.replace("__", "/").replace("_dot_", ".")).write_text(text + "\n")
    return root


@pytest.fixture(autouse=True)
def four_logical_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})


def test_two_threads_of_one_core_count_once(tmp_path: Path) -> None:
    assert usable_cores(machine(tmp_path, ["0-1", "0-1", "2-3", "2-3"])) == 2


def test_a_machine_that_does_not_say_counts_logical_cores(tmp_path: Path) -> None:
    assert usable_cores(tmp_path) == 4


def test_affinity_is_respected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3})
    assert usable_cores(machine(tmp_path, ["0", "1", "2", "3"])) == 1


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu_dot_max": "max 100000"}, 4),
        ({"cpu_dot_max": "150000 100000"}, 2),
        ({"cpu_dot_max": "10000 100000"}, 1),
        ({"cpu_dot_max": "nonsense"}, 4),
        ({"cpu__cpu.cfs_quota_us": "-1", "cpu__cpu.cfs_period_us": "100000"}, 4),
        ({"cpu__cpu.cfs_quota_us": "300000", "cpu__cpu.cfs_period_us": "100000"}, 3),
        ({"cpu__cpu.cfs_quota_us": "300000", "cpu__cpu.cfs_period_us": "0"}, 4),
    ],
)
def test_a_containers_quota_is_respected(tmp_path: Path, files: dict[str, str], cores: int) -> None:
    assert usable_cores(machine(tmp_path, ["0", "1", "2", "3"], **files)) == cores


def test_the_real_machine_has_a_core() -> None:
    assert usable_cores() >= 1
