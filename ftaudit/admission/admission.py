"""An admission: what the gate says of a manifest, why, and what it rests on."""

from typing import Final

import msgspec
from msgspec import Struct

from ftaudit.admission.match_files import FileMatch
from ftaudit.admission.remarks import Refusal
from ftaudit.model.breach import Breach
from ftaudit.model.escape import shown_json


class Admission(Struct, frozen=True):
    """What the gate says, why, and what it rests on."""

    exit_code: int
    """0 may proceed, 1 blocked, 3 a check could not be completed, 4 integrity failure."""
    reasons: tuple[str, ...] = ()
    """Why not; empty when tuning may proceed."""
    warnings: tuple[str, ...] = ()
    verified: tuple[tuple[str, str], ...] = ()
    """What was verified: a topic, and what holds."""
    notes: tuple[str, ...] = ()
    """What was not verified, and what a reader must know to trust the verdict."""
    files: tuple[FileMatch, ...] = ()
    breaches: tuple[Breach, ...] = ()
    waivers: tuple[str, ...] = ()
    """Ids of the waivers that cover a breach."""
    approvals: tuple[str, ...] = ()
    """Roles that approved."""
    refused: tuple[Refusal, ...] = ()
    """Statements that do not count, and why."""
    caveats: tuple[str, ...] = ()
    """What the verdict rests on that nobody proved."""
    manifest: str = ""
    """SHA-256 of the manifest."""
    signed_by: str = ""
    """Id of the trusted key that signed the manifest."""
    policy: str = ""

    @property
    def passed(self) -> bool:
        """Whether tuning may proceed."""
        return self.exit_code == 0

    @property
    def verdict(self) -> str:
        """PASSED, BLOCKED, or REFUSED when the manifest itself proves nothing."""
        return {0: "PASSED", 4: "REFUSED"}.get(self.exit_code, "BLOCKED")

    @property
    def headline(self) -> str:
        """The verdict in one line, with what it takes for granted without proof."""
        but = f", but {'; '.join(self.caveats)}" if self.passed and self.caveats else ""
        return f"{_HEADLINES[self.exit_code]}{but}"

    def to_json(self) -> str:
        """Return the admission as JSON, one object with sorted keys."""
        fields = msgspec.to_builtins(self)
        value = {"verdict": self.verdict, **fields, "verified": dict(self.verified)}
        return shown_json(value) + "\n"


_HEADLINES: Final = {
    0: "PASSED   tuning may proceed",
    1: "BLOCKED  tuning may not proceed",
    3: "BLOCKED  a required check could not be completed",
    4: "REFUSED  the evidence does not hold",
}
