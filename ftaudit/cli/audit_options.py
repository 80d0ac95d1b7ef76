"""Options of commands that audit data: their own, and those that the installed checks declare."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click
from click.core import ParameterSource

from ftaudit.cli.column_options import given_ignored, given_roles

if TYPE_CHECKING:
    from ftaudit.model.declaration import CheckOption
    from ftaudit.model.options import Options

FINISHED: Final = ".ftaudit-parts"
"""In the output folder: results of finished parts, while a scan with `--resume` is under way."""
SHARED: Final = frozenset(
    {
        *("validation", "policy", "provenance", "expectations", "format_"),
        *(f"{column}_column" for column in ("input", "output", "label", "group", "time")),
        "annotator_column",
        *(f"{role}_column" for role in ("context", "title", "choices", "ignore")),
        *("delimiter", "no_header", "encoding", "threshold", "method", "shingles", "compare"),
        *("workers", "memory", "vectors"),
    }
)
"""Options that say which data is audited, and how; other commands that audit take them, too."""
COLUMNS: Final = ("input", "output", "label", "group", "time", "annotator")


class AuditCommand(click.Command):
    """A command that audits data, with the options that the installed checks declare."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, then those of the checks."""
        own = super().get_params(ctx)
        options = {option.flag: option for _, option in check_options()}
        declared = [
            click.Option(
                [option.flag],
                metavar=option.metavar,
                help=option.help,
                multiple=option.repeatable,
            )
            for option in options.values()
        ]
        return [*own[:-1], *declared, own[-1]]  # the last is --help


def shared_options(
    ctx: click.Context, without: Collection[str] = (), only: Collection[str] | None = None
) -> list[str]:
    """Return the options on the command line that other commands which audit take, too.

    Of these `only` some, where a command takes fewer.
    """
    options: list[str] = []
    for param in ctx.command.get_params(ctx):
        named = ctx.get_parameter_source(param.name or "") is ParameterSource.COMMANDLINE
        declared = {_argument(option) for _, option in check_options()} if named else set()
        if (
            named
            and isinstance(param, click.Option)
            and param.name in (SHARED | declared).difference(without)
            and (only is None or param.name in only)
        ):
            value = ctx.params[param.name]
            for item in value if isinstance(value, tuple) else (value,):
                options += [param.opts[-1], *([] if param.is_flag else [str(item)])]
    return options


def chosen_options(settings: dict[str, object]) -> "Options":
    """Return what the options of a command that audits data set."""
    from ftaudit.model.options import Options

    columns = {c: str(settings[f"{c}_column"]) for c in COLUMNS if settings.get(f"{c}_column")}
    memory, workers, threshold = settings.get("memory"), settings["workers"], settings["threshold"]
    return Options(
        policy=str(settings["policy"]),
        provenance=str(settings["provenance"]) if settings.get("provenance") else None,
        expectations=tuple(listed(settings.get("expectations"))),
        format=str(settings["format_"]) if settings["format_"] else None,
        columns=columns,
        roles=given_roles(settings),
        ignore=given_ignored(settings),
        delimiter=str(settings["delimiter"]) if settings["delimiter"] else None,
        header=not settings["no_header"],
        encoding=str(settings["encoding"]) if settings["encoding"] else None,
        keep_going=bool(settings.get("keep_going")),
        only=tuple(listed(settings.get("only"))),
        skip=tuple(listed(settings.get("skip"))),
        threshold=threshold if isinstance(threshold, float) else None,
        method=cast("Any", settings.get("method", "auto")),
        shingles=cast("Any", settings.get("shingles", "auto")),
        compare=cast("Any", settings["compare"]),
        vectors=str(settings["vectors"]) if settings.get("vectors") else None,
        parameters=_parameters(settings),
        workers=workers if isinstance(workers, int) else None,
        memory=memory * 1024 * 1024 if isinstance(memory, int) else None,
        engine=cast("Any", settings.get("engine", "local")),
        master=str(settings["master"]) if settings.get("master") else None,
        excerpts=not settings.get("no_excerpts"),
        waivers=tuple(listed(settings.get("waivers"))),
        trusted_keys=tuple(listed(settings.get("trusted_keys"))),
        profile_key=str(settings["profile_key"]) if settings.get("profile_key") else None,
        resume=_resumed(settings),
    )


def _resumed(settings: dict[str, object]) -> Path | None:
    """Return where finished parts are kept: inside the output folder, if they are."""
    output = settings.get("output")
    return output / FINISHED if settings.get("resume") and isinstance(output, Path) else None


def _parameters(settings: dict[str, object]) -> dict[str, dict[str, object]]:
    """Return what options set for single checks: check id → parameter → value."""
    parameters: dict[str, dict[str, object]] = {}
    for check, option in check_options():
        if value := settings.get(_argument(option)):
            parameters.setdefault(check, {})[option.parameter] = (
                listed(value) if option.repeatable else str(value)
            )
    return parameters


def check_options() -> "list[tuple[str, CheckOption]]":
    """Return check id and option of every option that a check declares."""
    from ftaudit.checks import discover
    from ftaudit.model.declaration import declaration

    return [
        (id_, option) for id_, check in discover().items() for option in declaration(check).options
    ]


def _argument(option: "CheckOption") -> str:
    """Return the name under which click hands an option's value over."""
    return option.flag.removeprefix("--").replace("-", "_")


def listed(value: object) -> list[str]:
    """Return the values of an option that may be given several times."""
    return [str(v) for v in value] if isinstance(value, tuple | list) else []
