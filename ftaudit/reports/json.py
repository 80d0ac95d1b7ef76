"""The manifest itself."""

from ftaudit.manifest import Manifest, to_json
from ftaudit.reports.excerpt import NONE, Excerpts


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:  # noqa: ARG001 - holds no row
    """Return the manifest's own bytes as text, whatever excerpts there are."""
    return to_json(manifest)
