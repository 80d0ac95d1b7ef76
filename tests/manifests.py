"""Honest manifests for tests: of real files, judged by the real decision."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from ftaudit import __version__
from ftaudit.admission import contradictions as consistency
from ftaudit.admission.rules import Rulebook
from ftaudit.checks import discover
from ftaudit.policy.decision import decide, owners
from ftaudit.policy.policy import source
from ftaudit.readers.content_root import content_root
from ftaudit.wire import manifest
from ftaudit.wire.manifest import Manifest

NOW = datetime(2026, 1, 10, tzinfo=UTC)
"""When the tests' gates look."""

WAIVER: dict[str, Any] = {
    "id": "w-1",
    "rule": "FTA-DUP-002",
    "ceiling": 0.3,
    "reason": "templates",
    "requested_by": "ml@example.com",
    "approved_by": "owner@example.com",
    "time_created": "2026-01-01T00:00:00Z",
    "expires": "2027-01-01T00:00:00Z",
}
"""The claims of a waiver of FTA-DUP-002 up to 0.3."""

METRICS: Mapping[str, Mapping[str, int | float]] = {
    "schema": {
        "schema.rows": 6,
        "schema.invalid_rows": 0,
        "schema.duplicate_ids": 0,
        "schema.mojibake": 0,
        "schema.replacement_characters": 0,
        "schema.unread_columns": 0,
        "schema.missing_files": 0,
    },
    "provenance": {
        "provenance.record": 1,
        **dict.fromkeys(
            (
                f"provenance.{name}"
                for name in (
                    "missing_fields",
                    "contradictions",
                    "rows_without_source",
                    "rows_denied_license",
                    "rows_review_license",
                    "rows_contradicting_license",
                    "hash_mismatches",
                    "unlisted_files",
                    "expired_retention",
                    "future_dates",
                    "rows_unlicensed",
                )
            ),
            0,
        ),
    },
    "pii": {
        "pii.rows": 0,
        "pii.rows_share": 0.0,
        "pii.identifying_rows": 0,
        "pii.identifying_share": 0.0,
        "pii.findings": 0,
    },
    "secrets": {"secrets.findings": 0},
    "markings": {"markings.findings": 0, "markings.banners": 0},
    "duplicates": {
        "duplicates.exact_rows": 0,
        "duplicates.exact_share": 0.0,
        "duplicates.near_rows": 0,
        "duplicates.near_share": 0.0,
        "duplicates.clusters": 0,
    },
    "leakage": {
        "leakage.exact_rows": 0,
        "leakage.exact_share": 0.0,
        "leakage.near_rows": 0,
        "leakage.near_share": 0.0,
    },
    "label-conflicts": {
        "label_conflicts.pairs": 0,
        "label_conflicts.rows": 0,
        "label_conflicts.share": 0.0,
    },
    "expectations": {"expectations.failed_critical": 0, "expectations.failed_warning": 0},
    "class-balance": {
        "balance.imbalance_ratio": 1.0,
        "balance.classes_under_minimum": 0,
        "balance.classes_missing_from_holdout": 0,
        "balance.classes_missing_from_train": 0,
    },
}

ENTITIES = ["CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER"]

DUPLICATES = {
    "duplicates.near_rows": 1,
    "duplicates.near_share": 0.25,
    "duplicates.clusters": 1,
}
"""One near-duplicate among four rows: breaches FTA-DUP-002 of `standard`."""


def data(folder: Path) -> tuple[Path, Path]:
    """Write four training rows and two holdout rows."""
    folder.mkdir(parents=True, exist_ok=True)
    train, holdout = folder / "train.csv", folder / "test.csv"
    train.write_text("text,label\nfirst,a\nsecond,b\nthird,a\nfourth,b\n")
    holdout.write_text("text,label\nfifth,a\nsixth,b\n")
    return train, holdout


