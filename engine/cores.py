"""How many threads are worth starting for arithmetic: physical cores, as far as this process may use them."""

from __future__ import annotations

import math
import os
from pathlib import Path


def usable_cores(root: Path = Path("/")) -> int:
    """Physical cores that the process's affinity and its container's quota allow; 0 on Windows and macOS.

    0 means "let the runtime count": there it takes the physical cores itself. On Linux it would count those of the
    whole machine, even in a container that has two. `root` holds sys/ and is another folder only in tests.
    """
    if not hasattr(os, "sched_getaffinity"):
        return 0
    allowed = os.sched_getaffinity(0)
    siblings = {_siblings(root, number) for number in allowed}
    return max(1, math.ceil(min(len(siblings), _quota(root))))


def _siblings(root: Path, number: int) -> str:
    """Names the physical core of a logical one; the two hyper-threads of a core give the same text."""
    try:
        return (root / f"sys/devices/system/cpu/cpu{number}/topology/thread_siblings_list").read_text().strip()
    except OSError:
        return str(number)


def _quota(root: Path) -> float:
    """Cores' worth of time that the control group allows (v2, then v1); infinite if unlimited."""
    group = root / "sys/fs/cgroup"
    try:
        limit, period = (group / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            limit = (group / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (group / "cpu/cpu.cfs_period_us").read_text().strip()
        except OSError:
            return math.inf
    try:
        share = int(limit) / int(period)
    except (ValueError, ZeroDivisionError):
        return math.inf
    return share if share > 0 else math.inf
