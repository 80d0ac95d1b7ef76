"""Render a manifest as SARIF 2.1.0: one result per rule, with its count, never row text.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html; section numbers (§) are
those of that document.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias
from urllib.parse import quote

from ftaudit.model.escape import printable
from ftaudit.model.finding import counted
from ftaudit.reports import phrasing, standards
from ftaudit.reports.excerpt import NONE, Excerpts
from ftaudit.reports.limits import breach_sentence
from ftaudit.wire.manifest import (
    BreachRecord,
    CheckRecord,
    ExampleRecord,
    FindingCount,
    Input,
    Manifest,
    Reference,
    digest,
)

Object: TypeAlias = dict[str, object]

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
BASE: Final = "DATA"
"""`uriBaseId` of relative file names: the folder the data was named from."""
LOCATIONS: Final = 10
"""Rows named per result."""

SEVERITIES: Final = {"high": "error", "medium": "warning", "low": "note", "info": "note"}
CEILINGS: Final = {"failed": "error", "warned": "warning"}
"""Status of a check → the worst level of its results; a passed check has notes only."""
LEVELS: Final = ("note", "warning", "error")

_REMOTE: Final = re.compile(r"[a-z][a-z0-9+.-]+://", re.ASCII)


def render(manifest: Manifest, excerpts: Excerpts = NONE) -> str:  # noqa: ARG001 - holds no row
    """Return the SARIF log as JSON with sorted keys."""
    log: Object = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(manifest)]}
    return json.dumps(log, indent=1, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n"


def _run(manifest: Manifest) -> Object:
    predicate = manifest.predicate
    results = [*_policy_results(manifest), *_finding_results(manifest)]
    rules = _rules(manifest)
    index = {rule["id"]: at for at, rule in enumerate(rules)}
    for result in results:
        result["ruleIndex"] = index[result["ruleId"]]
    verdict = phrasing.verdict(manifest)
    return {
        "tool": {"driver": _driver(manifest, rules)},
        "automationDetails": {"id": "ftaudit/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            BASE: {"description": {"text": "The folder that file names are relative to."}}
        },
        "artifacts": [_artifact(manifest, at) for at in range(len(predicate.inputs))],
        "results": results,
        "invocations": [_invocation(manifest)],
        "properties": {
            "verdict": verdict.word,
            "reasons": verdict.reasons,
            "policy": phrasing.name(predicate.policy.name),
            "manifestSha256": digest(manifest),
            "gaps": [printable(gap, limit=600) for gap in phrasing.gaps(manifest)],
        },
    }


def _driver(manifest: Manifest, rules: Sequence[Object]) -> Object:
    tool = manifest.predicate.tool
    return {
        "name": phrasing.name(tool.name),
        "version": phrasing.name(tool.version),
        "rules": rules,
    }


def _rules(manifest: Manifest) -> list[Object]:
    """Return every rule that has a result, once, by id (§3.19.23)."""
    rules: dict[str, Object] = {}
    gate = manifest.predicate.gate
    for breach in (*gate.breaches, *gate.warnings):
        id_ = phrasing.name(breach.rule)
        rules.setdefault(
            id_, _rule(id_, f"Policy limit of {breach.check}", breach.fix, breach.check)
        )
    for check in manifest.predicate.checks:
        for finding in check.findings:
            id_ = phrasing.name(finding.rule)
            rules.setdefault(id_, _rule(id_, finding.title, finding.remedy, check.id))
    return [rules[id_] for id_ in sorted(rules)]


def _rule(id_: str, title: str, remedy: str, check: str) -> Object:
    described = {"text": phrasing.sentence(title) or id_}
    rule: Object = {
        "id": id_,
        "name": "".join(word.capitalize() for word in re.findall(r"\w+", id_)) or "Rule",
        "shortDescription": described,
        "fullDescription": described,
        "properties": {"tags": ["dataset", phrasing.name(check), *standards.tags(check)]},
    }
    if remedy:
        rule["help"] = {"text": phrasing.sentence(remedy)}
    return rule


def _policy_results(manifest: Manifest) -> Iterator[Object]:
    """Yield a result per limit exceeded; a waiver is a suppression (§3.27.23)."""
    gate = manifest.predicate.gate
    checks = {check.id: check for check in manifest.predicate.checks}
    for level, breaches in (("error", gate.breaches), ("warning", gate.warnings)):
        for breach in breaches:
            check = checks.get(breach.check)
            result = _result(manifest, breach.rule, breach.metric or breach.check, level)
            result["message"] = {"text": breach_sentence(breach)}
            result["locations"] = _locations(manifest, check.examples if check else [])
            result["properties"] = _held(breach)
            if breach.waiver is not None:
                result["suppressions"] = [_suppression(breach.waiver)]
            yield result


def _held(breach: BreachRecord) -> Object:
    held = {"metric": phrasing.name(breach.metric), "value": breach.value, "limit": breach.limit}
    return {name: value for name, value in held.items() if value not in (None, "")}


def _suppression(waiver: str) -> Object:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": f"waiver {phrasing.name(waiver)}",
    }


def _finding_results(manifest: Manifest) -> Iterator[Object]:
    for check in manifest.predicate.checks:
        for finding in check.findings:
            examples = [example for example in check.examples if example.rule == finding.rule]
            result = _result(manifest, finding.rule, finding.severity, _level(check, finding))
            count = counted(finding.count, "finding")
            result["message"] = {"text": f"{count}: {phrasing.sentence(finding.title)}"}
            result["occurrenceCount"] = max(1, finding.count)
            result["locations"] = _locations(manifest, examples)
            result["relatedLocations"] = _related(manifest, examples)
            result["properties"] = {"severity": finding.severity, "count": finding.count}
            yield result


def _level(check: CheckRecord, finding: FindingCount) -> str:
    levels = (SEVERITIES[finding.severity], CEILINGS.get(check.status, "note"))
    return min(levels, key=LEVELS.index)


def _result(manifest: Manifest, rule: str, aspect: str, level: str) -> Object:
    """Begin a result. Its fingerprint stays the same while the data is mended (§3.27.17)."""
    names = sorted(data.name for data in manifest.predicate.inputs)
    mark = hashlib.sha256("\0".join((rule, aspect, *names)).encode("utf-8", "replace")).hexdigest()
    return {
        "ruleId": phrasing.name(rule),
        "kind": "fail",
        "level": level,
        "suppressions": [],
        "partialFingerprints": {
            "ftaudit/v1": mark,
            "primaryLocationLineHash": f"{mark[:16]}:1",
        },
    }


def _locations(manifest: Manifest, examples: Sequence[ExampleRecord]) -> list[Object]:
    """Return the rows of the examples; at least a file, which viewers ask for."""
    rows = list(dict.fromkeys(example.where for example in examples))[:LOCATIONS]
    if rows:
        return [_location(manifest, row) for row in rows]
    first = manifest.predicate.inputs[:1]
    return [
        {"physicalLocation": {"artifactLocation": _at(data.name, 0), **_whole(data)}}
        for data in first
    ]


def _related(manifest: Manifest, examples: Sequence[ExampleRecord]) -> list[Object]:
    pairs = [(e.where, e.related) for e in examples if e.related is not None][:LOCATIONS]
    return [
        {
            **_location(manifest, related),
            "id": at,
            "message": {"text": f"related to {phrasing.place(row)}"},
        }
        for at, (row, related) in enumerate(dict.fromkeys(pairs), start=1)
    ]


def _location(manifest: Manifest, row: Reference) -> Object:
    files = [data.name for data in manifest.predicate.inputs]
    at = files.index(row.file) if row.file in files else -1
    physical: Object = {"artifactLocation": _at(row.file, at)}
    if row.line is not None and row.line >= 1:
        physical["region"] = {"startLine": row.line}
    elif at >= 0:
        physical |= _whole(manifest.predicate.inputs[at])
    name = f"{phrasing.name(row.file)}#row={row.row}"
    logical = {"fullyQualifiedName": name, "name": f"row {row.row}", "kind": "element"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _whole(data: Input) -> Object:
    """Return the whole file as the region, where no line can be named (§3.30)."""
    return {"region": {"byteOffset": 0, "byteLength": max(0, data.bytes)}}


def _at(file: str, index: int) -> Object:
    """Return an artifact location; remote files stand alone, others are relative (§3.4)."""
    name = printable(file, limit=1_000)
    if _REMOTE.match(name):
        return {"uri": quote(name, safe=":/%@"), "index": index}
    return {"uri": quote(name, safe="/"), "uriBaseId": BASE, "index": index}


def _artifact(manifest: Manifest, at: int) -> Object:
    data = manifest.predicate.inputs[at]
    digests = {subject.name: subject.digest.sha256 for subject in manifest.subject}
    return {
        "location": _at(data.name, at),
        "length": data.bytes,
        "roles": ["analysisTarget"],
        "hashes": {"sha-256": phrasing.name(digests.get(data.name, "not recorded"))},
        "properties": {"role": data.role, "rows": data.rows},
    }


def _invocation(manifest: Manifest) -> Object:
    """Return how the audit ran; checks that broke or were skipped are notifications (§3.20)."""
    levels = {"error": "error", "skipped": "note"}
    notifications: list[Object] = [
        {
            "level": levels[check.status],
            "message": {
                "text": f"{phrasing.name(check.id)} {check.status}: {phrasing.outcome(check)}"
            },
        }
        for check in manifest.predicate.checks
        if check.status in levels
    ]
    code = phrasing.exit_code(manifest)
    return {
        "executionSuccessful": code != 3,
        "exitCode": code,
        "endTimeUtc": phrasing.name(manifest.predicate.time_created),
        "toolExecutionNotifications": notifications,
    }
