"""Types of options that a shell can complete: files, and names of checks."""

from collections.abc import Iterable

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


def complete(parameters: Iterable[click.Parameter]) -> None:
    """Give parameters of text the type that their placeholder stands for."""
    for parameter in parameters:
        placeholder = getattr(parameter, "metavar", None) or ""
        if not isinstance(parameter.type, click.types.StringParamType):
            continue
        if placeholder == "CHECK" or parameter.name in ("check", "check_id"):
            parameter.type = CheckName()
        elif any(word in placeholder for word in ("FILE", "PATH", "DATA", "KEY", "FOLDER")):
            parameter.type = PathText()
