"""Instants as RFC 3339 text: how manifests, waivers and approvals write a time."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

SKEW: Final = timedelta(minutes=5)
"""How far the clock of another machine may be ahead of ours."""

_FORM: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
"""The form of RFC 3339, section 5.6, as it is written here: upper case, with a zone."""


def instant(text: str) -> datetime | None:
    """Return the instant (UTC) that RFC 3339 text names; None when it is no such text."""
    if not _FORM.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, or beyond year 1 or 9999 in UTC
        return None


def timestamp(moment: datetime) -> str:
    """Return an instant in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
