"""The `ftaudit` command: loads a command by name, turns errors into a line and a code."""

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import PurePath
from types import FrameType
from typing import Any, Final, NoReturn

import click

from ftaudit import __version__
from ftaudit.cli import process_guard
from ftaudit.cli.completed_types import complete
from ftaudit.engines.local import first_worker
from ftaudit.model.errors import FtauditError, suggestion
from ftaudit.model.garbage import rare_while_importing
from ftaudit.model.no_room import no_room
from ftaudit.readers.panic_text import without_panic_text

COMMANDS: Final = (
    "scan",
    "gate",
    "request",
    "findings",
    "diff",
    "fix",
    "split",
    "review",
    "report",
    "init",
    "checks",
    "profiles",
    "preview",
    "policy",
    "provenance",
    "keygen",
    "sign",
    "approve",
    "waive",
    "index",
    "power",
    "compare",
    "drift",
    "schema",
    "completion",
)
"""In the order in which the help lists them. Each is `ftaudit.cli.<name>:command`."""


class Commands(click.Group):
    """Commands that are imported when they are first used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Load one command by name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"ftaudit.cli.{cmd_name}_command").command
        complete(command.params)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest command where there is none of that name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = suggestion(args[0], COMMANDS) or "; --help lists them"
            ctx.fail(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's signature
        """Run a command; an interruption never ends with the exit code of a verdict."""
        try:
            with without_panic_text():
                result = super().invoke(ctx)
            sys.stdout.flush()  # here, while a reader that is gone can still be told
        except KeyboardInterrupt:
            click.echo("ftaudit: stopped", err=True)
            ctx.exit(128 + signal.SIGINT)
        except BrokenPipeError:
            _abandon_output()
            ctx.exit(128 + _SIGPIPE)
        except OSError as error:
            if not (number := no_room(error)):
                raise
            _abandon_output()
            raise NoRoomError(number) from None
        except BaseException as error:
            if type(error).__name__ != _PANIC:
                raise
            raise NativeError(error) from None
        return result

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - click's signature
        """Run, and exit with the code of the error where one of ftaudit's errors is raised."""
        signal.signal(signal.SIGTERM, _terminate)
        if not args and kwargs.get("args") is None:  # called by the shell, not by a test
            process_guard.install()
            for name, value in _SETTINGS.items():
                os.environ.setdefault(name, value)
            rare_while_importing()
            first_worker.begin_for(sys.argv[1:])
        try:
            return super().main(*args, **kwargs)
        except FtauditError as error:
            click.echo(f"ftaudit: {error}", err=True)
            sys.exit(error.exit_code)
        finally:
            first_worker.end()


class NoRoomError(FtauditError):
    """The temporary folder or stdout is full."""

    def __init__(self, number: int) -> None:
        """Build the message from the number of the system's error."""
        super().__init__(
            f"cannot write ({os.strerror(number)}). Make room where temporary files go (TMPDIR "
            "names the folder) and where the output goes, and run again"
        )


class NativeError(FtauditError):
    """A library broke on the data where no check could be blamed."""

    def __init__(self, error: BaseException) -> None:
        """Say where, without the text of the error, which may hold data."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "ftaudit" in PurePath(frame.filename).parts]
        place = f"{PurePath(own[-1].filename).name}:{own[-1].lineno}" if own else "an unknown place"
        super().__init__(
            f"polars broke on this data at {place}. Write the data again, as jsonl or parquet, or "
            "leave out the columns of unusual types; please report it as a fault of ftaudit"
        )


_SETTINGS: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
"""What libraries read when they are imported. Tables multiplied here are small: threads of numpy
would spend more time waiting for work. Whatever plugins of pydantic are installed have no say, and
are not looked for."""
_PANIC: Final = "PanicException"
"""What polars raises where its own code fails; no Exception, and not imported for its name."""
_SIGPIPE: Final = 13
"""The number POSIX gives it; `signal.SIGPIPE` does not exist everywhere."""


def _abandon_output() -> None:
    """Point stdout at the null device, because the interpreter flushes it again at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminate(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - signal's signature
    """Leave as after Ctrl-C, so that the run folder is removed."""
    sys.exit(128 + number)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=(
        "Exit codes: 0 tuning may proceed, 1 the gate blocks, 2 usage or malformed input, "
        "3 a check could not be completed, 4 integrity or signature failure."
    ),
)
@click.version_option(__version__, prog_name="ftaudit")
def main() -> None:
    """Audit training data, and decide whether fine-tuning may proceed."""


def run(arguments: Sequence[str]) -> int:
    """Run as a shell would and return the exit code; for tests."""
    try:
        main(list(arguments), prog_name="ftaudit")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0
