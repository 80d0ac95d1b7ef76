"""A shell whose `ftaudit` and `python -` run in the process of the tests, which is warm.

An interpreter of its own loads libraries for six seconds before a scan of half a second begins. So
the first folder on the shell's path holds two small programs of these names. Each hands its words,
working folder, environment and standard streams to the tests through a socket, waits, and ends with
the exit code it is given. Pipes, redirections, variables and heredocs are the shell's own.

Where a claim is about processes (signals, pipes that break, what is imported, the wheel), tests
start interpreters instead: see tests/cli/commands.py.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, TextIO, cast

from ftaudit.cli.main import run

_CLIENT: Final = """\
#!{python} -ISs
import json, os, socket, sys
if {name!r} == "python" and sys.argv[1:] != ["-"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
server = socket.socket(socket.AF_UNIX)
server.connect({address!r})
words = [{name!r}, *sys.argv[1:]]
call = json.dumps([words, os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [len(call).to_bytes(4, "big")], [0, 1, 2])
server.sendall(call)
sys.exit(server.recv(1)[0])
"""
"""What stands on the path; with `-ISs` it starts in a hundredth of a second."""


def run_shell(script: str, folder: Path, environment: Mapping[str, str]) -> str:
    """Run a script of bash in a folder and return what it prints, on both streams."""
    with ExitStack() as stack:
        own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sh-")))
        server = stack.enter_context(socket.socket(socket.AF_UNIX))
        server.bind(str(own / "socket"))
        server.listen()
        server.settimeout(0.05)
        for name in ("ftaudit", "python"):
            _install(own / name, own / "socket")
        printed = stack.enter_context((own / "printed").open("w+b"))
        shell = stack.enter_context(
            subprocess.Popen(  # noqa: S603 - the commands of our own pages
                [shutil.which("bash") or "bash", "-c", script],
                cwd=folder,
                env={**environment, "PATH": f"{own}{os.pathsep}{environment['PATH']}"},
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )
        )
        stack.callback(shell.kill)
        while shell.poll() is None:
            _serve(server)
        printed.seek(0)
        return printed.read().decode()


def _install(program: Path, address: Path) -> None:
    program.write_text(
        _CLIENT.format(python=sys.executable, name=program.name, address=str(address))
    )
    program.chmod(0o755)


def _serve(server: socket.socket) -> None:
    """Run the next command that the shell starts, if it starts one soon."""
    try:
        client, _ = server.accept()
    except TimeoutError:
        return
    with client, client.makefile("rb") as calls:
        size, streams, *_ = socket.recv_fds(client, 4, 3)
        words, folder, environment = json.loads(calls.read(int.from_bytes(size, "big")))
        with _place(folder, environment), _standard(streams):
            code = _run(words)
        client.sendall(bytes([code & 0xFF]))


def _run(words: Sequence[str]) -> int:
    """Run `ftaudit`, or the program that `python -` is given; return the exit code."""
    if words[0] == "ftaudit":
        return run(words[1:])
    try:
        exec(compile(sys.stdin.read(), "<stdin>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the programs of our own pages
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except Exception:  # noqa: BLE001 - what an interpreter does
        traceback.print_exc()
        return 1
    return 0


@contextmanager
def _place(folder: str, environment: Mapping[str, str]) -> Iterator[None]:
    """Work in a folder and with an environment."""
    before, kept = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.chdir(before)
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _standard(streams: Sequence[int]) -> Iterator[None]:
    """Have other standard streams, of this process and of Python; close them in the end."""
    before = sys.stdin, sys.stdout, sys.stderr
    kept = [os.dup(number) for number in range(3)]
    _lead(streams)
    sys.stdin, sys.stdout, sys.stderr = opened = _opened(0, "r"), _opened(1, "w"), _opened(2, "w")
    try:
        yield
    finally:
        for stream in opened:
            stream.close()
        _lead(kept)
        sys.stdin, sys.stdout, sys.stderr = before


def _lead(streams: Sequence[int]) -> None:
    """Have the descriptors 0 to 2 lead where others do, and close those."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)


def _opened(number: int, mode: str) -> TextIO:
    return cast("TextIO", open(number, mode, encoding="utf-8", closefd=False))
