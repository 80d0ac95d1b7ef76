"""The manifest itself."""

from ftaudit.reports.excerpt import NONE, Excerpts
from ftaudit.wire.manifest import Manifest, to_json


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:  # noqa: ARG001 - holds no row
    """Return the manifest as the text of its file; excerpts are not used."""
    return to_json(manifest)
