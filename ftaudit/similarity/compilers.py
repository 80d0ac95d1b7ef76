"""Short-lived processes that compile kernels into numba's cache, one for each core.

Numba compiles in one thread. Each process imports modules of kernels as it is told to, which
compiles them and leaves the machine code in the cache; it imports nothing else, and never the
caller's `__main__`. A module comes after those that it imports, so that none is compiled twice, and
of those that are ready the longest first. Whatever goes wrong costs time only: what no process has
compiled, the caller compiles itself.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

MOST: Final = 4
"""Processes at most: two modules and those that need them take half of the time anyway."""

_CODE: Final = """
import gc, json, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
gc.set_threshold(100_000, 50, 50)
sys.path[:] = json.loads(sys.stdin.readline())
from importlib import import_module
for line in sys.stdin:
    import_module(line.strip())
    print(flush=True)
"""
"""What a process runs until its input ends, as it does also when the caller is killed. At Ctrl-C
the caller ends it. Compiling leaves little garbage, so it is collected less often."""

_IMPORTED: Final = re.compile(r"^from ftaudit\.similarity\.kernels\.(\w+) import", re.MULTILINE)

_Process: TypeAlias = subprocess.Popen[str]


def compile_modules(
    sources: Mapping[str, str], package: str, cache: Path
) -> Generator[str, None, None]:
    """Compile modules of kernels in processes of their own; yield the name of each that is done.

    A module that cannot be compiled, and those that need it, are left out without an error. Close
    the iterator when it is not read to its end.

    Args:
        sources: source text of every module to compile, by its name in the package.
        package: its full name.
        cache: where numba is to keep the machine code.
    """
    count = min(MOST, _cores(), len(sources))
    if count < 2 or not _is_python():
        return
    needed = {name: sources.keys() & _IMPORTED.findall(text) for name, text in sources.items()}
    waiting = sorted(sources, key=lambda name: (-len(sources[name]), name))
    running: dict[Future[_Process | None], str] = {}
    done: set[str] = set()
    with ThreadPoolExecutor(count, "compiler") as pool, _started(count, cache) as idle:
        while True:
            for name in [name for name in waiting if needed[name] <= done][: len(idle)]:
                waiting.remove(name)
                running[pool.submit(_compiled, idle.pop(), f"{package}.{name}")] = name
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name, process = running.pop(future), future.result()
                if process is not None:
                    idle.append(process)
                    done.add(name)
                    yield name


def _compiled(process: _Process, module: str) -> _Process | None:
    """Have a module compiled; return the process, or None when it has failed."""
    return (
        process if _sent(process, module) and process.stdout and process.stdout.readline() else None
    )


def _sent(process: _Process, line: str) -> bool:
    """Write a line to a process; say whether it was there to read it."""
    with suppress(OSError):
        if process.stdin:
            print(line, file=process.stdin, flush=True)
            return True
    return False


@contextmanager
def _started(count: int, cache: Path) -> Iterator[list[_Process]]:
    """Keep processes, as many of `count` as can be started, for as long as the context lasts."""
    processes: list[_Process] = []
    try:
        with suppress(OSError):
            processes.extend(_start(cache) for _ in range(count))  # those before a failure stay
        yield [*processes]
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            with suppress(OSError), process:  # closes its pipes, and waits for its end
                pass


def _start(cache: Path) -> _Process:
    process = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-P", "-c", _CODE],  # -P: the working folder is no place for modules
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
        encoding="utf-8",
    )
    _sent(process, json.dumps([*map(str, sys.path)]))
    return process


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _is_python() -> bool:
    """Say whether `sys.executable` is an interpreter, not a program that has one inside."""
    name = Path(sys.executable or "").name.lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)
