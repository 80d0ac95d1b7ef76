"""Short-lived processes that compile kernels into the cache of numba, one for each core.

Numba compiles in one thread. Every process imports modules of kernels, whose names it reads from
its input; importing compiles them and leaves the machine code in the cache. It imports nothing
else, and never the `__main__` of the caller. A module is compiled after those that it imports, so
that none is compiled twice; of the modules that may come next, the longest is taken. When a process
fails, the caller compiles the module itself: only time is lost, never a result.
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

from ftaudit.model.cores import cores
from ftaudit.model.garbage import OBJECTS

MOST: Final = 4
"""Most processes: beyond, the chain of the two longest modules takes half of the time anyway."""

_CODE: Final = f"""
import gc, json, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
gc.set_threshold({OBJECTS}, 50, 50)
sys.path[:] = json.loads(sys.stdin.readline())
from importlib import import_module
for line in sys.stdin:
    import_module(line.strip())
    print(flush=True)
"""
"""The program of a process. It runs until its input ends, which also happens when the caller is
killed; at Ctrl-C the caller ends it. Compiling leaves little garbage, which is collected less often
than Python would."""

_IMPORTED: Final = re.compile(r"^from ftaudit\.similarity\.kernels\.(\w+) import", re.MULTILINE)

_Process: TypeAlias = subprocess.Popen[str]


def compile_modules(
    sources: Mapping[str, str], package: str, cache: Path
) -> Generator[str, None, None]:
    """Compile modules of kernels in processes; yield the name of every module that is done.

    A module that cannot be compiled, and those that import it, are left out without an error. Close
    the iterator when it is not read to its end.

    Args:
        sources: source text of every module to compile, by its name in the package.
        package: full name of the package.
        cache: where numba is to keep the machine code.
    """
    count = min(MOST, cores(), len(sources))
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
    """Let a process compile a module; return the process, or None when it has failed."""
    return (
        process if _sent(process, module) and process.stdout and process.stdout.readline() else None
    )


def _sent(process: _Process, line: str) -> bool:
    """Write a line to a process; return whether the process still runs."""
    with suppress(OSError):
        if process.stdin:
            print(line, file=process.stdin, flush=True)
            return True
    return False


@contextmanager
def _started(count: int, cache: Path) -> Iterator[list[_Process]]:
    """Start `count` processes, or as many as can be started, and end them with the context."""
    processes: list[_Process] = []
    try:
        with suppress(OSError):
            processes.extend(_start(cache) for _ in range(count))  # those before a failure stay
        yield [*processes]
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            with suppress(OSError), process:  # closes the pipes, and waits for the process
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


def _is_python() -> bool:
    """Return whether `sys.executable` is an interpreter, not a program that embeds one."""
    name = Path(sys.executable or "").name.lower()
    return name.startswith(("python", "pypy")) and not getattr(sys, "frozen", False)
