"""A manifest built by hand: every status, every kind of breach, and strings that mean harm."""

from typing import Any, Final

import msgspec

from ftaudit.reports.excerpt import Excerpt, Excerpts
from ftaudit.wire import manifest as wire

SCRIPT: Final = "<script>alert(1)</script>"
ESCAPE: Final = "\x1b[31mred\x1b]8;;https://example.com\x07"
FORMULA: Final = "=cmd|' /C calc'!A0"
BIDI: Final = "user\u202eetadilav\u2066 \u2069\u200b"
MARKUP: Final = "`a` | **b** [c](https://example.com) @example #1 ![d](x) www.example.com"
LONG: Final = "x" * 100_000
CONTROL: Final = "\x00\x9b31m\x85\u2028\ufffe\r\n## heading\n- item\n</details>"

HOSTILE: Final = (SCRIPT, ESCAPE, FORMULA, BIDI, MARKUP, LONG, CONTROL, '"><img src=x onerror=y>')

TRAIN, HOLDOUT = "tickets_train.csv", "tickets_test.csv"
SEEN: Final = {"train": 400, "holdout": 100}


def train(row: int) -> wire.Reference:
    return wire.Reference(split="train", file=TRAIN, row=row, line=row + 2)


def holdout(row: int) -> wire.Reference:
    return wire.Reference(split="holdout", file=HOLDOUT, row=row)


def _count(rule: str, title: str, severity: str, count: int, remedy: str) -> wire.FindingCount:
    return msgspec.convert(
        {"rule": rule, "title": title, "severity": severity, "count": count, "remedy": remedy},
        wire.FindingCount,
    )


def _checks() -> list[wire.CheckRecord]:
    labels = ["pricing", "missing feature", "competitor", SCRIPT, FORMULA]
    bins = ["0-31", "32-63", "64-127", "128+"]
    return [
        wire.CheckRecord(
            id="class-balance",
            version=1,
            status="warned",
            headline="5 classes, the largest 160 rows, the smallest 4",
            metrics={"balance.classes": 5, "balance.majority_share": 0.4},
            charts=[
                wire.ChartRecord(
                    title="Rows per class",
                    labels=labels,
                    series={
                        "train": [160.0, 120.0, 80.0, 36.0, 4.0],
                        "holdout": [40.0, 30.0, 20.0, 9.0, 1.0],
                    },
                ),
                wire.ChartRecord(
                    title="Length of the input in characters",
                    labels=bins,
                    series={"train": [10.0, 200.0, 150.0, 40.0]},
                ),
            ],
            rows_seen=SEEN,
        ),
        wire.CheckRecord(
            id="duplicates",
            version=2,
            status="passed",
            headline="3 near-duplicate rows (0.8 %)",
            metrics={"duplicates.near_rows": 3, "duplicates.near_share": 0.0075},
            findings=[_count("duplicates.near", "Near-duplicate", "low", 3, "Keep one.")],
            examples=[
                wire.ExampleRecord(
                    rule="duplicates.near", where=train(9), related=train(4), similarity=0.9
                )
            ],
            rows_seen=SEEN,
        ),
        wire.CheckRecord(
            id="expectations",
            version=1,
            status="skipped",
            reason="no expectation suite was given",
            applicable=False,
        ),
        wire.CheckRecord(
            id="label-conflicts",
            version=1,
            status="failed",
            headline="2 clashing pairs (4 rows)",
            metrics={"label_conflicts.pairs": 2, "label_conflicts.share": 0.01},
            findings=[
                _count("label_conflicts.clash", "Clashing labels", "high", 4, "Decide each pair.")
            ],
            examples=[
                wire.ExampleRecord(
                    rule="label_conflicts.clash",
                    where=train(17),
                    related=train(30),
                    similarity=0.9412,
                    score=0.83,
                    detail=f"{SCRIPT} is more likely wrong than {FORMULA}",
                )
            ],
            notes=["One cluster of 300 rows was not paired fully."],
            rows_seen=SEEN,
        ),
        wire.CheckRecord(
            id="leakage",
            version=1,
            status="passed",
            headline="1 of 100 holdout rows has a match in training",
            metrics={"leakage.exact_rows": 1},
            findings=[
                _count("leakage.exact", "Leaked row", "high", 1, "Remove it with `ftaudit scan`.")
            ],
            examples=[
                wire.ExampleRecord(
                    rule="leakage.exact", where=holdout(5), related=train(12), similarity=1.0
                )
            ],
            rows_seen=SEEN,
        ),
        wire.CheckRecord(
            id="pii",
            version=1,
            status="failed",
            headline="2 findings in 2 rows (0.4 %)",
            metrics={"pii.rows": 2, "pii.findings": 2, "pii.EMAIL_ADDRESS.findings": 2},
            findings=[_count("pii.EMAIL_ADDRESS", "E-mail address", "medium", 2, "Redact it.")],
            examples=[
                wire.ExampleRecord(
                    rule="pii.EMAIL_ADDRESS",
                    where=train(3),
                    field="text",
                    start=5,
                    end=20,
                    score=0.95,
                    detail="a***@e***.com",
                )
            ],
            rows_seen=SEEN,
        ),
        wire.CheckRecord(
            id="secrets", version=1, status="error", reason="KeyError in checks/secrets.py, line 8"
        ),
    ]