def of(  # noqa: PLR0913 - what a test may want otherwise
    files: Sequence[Path],
    *,
    metrics: Mapping[str, int | float] | None = None,
    findings: Mapping[str, int] | None = None,
    states: Mapping[str, str] | None = None,
    under: str | Path = "standard",
    trained: int = 1,
    created: str = "2026-01-01T00:00:00Z",
    expires: str = "2026-01-31T00:00:00Z",
    **changes: object,
) -> Manifest:
    """Return the manifest an honest scan of `files` (first those trained on) would make.

    `metrics` override the clean ones, `findings` count rules, `states` (check → skipped, error)
    say which checks did not complete; `changes` replace fields of the predicate.
    """
    roles = [*["train"] * trained, *["holdout"] * (len(files) - trained)]
    frames = [pl.read_csv(file, infer_schema=False) for file in files]
    rows = {"train": sum(frame.height for frame in frames[:trained])}
    if len(files) > trained:
        rows["holdout"] = sum(frame.height for frame in frames[trained:])
    predicate: dict[str, Any] = {
        "tool": {"name": "ftaudit", "version": __version__, "libraries": {}},
        "timeCreated": created,
        "expires": expires,
        "inputs": [
            {
                "name": file.name,
                "role": role,
                "rows": frame.height,
                "bytes": file.stat().st_size,
                "format": "classification",
                "columns": {"input": "text", "label": "label"},
                "contentRoot": content_root([frame]),
            }
            for file, role, frame in zip(files, roles, frames, strict=True)
        ],
        "configuration": {"similarity": {"threshold": 0.8}},
        "policy": {"name": Path(under).name, "sha256": _sha256(source(under).encode())},
        "checks": _checks(rows, metrics or {}, findings or {}, states or {}),
        "coverage": {
            "rows": {split: {"seen": count, "total": count} for split, count in rows.items()},
            "sampled": False,
            "entitiesSearched": ENTITIES,
        },
        "gate": {"verdict": "PASSED"},
    }
    whole = {
        "_type": manifest.STATEMENT_TYPE,
        "predicateType": manifest.PREDICATE_TYPE,
        "subject": [{"name": f.name, "digest": {"sha256": _sha256(f.read_bytes())}} for f in files],
        "predicate": predicate | changes,
    }
    return judged(msgspec.convert(whole, Manifest), under)


def _checks(
    rows: Mapping[str, int],
    metrics: Mapping[str, int | float],
    findings: Mapping[str, int],
    states: Mapping[str, str],
) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for check, clean in METRICS.items():
        own = {k: metrics.get(k, v) for k, v in clean.items()}
        topics = {name.partition(".")[0] for name in clean}
        own |= {k: v for k, v in metrics.items() if k.partition(".")[0] in topics}
        counts = [
            {"rule": rule, "title": rule, "severity": "low", "count": count, "remedy": "None"}
            for rule, count in findings.items()
            if rule.partition(".")[0] in topics
        ]
        base: dict[str, object] = {
            "id": check,
            "version": discover()[check].version,
            "status": "passed",
        }
        if check in states:
            made.append(base | {"status": states[check], "reason": "a reason"})
        else:
            made.append(base | {"metrics": own, "findings": counts, "rowsSeen": dict(rows)})
    return made


@cache
def rulebook(policy: str | Path) -> Rulebook:
    """Load a policy once."""
    return Rulebook.load(policy)


def judged(made: Manifest, policy: str | Path) -> Manifest:
    """Return the manifest with the verdict and the states that the policy decides."""
    rules = rulebook(policy)
    verdict = decide(
        consistency.evidence(made), rules.policy, owners(rules.policy, rules.vocabulary)
    )
    value = msgspec.to_builtins(made)
    for check, record in zip(value["predicate"]["checks"], made.predicate.checks, strict=True):
        check["status"] = verdict.status(consistency.outcome(record))
    value["predicate"]["gate"] = {
        "verdict": "PASSED" if verdict.passed else "BLOCKED",
        "breaches": [msgspec.to_builtins(manifest.BreachRecord.of(b)) for b in verdict.breaches],
        "warnings": [msgspec.to_builtins(manifest.BreachRecord.of(b)) for b in verdict.warnings],
        "errors": list(verdict.errors),
        "waivers": [],
    }
    return msgspec.convert(value, Manifest)


def edited(made: Manifest, change: Mapping[str, object]) -> dict[str, Any]:
    """Return the manifest as plain values, with dotted places such as `predicate.gate` changed."""
    value: dict[str, Any] = msgspec.to_builtins(made)
    for place, new in change.items():
        *parents, last = place.split(".")
        here: Any = value
        for part in parents:
            here = here[int(part)] if part.isdecimal() else here[part]
        here[int(last) if last.isdecimal() else last] = new
    return value


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
