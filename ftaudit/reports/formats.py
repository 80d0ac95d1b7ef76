"""The formats a report can have, by name."""

from importlib import import_module
from typing import Final, Protocol, cast

from ftaudit.model.errors import UsageError, suggestion
from ftaudit.reports.excerpt import NONE, Excerpts
from ftaudit.wire.manifest import Manifest

FILES: Final = {
    "text": "report.txt",
    "html": "report.html",
    "markdown": "report.md",
    "sarif": "report.sarif",
    "junit": "report.junit.xml",
    "json": "manifest.json",
}
"""Format → the name of the file it is written to."""

_MODULES: Final = {"text": "console"}


class Renderer(Protocol):
    """A function that turns a manifest into one format of text."""

    def __call__(self, manifest: Manifest, excerpts: Excerpts = NONE) -> str:
        """Return the report."""


def renderer(name: str) -> tuple[str, Renderer]:
    """Return the file name of a format and the function that renders it; loads only that format.

    Raises:
        UsageError: there is no such format.
    """
    if name not in FILES:
        formats = ", ".join(FILES)
        raise UsageError(f"no report format {name}{suggestion(name, FILES)}; known: {formats}")
    module = import_module(f"ftaudit.reports.{_MODULES.get(name, name)}")
    return FILES[name], cast("Renderer", module.render)
