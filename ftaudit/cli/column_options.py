"""The options that say what the user's columns are, and how text files are read."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., object])

ROLES: Final = ("context", "title", "choices")
"""Roles that several columns may play."""

_HELP: Final = {
    "context": "What the input is about, such as a passage. Repeatable.",
    "title": "A title of the input. Repeatable.",
    "choices": "Answers to choose from. Repeatable.",
}


def csv_options(command: Command) -> Command:
    """Add the options that say how text files are written and read."""
    for option in (
        click.option(
            "--keep-going",
            is_flag=True,
            help="Leave out records that cannot be read, and audit the others; it never passes.",
        ),
        click.option("--encoding", metavar="NAME", help="Encoding of csv files. [default: UTF-8]"),
        click.option("--no-header", is_flag=True, help="The csv files have no header."),
        click.option(
            "--delimiter", metavar="CHAR", help="What separates cells in csv files, such as ';'."
        ),
    ):
        command = option(command)
    return command


def role_options(command: Command) -> Command:
    """Add the options that give columns a role beside those of the record format."""
    ignore = click.option(
        "--ignore-column",
        multiple=True,
        metavar="NAME",
        help="A column, or a part of one (meta.note), that is known and not used. Repeatable.",
    )
    command = ignore(command)
    for role in reversed(ROLES):
        option = f"--{role}-column"
        command = click.option(option, multiple=True, metavar="NAME", help=_HELP[role])(command)
    return command


def given_roles(settings: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Return role → columns, as the options say."""
    return {role: columns for role in ROLES if (columns := _several(settings[f"{role}_column"]))}


def given_ignored(settings: Mapping[str, object]) -> tuple[str, ...]:
    """Return the columns that the user does not use."""
    return _several(settings["ignore_column"])


def _several(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, Sequence) else ()
