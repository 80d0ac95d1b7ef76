"""Tell from a manifest whether tuning may proceed.

The door: `gate` raises where tuning may not proceed, `examine` returns the same answer as an
`Admission`. Read `verify` first, which is the line from one to the other; `signed_manifest` says
who wrote a manifest, `match_files` what the data is to it, `contradictions` what no honest audit
writes, `comparability` whether the recorded numbers answer today's policy, `statements` which
waivers and approvals count. `plan` and `request` ask for an approval.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ftaudit.admission.admission import Admission
    from ftaudit.admission.verify import examine, gate
    from ftaudit.model.errors import GateBlocked

__all__ = ["Admission", "GateBlocked", "examine", "gate"]

_HOME: Final = {
    "Admission": "ftaudit.admission.admission",
    "GateBlocked": "ftaudit.model.errors",
    "examine": "ftaudit.admission.verify",
    "gate": "ftaudit.admission.verify",
}


def __getattr__(name: str) -> object:
    """Load the names of the door when they are first used."""
    if name not in _HOME:
        msg = f"module 'ftaudit.admission' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOME[name]), name)
