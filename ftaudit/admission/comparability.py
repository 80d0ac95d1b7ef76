"""Tell whether recorded numbers answer the current policy: were they measured as it means them.

A limit can be judged again; a measurement cannot. Where the audit searched with other
parameters, or held the data to other required fields and licences than the policy asks for now,
only another scan can tell, and unknown is never a pass.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from ftaudit.model.escape import printable
from ftaudit.policy.policy import Policy
from ftaudit.wire.manifest import Manifest

THRESHOLD: Final = 0.8
"""Similarity from which texts are near-identical where the policy does not say."""

FREE: Final = frozenset({("pii", "ner"), ("provenance", "today")})
"""Parameters that may differ: a model finds more, never less; the day is that of the scan."""

Parameters: TypeAlias = Mapping[str, Mapping[str, object]]
"""Check id → parameter → value, as plain JSON."""


def differences(
    manifest: Manifest,
    policy: Policy,
    expected: Parameters,
    versions: Mapping[str, int],
    recorded: Policy | None,
) -> list[str]:
    """Return why the recorded metrics do not answer the policy; nothing when they do.

    Args:
        manifest: the manifest.
        policy: the policy in force now.
        expected: what every check's parameters are under it.
        versions: the version of every check; another one may have other defaults, so that only
            what the policy itself sets is compared.
        recorded: the policy the manifest was made under, when it is known.
    """
    return [
        *_parameters(manifest, policy, expected, versions),
        *_threshold(manifest, policy),
        *_sections(manifest, policy, recorded),
    ]


def _parameters(
    manifest: Manifest, policy: Policy, expected: Parameters, versions: Mapping[str, int]
) -> Iterator[str]:
    same = {
        check.id for check in manifest.predicate.checks if versions.get(check.id) == check.version
    }
    for check, values in _recorded(manifest.predicate.configuration.get("checks")).items():
        measured = _recorded(_recorded(values).get("parameters"))
        comparable = expected.get(check, {}) if check in same else policy.parameters.get(check, {})
        for name in sorted(measured.keys() & expected.get(check, {}).keys() & comparable.keys()):
            used, required = measured[name], expected[check][name]
            if (check, name) not in FREE and used != required:
                difference = f"{name} {_shown(used)} where the policy means {_shown(required)}"
                yield f"the check {check} ran with {difference}: {_AGAIN}"


def _shown(value: object) -> str:
    return printable(json.dumps(value), limit=60)


def _threshold(manifest: Manifest, policy: Policy) -> Iterator[str]:
    threshold = policy.threshold or THRESHOLD
    used = _recorded(manifest.predicate.configuration.get("similarity")).get("threshold")
    if isinstance(used, int | float) and used > threshold:
        search = f"near-identical texts were searched from similarity {used:g}"
        yield f"{search}, the policy means {threshold:g}: {_AGAIN}"


def _sections(manifest: Manifest, policy: Policy, recorded: Policy | None) -> Iterator[str]:
    """Compare what the provenance check was held to, if it measured anything."""
    if not any(c.id == "provenance" and c.metrics for c in manifest.predicate.checks):
        return
    sections = _recorded(manifest.predicate.configuration.get("policy"))
    held = sections or (recorded.sections() if recorded else {})
    now = policy.sections()
    if not {"licenses", "provenance"} <= held.keys():
        yield f"it is not recorded which fields and licences provenance was held to: {_AGAIN}"
        return
    required = _texts(_recorded(now["provenance"]).get("require"))
    missing = sorted(required - _texts(_recorded(held["provenance"]).get("require")))
    if missing:
        fields = ", ".join(missing)
        yield f"provenance was not held to {fields}, which the policy requires: {_AGAIN}"
    if _lists(held["licenses"]) != _lists(now["licenses"]):
        yield f"licences were held to other lists than the policy's: {_AGAIN}"


def _lists(section: object) -> dict[str, set[str]]:
    return {name: _texts(values) for name, values in _recorded(section).items()}


def _texts(values: object) -> set[str]:
    return {str(value) for value in values} if isinstance(values, list | tuple) else set()


def _recorded(value: object) -> Mapping[str, object]:
    """Return a recorded object; an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}


_AGAIN: Final = "scan again under this policy"
