"""Workers end with their parent, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import sys, time
from ftaudit.engines.local.processes import Workers

def main():
    with Workers(2, int) as workers:
        workers.wait()
        for _ in range(2):
            workers.offer(time.sleep, 60)
        print(*(worker.process_id for worker in workers._processes), flush=True)
        time.sleep(60)

if __name__ == "__main__":
    main()
"""


def started(folder: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """Start a process with two workers that are busy; return it and their ids."""
    script = folder / "program.py"
    script.write_text(PROGRAM)
    command = [sys.executable, str(script)]
    process = subprocess.Popen(  # noqa: S603 - our own script
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    return process, [int(number) for number in process.stdout.readline().split()]


def gone(numbers: list[int]) -> bool:
    """Wait a while for processes to end."""
    for _ in range(100):
        if not any(Path(f"/proc/{number}").exists() for number in numbers):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_workers_end_when_their_parent_is_stopped(tmp_path: Path, number: signal.Signals) -> None:
    process, workers = started(tmp_path)
    assert len(workers) == 2
    os.kill(process.pid, number)
    process.communicate(timeout=30)
    assert gone(workers)
