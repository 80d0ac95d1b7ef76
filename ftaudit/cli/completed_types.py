"""Types of options that a shell can complete: files, and names of checks."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem


class PathText(click.ParamType[str]):
    """The text of a path, a pattern or an address; completed as a file."""

    name = "text"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002 - likewise
        incomplete: str,
    ) -> list[CompletionItem]:
        """Leave it to the shell to list files."""
        return [CompletionItem(incomplete, type="file")]


class CheckName(click.ParamType[str]):
    """The id of a check."""

    name = "text"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        param: click.Parameter,  # noqa: ARG002 - likewise
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the ids that begin so."""
        from ftaudit.checks import discover

        return [CompletionItem(id_) for id_ in discover() if id_.startswith(incomplete)]


class NonemptyPath(click.Path):
    """A path that is named: Python takes an empty one for the working folder."""

    def convert(
        self,
        value: Any,  # noqa: ANN401 - click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401 - likewise
        """Return the path, unless nothing names it."""
        if not str(value).strip():
            self.fail("an empty name is no path; a variable may be unset", param, ctx)
        return super().convert(value, param, ctx)


def complete(parameters: Iterable[click.Parameter]) -> None:
    """Give parameters of text the type that their placeholder stands for, and paths a name."""
    for parameter in parameters:
        placeholder = getattr(parameter, "metavar", None) or ""
        if type(parameter.type) is click.Path:
            parameter.type = NonemptyPath(path_type=Path)
        if not isinstance(parameter.type, click.types.StringParamType):
            continue
        if placeholder == "CHECK" or parameter.name in ("check", "check_id"):
            parameter.type = CheckName()
        elif any(word in placeholder for word in ("FILE", "PATH", "DATA", "KEY", "FOLDER")):
            parameter.type = PathText()
