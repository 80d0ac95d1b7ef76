"""Find personal data, secrets and confidentiality markings: search, resolve, mask, redact.

Read `search` first: it merges what Presidio (`presidio`), recognizers of our own (`recognizers`)
and a model (`ner`) report and settles overlaps (`findings`). `secrets` and `marking_scanner` are
searches of their own; `patterns` is the linear-time regular expression search under all of them.
`redaction` replaces findings in a table.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ftaudit.privacy.redaction import redact

__all__ = ["redact"]


def __getattr__(name: str) -> object:
    """Load `redact` when it is first asked for: it needs polars."""
    if name == "redact":
        from ftaudit.privacy.redaction import redact

        return redact
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)
