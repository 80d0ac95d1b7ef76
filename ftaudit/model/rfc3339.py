"""Instants as RFC 3339 text: how manifests, waivers and approvals write a time."""

from datetime import UTC, datetime


def instant(text: str) -> datetime | None:
    """Return the instant that RFC 3339 text names; None when it is no such text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def timestamp(moment: datetime) -> str:
    """Return an instant in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
