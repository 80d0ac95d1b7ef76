"""The policy in force, together with the checks it speaks of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ftaudit.checks import discover
from ftaudit.model.check import Check, parameters, recorded_parameters
from ftaudit.policy.policy import BUILT_IN, Policy, Vocabulary, parse, source
from ftaudit.wire.manifest import Manifest


@dataclass(frozen=True, eq=False)
class Rulebook:
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
