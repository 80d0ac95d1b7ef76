"""Rows, files and records of which nobody can say where they came from and by what right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import ClassVar, Final, Self

import polars as pl

from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.declaration import Declaration, PolicyDemand, StandardTags
from ftaudit.model.escape import printable
from ftaudit.model.finding import (
    EVIDENCE,
    Example,
    Location,
    Metric,
    Rule,
    Severity,
    counted,
    evidence,
)
from ftaudit.model.fix import Fix, Target
from ftaudit.provenance.assessment import Assessment, assess
from ftaudit.provenance.licenses import Lists
from ftaudit.provenance.row_origins import Origins, judge_origins

NO_RECORD: Final = "provenance.no_record"
MISSING: Final = "provenance.missing_field"
CONTRADICTION: Final = "provenance.contradiction"
UNLISTED: Final = "provenance.unlisted_file"
MISMATCH: Final = "provenance.hash_mismatch"
EXPIRED: Final = "provenance.expired_retention"
FUTURE: Final = "provenance.future_date"

TOTALS: Final = pl.Schema({"rule": pl.String, "rows": pl.UInt64})
MOST_NOTES: Final = 40
"""Missing or contradictory fields told one by one; the others are counted."""


@dataclass(frozen=True)
class Provenance:
    """Hold the provenance record to the policy, and every row to the record.

    **What it finds.** No record at all; fields the policy requires and the record lacks (a value
    that still says `TODO` is lacking); fields that contradict one another, the data or the
    calendar; retention that has expired; files that the record does not name or names with
    another digest; and rows whose `source_id` joins to no source, or whose licence is denied,
    needs a review, is unknown or missing, or contradicts that of their source.

    **Why it harms training.** A model cannot forget: what it was tuned on without the right to
    stays in its weights, and has led to models being deleted and to damages. Article 10 of the
    EU AI Act asks for the origin of training data and the purpose it was collected for.

    **How it decides.** The record is `provenance.yaml` (schema `ftaudit.provenance/v1`); required
    fields are the policy's `provenance.require`, as dotted names, and each source or file that
    lacks one counts. Licences are SPDX expressions; `AND` needs every term allowed, `OR` one; the
    policy's `licenses` lists say which are allowed, reviewed or denied. A list that names a
    licence outright wins over patterns; else deny wins over review over allow. A licence in no
    list is unknown and counts as unlicensed. A row's own `license` column wins over its source;
    it must be among the licences of its source. Without a `source_id` column all rows belong to
    the record's only source; where there are several, none can be told. Dates are compared with
    the day of the audit (UTC), which is recorded, or with the parameter `today`.

    **Findings.** Rows with a source id or licence of their own are reported one by one. Where
    only the record decides, one finding on row 0 of each file stands for all of its rows; findings
    about a file, and those about the record (on the first file), also stand on row 0. Metrics
    count all rows. Personal fields of the record are never quoted.

    **Known false positives.** A file moved to another folder is known by its digest or by the end
    of its path; a file that was re-encoded has another digest and must be recorded again.

    References: Data & Trust Alliance, Data Provenance Standards 1.0; MLCommons Croissant RAI 1.0;
    SPDX 2.3 annex D; Regulation (EU) 2024/1689, Article 10.
    """

    id: ClassVar[str] = "provenance"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    declares: ClassVar[Declaration] = Declaration(
        tags=StandardTags(
            ("Art. 10(2)(b)", "Annex IV(2)(d)"), ("MAP 4.1", "GOVERN 6.1"), ("traceability",)
        ),
        free_parameters=frozenset({"today"}),
        demands=(
            PolicyDemand(
                "provenance",
                "provenance was not held to {missing}, which the policy requires",
                key="require",
            ),
            PolicyDemand("licenses", "licences were held to other lists than the policy's"),
        ),
        demands_not_recorded=(
            "it is not recorded which fields and licences provenance was held to"
        ),
    )
    rules: ClassVar[tuple[Rule, ...]] = (
        Rule(
            NO_RECORD,
            "There is no provenance record",
            Severity.HIGH,
            "Run `ftaudit init DATA`, fill in provenance.yaml and keep it beside the data.",
        ),
        Rule(
            MISSING,
            "The record lacks a field that the policy requires",
            Severity.MEDIUM,
            "Fill in the field.",
        ),
        Rule(
            CONTRADICTION,
            "The record contradicts itself or the data",
            Severity.HIGH,
            "Correct the field that is wrong.",
        ),
        Rule(
            "provenance.no_source",
            "The row joins to no source of the record",
            Severity.HIGH,
            "Add the source to the record, or remove the row.",
            Fix("drop-unlicensed", Target.ROW),
        ),
        Rule(
            "provenance.denied_license",
            "The policy denies the licence of the row",
            Severity.HIGH,
            "Remove the row, or obtain another licence and record it.",
            Fix("drop-unlicensed", Target.ROW),
        ),
        Rule(
            "provenance.review_license",
            "The licence of the row needs a review",
            Severity.LOW,
            "Have it reviewed and add it to licenses.allow or licenses.deny of the policy.",
        ),
        Rule(
            "provenance.unknown_license",
            "The licence of the row is in no list of the policy, or is no SPDX expression",
            Severity.HIGH,
            "Write it as an SPDX expression and list it in the policy.",
            Fix("drop-unlicensed", Target.ROW),
        ),
        Rule(
            "provenance.missing_license",
            "No licence is known for the row",
            Severity.HIGH,
            "Record the licence of its source.",
            Fix("drop-unlicensed", Target.ROW),
        ),
        Rule(
            "provenance.contradicting_license",
            "The row claims another licence than its source",
            Severity.HIGH,
            "Correct the licence of the row or of its source.",
        ),
        Rule(
            UNLISTED,
            "The record does not name the file",
            Severity.MEDIUM,
            "Add the file to files in the record.",
        ),
        Rule(
            MISMATCH,
            "The record gives another digest for the file",
            Severity.HIGH,
            "Record the digest of the data at hand, if that is the data you mean.",
        ),
        Rule(
            EXPIRED,
            "The data should have been deleted by now",
            Severity.HIGH,
            "Delete it, or renew the retention with its owner.",
        ),
        Rule(
            FUTURE,
            "A date of the past lies in the future",
            Severity.MEDIUM,
            "Correct the date.",
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric("provenance.record", "1 if there is a provenance record", "records"),
        Metric("provenance.sources", "Sources the record names", "sources"),
        Metric("provenance.missing_fields", "Required fields that are missing", "fields"),
        Metric("provenance.contradictions", "Contradictions of the record", "fields"),
        Metric("provenance.rows_without_source", "Rows that join to no source"),
        Metric("provenance.rows_denied_license", "Rows whose licence is denied"),
        Metric("provenance.rows_review_license", "Rows whose licence needs a review"),
        Metric("provenance.rows_unlicensed", "Rows whose licence is missing or unknown"),
        Metric("provenance.rows_contradicting_license", "Rows with another licence than theirs"),
        Metric("provenance.unlisted_files", "Files the record does not name", "files"),
        Metric("provenance.hash_mismatches", "Files with another digest", "files"),
        Metric("provenance.expired_retention", "1 if the retention has expired", "fields"),
        Metric("provenance.future_dates", "Dates of the past that lie ahead", "fields"),
    )

    today: date | None = None
    """The day that dates are compared with; the current day (UTC) unless set."""
    _known: Assessment = field(default_factory=Assessment)
    _origins: Origins = field(default_factory=Origins)
    _files: tuple[tuple[str, int], ...] = ()
    """Split and rows of every file."""

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Read the record and hold it to the policy, the files and the calendar."""
        given = parameters(cls, context.parameters)
        day = given.get("today")
        known = assess(
            context.provenance,
            required=_names(_section(context.policy, "provenance"), "require"),
            files=context.files,
            columns=context.table,
            today=day if isinstance(day, date) else context.today or datetime.now(UTC).date(),
        )
        origins = Origins(known.sources, _lists(context.policy), "source_id" in context.columns)
        files = tuple((f.split, f.rows) for f in context.files)
        return cls(**given, _known=known, _origins=origins, _files=files)  # type: ignore[arg-type] # validated by `parameters`

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Judge the origin of every row."""
        said = judge_origins(batch, self._origins)
        rows = batch.select("id", "split", "file", "row", "source_id", "license")
        broken = rows.join(said, on=["source_id", "license"], nulls_equal=True).sort("id", "rule")
        partials = broken.group_by("rule").agg(rows=pl.len().cast(pl.UInt64))
        return Mapped(partials.select(TOTALS.names()), _row_findings(broken))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add up rows per rule."""
        return partials.group_by("rule").agg(pl.col("rows").sum()).select(TOTALS.names())

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Tell what the record lacks and how many rows it does not cover."""
        rows = dict(totals.sort("rule").iter_rows())
        known, findings = self._known, self._file_findings()
        metrics = _metrics(known, rows)
        return Judgement(
            metrics=metrics,
            headline=_headline(known, metrics),
            notes=_notes(known),
            examples=_examples(findings),
            findings=findings,
            configuration={"today": known.day, "record": known.sha256},
        )

    def _file_findings(self) -> pl.DataFrame:
        """Return findings about the record (first file) and about files, on their row 0."""
        known = self._known
        said = [(MISSING, 0, f"{name} is missing") for name in known.missing]
        if known.sha256 is None:
            said = [(NO_RECORD, 0, "there is no provenance record")]
        said += [(CONTRADICTION, 0, what) for what in known.contradictions]
        said += [(FUTURE, 0, f"{name} lies in the future") for name in known.future]
        said += [(EXPIRED, 0, what) for what in known.expired]
        said += [(UNLISTED, i, "the whole file") for i in known.unlisted]
        said += [(MISMATCH, i, "the whole file") for i in known.mismatched]
        return _whole_files([s for s in said if self._has_rows(s[1])], self._files)

    def _has_rows(self, file: int) -> bool:
        return file < len(self._files) and self._files[file][1] > 0


def _section(policy: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = policy.get(name)
    return found if isinstance(found, Mapping) else {}


def _names(section: Mapping[str, object], name: str) -> tuple[str, ...]:
    found = section.get(name)
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


def _lists(policy: Mapping[str, object]) -> Lists:
    section = _section(policy, "licenses")
    return Lists(*(_names(section, name) for name in ("allow", "review", "deny")))


def _row_findings(broken: pl.DataFrame) -> pl.DataFrame:
    """Report rows that speak for themselves, and one row per file for all others."""
    own = pl.col("source_id").is_not_null() | pl.col("license").is_not_null()
    told = broken.filter(own | (pl.col("row") == 0))
    everywhere = pl.format("{}; stands for every row of the file that gives no origin", "detail")
    return evidence(told, detail=pl.when(own).then("detail").otherwise(everywhere))


def _whole_files(
    said: Sequence[tuple[str, int, str]], files: Sequence[tuple[str, int]]
) -> pl.DataFrame:
    if not said:
        return EVIDENCE.to_frame()
    frame = pl.DataFrame(
        {
            "rule": [rule for rule, _, _ in said],
            "split": [files[file][0] for _, file, _ in said],
            "file": [file for _, file, _ in said],
            "detail": [printable(detail, limit=400) for _, _, detail in said],
        }
    )
    return evidence(frame.sort("rule", "file", "detail"), row=0)


def _metrics(known: Assessment, rows: Mapping[str, int]) -> dict[str, int]:
    unlicensed = ("provenance.missing_license", "provenance.unknown_license")
    return {
        "provenance.record": int(known.sha256 is not None),
        "provenance.sources": len(known.sources),
        "provenance.missing_fields": len(known.missing),
        "provenance.contradictions": len(known.contradictions),
        "provenance.rows_without_source": rows.get("provenance.no_source", 0),
        "provenance.rows_denied_license": rows.get("provenance.denied_license", 0),
        "provenance.rows_review_license": rows.get("provenance.review_license", 0),
        "provenance.rows_unlicensed": sum(rows.get(rule, 0) for rule in unlicensed),
        "provenance.rows_contradicting_license": rows.get("provenance.contradicting_license", 0),
        "provenance.unlisted_files": len(known.unlisted),
        "provenance.hash_mismatches": len(known.mismatched),
        "provenance.expired_retention": len(known.expired),
        "provenance.future_dates": len(known.future),
    }


def _headline(known: Assessment, metrics: Mapping[str, int]) -> str:
    if known.sha256 is None:
        return "no provenance record"
    if known.missing or known.contradictions:
        gaps, clashes = len(known.missing), len(known.contradictions)
        missing = counted(gaps, "required field")
        return f"{missing} missing, {counted(clashes, 'contradiction')}"
    loose = metrics["provenance.rows_without_source"]
    if loose:
        return f"{counted(loose, 'row')} without a source"
    return f"complete: {counted(len(known.sources), 'source')}"


def _notes(known: Assessment) -> tuple[str, ...]:
    said = [f"missing: {name}" for name in known.missing]
    said += [f"contradiction: {what}" for what in known.contradictions]
    said += [f"in the future: {name}" for name in known.future]
    said += list(known.expired)
    said += [f"named in the record but not among the data: {path}" for path in known.absent]
    more = len(said) - MOST_NOTES
    shown = [printable(what, limit=400) for what in said[:MOST_NOTES]]
    return (*shown, *((f"and {more:,} more",) if more > 0 else ()))


def _examples(findings: pl.DataFrame) -> tuple[Example, ...]:
    """Return the first few findings of every rule."""
    few = findings.group_by("rule", maintain_order=True).head(3)
    return tuple(
        Example(r["rule"], Location(r["split"], r["file"], r["row"]), detail=r["detail"])
        for r in few.iter_rows(named=True)
    )


CHECK: Final[type[Check]] = Provenance
