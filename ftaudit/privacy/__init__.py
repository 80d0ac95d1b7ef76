"""Find personal data, secrets and confidentiality markings: search, resolve, mask, redact."""

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
