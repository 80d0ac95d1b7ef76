"""The policy in force, together with the checks it speaks of."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from ftaudit.checks import discover
from ftaudit.model.check import Check, parameters, recorded_parameters
from ftaudit.model.errors import IntegrityError, UsageError
from ftaudit.policy.policy import BUILT_IN, Policy, Vocabulary, parse, source
from ftaudit.wire.manifest import Manifest


class Rulebook(Struct, frozen=True, eq=False):
    """The policy in force, and the checks it speaks of."""

    policy: Policy
    text: str
    """The policy as a file gives it; empty when it was given loaded."""
    checks: Mapping[str, type[Check]]

    @property
    def vocabulary(self) -> Vocabulary:
        """What the checks measure and owe."""
        return Vocabulary.of(self.checks)

    @classmethod
    def load(cls, policy: str | Path | Policy) -> "Rulebook":
        """Load the policy and discover the checks."""
        checks = discover()
        if isinstance(policy, Policy):
            return cls(policy, "", checks)
        text = source(policy)
        return cls(parse(text, str(policy), Vocabulary.of(checks)), text, checks)

    def require_digest(self, sha256: str | None) -> None:
        """Refuse another policy than the pinned one; nothing is pinned when `sha256` is None.

        Raises:
            UsageError: not 64 hexadecimal digits.
            IntegrityError: the policy file has another SHA-256.
        """
        if sha256 is None:
            return
        if not re.fullmatch("[0-9a-fA-F]{64}", sha256):
            raise UsageError("the SHA-256 of a policy is 64 hexadecimal digits")
        marked = hashlib.sha256(b"\xef\xbb\xbf" + self.text.encode()).hexdigest()
        if sha256.lower() not in {_sha256(self.text), marked}:
            actual = f"its SHA-256 is {_sha256(self.text)[:12]}…"
            raise IntegrityError(f"the policy is not the pinned one: {actual}, not {sha256[:12]}…")

    def recorded(self, manifest: Manifest) -> Policy | None:
        """Return the policy a manifest was made under, if it is this one or a built-in one."""
        made = manifest.predicate.policy
        if _sha256(self.text) == made.sha256:
            return self.policy
        if made.name in BUILT_IN and _sha256(text := source(made.name)) == made.sha256:
            return parse(text, made.name, self.vocabulary)
        return None

    def parameters(self) -> dict[str, dict[str, object]]:
        """Return the parameters of every check under the policy."""
        made = {
            id_: check(**parameters(check, self.policy.parameters.get(id_, {})))
            for id_, check in self.checks.items()
        }
        return {id_: recorded_parameters(check) for id_, check in made.items()}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
