"""Which requirement each check's evidence speaks to. Evidence, never a claim of compliance."""

from typing import Final

from ftaudit.checks import discover
from ftaudit.model.declaration import declaration

DISCLAIMER: Final = (
    "The tags name requirements this evidence speaks to. "
    "They do not claim that a requirement is met; that is for whoever answers for the system."
)


def tags(check: str) -> list[str]:
    """Return the tags that a check declares; none for a check that is not installed here."""
    checks = discover()
    return declaration(checks[check]).tags.all() if check in checks else []