def _gate() -> wire.Gate:
    breach = wire.BreachRecord
    return wire.Gate(
        verdict="BLOCKED",
        breaches=[
            breach(
                rule="FTA-CONF-001",
                check="label-conflicts",
                message="label_conflicts.share is 0.01, above the limit of 0.005",
                metric="label_conflicts.share",
                value=0.01,
                limit=0.005,
                fix="Decide each cluster that findings.parquet lists.",
            ),
            breach(
                rule="FTA-LEAK-001",
                check="leakage",
                message="leakage.exact_rows is 1, above the limit of 0",
                metric="leakage.exact_rows",
                value=1,
                limit=0,
                waiver="W-1",
                fix="Remove the training rows.",
            ),
            breach(
                rule="FTA-PII-001",
                check="pii",
                message="pii.rows_share is 0.005, above the limit of 0.001",
                metric="pii.rows_share",
                value=0.005,
                limit=0.001,
                fix="Redact the findings with `sed`, or | pipe them.",
            ),
            breach(
                rule="FTA-REQUIRED",
                check="secrets",
                message="the required check secrets was not completed: it broke",
                fix="Let the check run on all of the data.",
            ),
            breach(
                rule="FTA-REQUIRED",
                check="provenance",
                message="the required check provenance was not completed: it was not run",
                fix="Let the check run on all of the data.",
            ),
        ],
        warnings=[
            breach(
                rule="FTA-BAL-002",
                check="class-balance",
                message="balance.classes_under_minimum is 1, above the limit of 0",
                metric="balance.classes_under_minimum",
                value=1,
                limit=0,
                fix="Collect more, or merge the class with another.",
            )
        ],
        errors=["secrets"],
        waivers=["W-1"],
    )


def manifest() -> wire.Manifest:
    """Return the manifest that the golden reports are made from."""
    columns = {"input": "text", "label": FORMULA}
    inputs = [
        wire.Input(
            name=TRAIN, role="train", rows=400, bytes=40_000, format="classification",
            columns=columns, content_root="1a" * 32,
        ),
        wire.Input(
            name=HOLDOUT, role="holdout", rows=100, bytes=10_000, format="classification",
            columns=columns,
        ),
    ]  # fmt: skip
    subjects = [
        wire.Subject(name=TRAIN, digest=wire.FileDigest(sha256="ab" * 32)),
        wire.Subject(name=HOLDOUT, digest=wire.FileDigest(sha256="cd" * 32)),
    ]
    predicate = wire.Predicate(
        tool=wire.Tool(name="ftaudit", version="0.1.0", libraries={"polars": "2.1.0"}),
        time_created="2026-01-02T03:04:05Z",
        expires="2026-02-01T03:04:05Z",
        inputs=inputs,
        configuration={"threshold": 0.8, "similarity": {"method": "exact"}, "checks": ["pii"]},
        policy=wire.Document(name="standard", sha256="ef" * 32),
        provenance=wire.Document(name="provenance.yaml", sha256="01" * 32),
        checks=_checks(),
        coverage=wire.CoverageRecord(
            rows={
                "train": wire.RowCounts(seen=400, total=400),
                "holdout": wire.RowCounts(seen=99, total=100),
            },
            sampled=False,
            entities_searched=["CREDIT_CARD", "EMAIL_ADDRESS"],
            entities_not_searched=["LOCATION", "PERSON"],
            languages=["en"],
            countries=["US"],
            other={"secrets_searched": ["private key"]},
        ),
        gate=_gate(),
    )
    return wire.Manifest(subject=subjects, predicate=predicate)


def excerpts() -> Excerpts:
    """Return texts of some of the rows that the examples point to."""
    given = [
        Excerpt("train", TRAIN, 17, f"Why was I charged twice {SCRIPT} this month?", "pricing"),
        Excerpt("train", TRAIN, 30, "Why was I charged twice last month?", "missing feature"),
        Excerpt("train", TRAIN, 3, "Mail a***@e***.com about `it` | now"),
    ]
    return {(one.split, one.file, one.row): one for one in given}


CHOSEN: Final = {
    "_type", "predicateType", "role", "status", "severity", "verdict", "split", "timeCreated",
}  # fmt: skip
"""Fields of fixed words, which no data decides."""


def poisoned(text: str) -> wire.Manifest:
    """Return the manifest with every string and every key that data decides replaced by `text`."""
    return msgspec.convert(_poison(msgspec.to_builtins(manifest()), text), wire.Manifest)


def poisoned_excerpts(text: str) -> Excerpts:
    """Return excerpts of the poisoned manifest's rows, whose file is `text`."""
    rows = (3, 4, 5, 9, 12, 17, 30)
    given = [Excerpt(split, text, row, text, text) for split in SEEN for row in rows]
    return {(one.split, one.file, one.row): one for one in given}


def _poison(value: Any, text: str) -> Any:  # noqa: ANN401 - JSON is anything
    match value:
        case dict():
            return {
                (key if _is_field(key) else f"{text}{at}"): item
                if key in CHOSEN
                else _poison(item, text)
                for at, (key, item) in enumerate(value.items())
            }
        case list():
            return [_poison(item, text) for item in value]
        case str():
            return text
        case _:
            return value


def _is_field(key: str) -> bool:
    return key in _FIELDS


def _names(struct: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)}


_FIELDS: Final = set[str]().union(
    *(
        _names(one)
        for one in vars(wire).values()
        if isinstance(one, type) and issubclass(one, wire.Wire)
    )
)
