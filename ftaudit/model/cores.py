"""How many processor cores this process may use, and whether one of them is idle."""

import math
import os
from pathlib import Path
from typing import Final

CONTROL_GROUP: Final = Path("/sys/fs/cgroup")
"""Where a container sees its own limits (Linux, cgroups version 2 and 1)."""
LOAD: Final = Path("/proc/loadavg")
"""Where the system says how many threads run or wait for a core (Linux):
https://man7.org/linux/man-pages/man5/proc_loadavg.5.html."""


def cores() -> int:
    """Return the cores this process may use where the system tells, else those of the machine.

    A container may use its quota of processor time, in whole cores, at least one.
    """
    if hasattr(os, "sched_getaffinity"):
        return int(min(len(os.sched_getaffinity(0)), _quota(CONTROL_GROUP)))
    return os.cpu_count() or 1


def has_idle_core() -> bool:
    """Return whether fewer threads run at this moment than the machine has cores.

    This one is among them. Where the system does not tell, there is an idle core.
    """
    running = next(iter(_read(LOAD).split()[3:]), "0/0").partition("/")[0]
    return not running.isdecimal() or int(running) < (os.cpu_count() or 1)


def _quota(folder: Path) -> int | float:
    """Return how many cores a control group may use at once, rounded up; infinite without limit."""
    try:  # https://docs.kernel.org/admin-guide/cgroup-v2.html: "$MAX $PERIOD", in microseconds
        quota, period = (folder / "cpu.max").read_text("ascii").split()
    except (OSError, ValueError):
        quota, period = (_read(folder / "cpu" / f"cpu.cfs_{name}_us") for name in _VERSION_1)
    if not (quota.isdecimal() and period.isdecimal() and int(period)):
        return math.inf  # "max", -1, or no such file
    return max(1, math.ceil(int(quota) / int(period)))


_VERSION_1: Final = ("quota", "period")
"""https://docs.kernel.org/scheduler/sched-bwc.html."""


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
