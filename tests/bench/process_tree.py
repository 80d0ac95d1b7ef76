"""Run a command and measure its wall clock and the peak memory of its whole process tree."""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INTERVAL = 0.1
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Run:
    """What a command took."""

    seconds: float
    peak: int
    """Bytes: the proportional set sizes of all its processes together; 0 where unknown."""
    exit_code: int
    output: str
    """stdout, and stderr after it."""
    processor: float
    """Seconds of processor time of all its processes that were waited for."""


def run(
    command: Sequence[str], *, cwd: Path | None = None, environment: dict[str, str] | None = None
) -> Run:
    """Run a command to its end; `environment` is laid over this process's own."""
    start, before = time.perf_counter(), _processor()
    with subprocess.Popen(  # noqa: S603 - the command is the benchmark's own
        command,
        cwd=cwd,
        env=os.environ | (environment or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        peaks: list[int] = [0]
        watcher = threading.Thread(target=_watch, args=(process, peaks))
        watcher.start()
        out, err = process.communicate()
        seconds = time.perf_counter() - start
        watcher.join()
    used = _processor() - before
    return Run(seconds, max(peaks), process.returncode, out + err, used)


def _processor() -> float:
    """Return the processor time of the children that have ended and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _watch(process: "subprocess.Popen[str]", peaks: list[int]) -> None:
    """Look at the memory of the tree until its root has ended."""
    while process.poll() is None:
        peaks.append(sum(map(_memory, processes(process.pid))))
        time.sleep(INTERVAL)


def processes(root: int) -> list[int]:
    """Return the process and all its descendants."""
    found, waiting = [root], [root]
    while waiting:
        tasks = Path(f"/proc/{waiting.pop()}/task")
        for task in tasks.glob("*/children"):
            children = [int(pid) for pid in _text(task).split()]
            found += children
            waiting += children
    return found


def _memory(pid: int) -> int:
    """Return the proportional set size of a process: shared pages count once in all."""
    for line in _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # the process has ended
        return ""
