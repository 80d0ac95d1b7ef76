"""Tell whether recorded numbers answer the current policy: were they measured as it means them.

A limit can be judged again; a measurement cannot. Where the audit searched with other
parameters, or held the data to other required fields and licences than the policy asks for now,
only another scan can tell, and unknown is never a pass.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from ftaudit.model.check import Check
from ftaudit.model.declaration import Declaration, PolicyDemand, declaration
from ftaudit.model.escape import printable
from ftaudit.model.options import THRESHOLD
from ftaudit.policy.policy import Policy
from ftaudit.wire.manifest import Manifest

Parameters: TypeAlias = Mapping[str, Mapping[str, object]]
"""Check id → parameter → value, as plain JSON."""


def differences(
    manifest: Manifest,
    policy: Policy,
    expected: Parameters,
    checks: Mapping[str, type[Check]],
    recorded: Policy | None,
) -> list[str]:
    """Return why the recorded metrics do not answer the policy; nothing when they do.

    Args:
        manifest: the manifest.
        policy: the policy in force now.
        expected: what every check's parameters are under it.
        checks: the checks that are installed. One of another version than the recorded one may
            have other defaults, so that only what the policy itself sets is compared.
        recorded: the policy the manifest was made under, when it is known.
    """
    return [
        *_parameters(manifest, policy, expected, checks),
        *_threshold(manifest, policy),
        *_demands(manifest, policy, checks, recorded),
    ]


def _parameters(
    manifest: Manifest,
    policy: Policy,
    expected: Parameters,
    checks: Mapping[str, type[Check]],
) -> Iterator[str]:
    same = {
        record.id
        for record in manifest.predicate.checks
        if record.id in checks and checks[record.id].version == record.version
    }
    for check, values in _recorded(manifest.predicate.configuration.get("checks")).items():
        measured = _recorded(_recorded(values).get("parameters"))
        comparable = expected.get(check, {}) if check in same else policy.parameters.get(check, {})
        declared = declaration(checks[check]) if check in checks else Declaration()
        optional = {option.parameter for option in declared.options}
        for name in sorted(measured.keys() & expected.get(check, {}).keys() & comparable.keys()):
            used, required = measured[name], expected[check][name]
            if not required and name in optional:
                continue  # what the policy leaves open a user may name: it adds a search
            if used != required and name not in declared.free_parameters:
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


def _demands(
    manifest: Manifest,
    policy: Policy,
    checks: Mapping[str, type[Check]],
    recorded: Policy | None,
) -> Iterator[str]:
    """Compare what the checks that measured anything were held to with what the policy asks."""
    sections = _recorded(manifest.predicate.configuration.get("policy"))
    before = sections or (recorded.sections() if recorded else {})
    now = policy.sections()
    for record in manifest.predicate.checks:
        if not record.metrics or record.id not in checks:
            continue
        declared = declaration(checks[record.id])
        if not {demand.section for demand in declared.demands} <= before.keys():
            yield f"{declared.demands_not_recorded}: {_AGAIN}"
            continue
        for demand in declared.demands:
            yield from _unmet(demand, before[demand.section], now[demand.section])


def _unmet(demand: PolicyDemand, before: object, now: object) -> Iterator[str]:
    """Say how a section of the policy asks for more, or for something else, than it did."""
    if demand.key:
        required = _texts(_recorded(now).get(demand.key))
        missing = sorted(required - _texts(_recorded(before).get(demand.key)))
        if missing:
            yield f"{demand.unmet.format(missing=', '.join(missing))}: {_AGAIN}"
    elif _lists(before) != _lists(now):
        yield f"{demand.unmet}: {_AGAIN}"


def _lists(section: object) -> dict[str, set[str]]:
    return {name: _texts(values) for name, values in _recorded(section).items()}


def _texts(values: object) -> set[str]:
    return {str(value) for value in values} if isinstance(values, list | tuple) else set()


def _recorded(value: object) -> Mapping[str, object]:
    """Return a recorded object; an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}


_AGAIN: Final = "scan again under this policy"
