"""Rows, files and records of which nobody can say where they came from and by what right."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import ClassVar, Final, Self

import polars as pl
from msgspec import Struct, field

from ftaudit.model.check import Check, Context, Judgement, Mapped, Relation, Skip, parameters
from ftaudit.model.declaration import Concern, Declaration, PolicyDemand, StandardTags
from ftaudit.model.escape import printable
from ftaudit.model.examples import examples, first_of_each
from ftaudit.model.finding import (
    EVIDENCE,
    Metric,
    Rule,
    Severity,
    counted,
    evidence,
)
from ftaudit.model.fix import Fix, FixTarget
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


class Provenance(Struct, frozen=True):
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
        concern=Concern.PAPERS,
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
            of_data=True,
        ),
        Rule(
            MISSING,
            "The record lacks a field that the policy requires",
            Severity.MEDIUM,
            "Fill in the field.",
            of_data=True,
        ),
        Rule(
            CONTRADICTION,
            "The record contradicts itself or the data",
            Severity.HIGH,
            "Correct the field that is wrong.",
            of_data=True,
        ),
        Rule(
            "provenance.no_source",
            "The row joins to no source of the record",
            Severity.HIGH,
            "Add the source to the record, or remove the row.",
            Fix("drop-unlicensed", FixTarget.ROW),
        ),
        Rule(
            "provenance.denied_license",
            "The policy denies the licence of the row",
            Severity.HIGH,
            "Remove the row, or obtain another licence and record it.",
            Fix("drop-unlicensed", FixTarget.ROW),
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
            Fix("drop-unlicensed", FixTarget.ROW),
        ),
        Rule(
            "provenance.missing_license",
            "No licence is known for the row",
            Severity.HIGH,
            "Record the licence of its source.",
            Fix("drop-unlicensed", FixTarget.ROW),
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
            of_data=True,
        ),
        Rule(
            MISMATCH,
            "The record gives another digest for the file",
            Severity.HIGH,
            "Record the digest of the data at hand, if that is the data you mean.",
            of_data=True,
        ),
        Rule(
            EXPIRED,
            "The data should have been deleted by now",
            Severity.HIGH,
            "Delete it, or renew the retention with its owner.",
            of_data=True,
        ),
        Rule(
            FUTURE,
            "A date of the past lies in the future",
            Severity.MEDIUM,
            "Correct the date.",
            of_data=True,
        ),
    )
    metrics: ClassVar[tuple[Metric, ...]] = (
        Metric(
            "provenance.record",
            "1 if there is a provenance record",
            "records",
            sentence="{value} provenance records",
        ),
        Metric("provenance.sources", "Sources the record names", "sources"),
        Metric(
            "provenance.missing_fields",
            "Required fields that are missing",
            "fields",
            sentence="{value} missing fields that the policy requires",
        ),
        Metric("provenance.contradictions", "Contradictions of the record", "fields"),
        Metric(
            "provenance.rows_without_source",
            "Rows that join to no source",
            sentence="{value} rows of no source that the record names",
        ),
        Metric("provenance.rows_denied_license", "Rows whose licence is denied"),
        Metric("provenance.rows_review_license", "Rows whose licence needs a review"),
        Metric("provenance.rows_unlicensed", "Rows whose licence is missing or unknown"),
        Metric(
            "provenance.rows_contradicting_license",
            "Rows with another licence than theirs",
            sentence="{value} rows whose licence is not that of their source",
        ),
        Metric("provenance.unlisted_files", "Files the record does not name", "files"),
        Metric(
            "provenance.hash_mismatches",
            "Files with another digest",
            "files",
            sentence="{value} files with another digest than the record says",
        ),
        Metric(
            "provenance.expired_retention",
            "1 if the retention has expired",
            "fields",
            sentence="{value} expired retention periods",
        ),
        Metric(
            "provenance.future_dates",
            "Dates of the past that lie ahead",
            "fields",
            sentence="{value} dates of past events in the future",
        ),
    )

    today: date | None = None
    """The day that dates are compared with; the current day (UTC) unless set."""
    _assessment: Assessment = field(default_factory=Assessment)
    _origins: Origins = field(default_factory=Origins)
    _files: tuple[tuple[str, int], ...] = ()
    """Split and rows of every file."""

    @classmethod
    def prepare(cls, context: Context) -> Self | Skip:
        """Read the record and hold it to the policy, the files and the calendar."""
        chosen = parameters(cls, context.parameters)
        day = chosen.get("today")
        assessment = assess(
            context.provenance,
            required=_names(_section(context.policy, "provenance"), "require"),
            files=context.files,
            columns=context.table,
            today=day if isinstance(day, date) else context.today or datetime.now(UTC).date(),
        )
        origins = Origins(
            assessment.sources, _lists(context.policy), "source_id" in context.columns
        )
        files = tuple((f.split, f.rows) for f in context.files)
        return cls(**chosen, _assessment=assessment, _origins=origins, _files=files)  # type: ignore[arg-type] # validated by `parameters`

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Judge the origin of every row."""
        verdicts = judge_origins(batch, self._origins)
        rows = batch.select("id", "split", "file", "row", "source_id", "license")
        broken = rows.join(verdicts, on=["source_id", "license"], nulls_equal=True).sort(
            "id", "rule"
        )
        partials = broken.group_by("rule").agg(rows=pl.len().cast(pl.UInt64))
        return Mapped(partials.select(TOTALS.names()), _row_findings(broken))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Add up rows per rule."""
        return partials.group_by("rule").agg(pl.col("rows").sum()).select(TOTALS.names())

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Tell what the record lacks and how many rows it does not cover."""
        rows = dict(totals.sort("rule").iter_rows())
        assessment, findings = self._assessment, self._file_findings()
        metrics = _metrics(assessment, rows)
        return Judgement(
            metrics=metrics,
            headline=_headline(assessment, metrics),
            notes=_notes(assessment),
            examples=examples(first_of_each(findings, "rule", ["rule"])),
            findings=findings,
            configuration={"today": assessment.day, "record": assessment.sha256},
        )

    def _file_findings(self) -> pl.DataFrame:
        """Return findings about the record (first file) and about files, on their row 0."""
        assessment = self._assessment
        gaps = [(MISSING, 0, f"{name} is missing") for name in assessment.missing]
        if assessment.sha256 is None:
            gaps = [(NO_RECORD, 0, "there is no provenance record")]
        gaps += [(CONTRADICTION, 0, text) for text in assessment.contradictions]
        gaps += [(FUTURE, 0, f"{name} lies in the future") for name in assessment.future]
        gaps += [(EXPIRED, 0, text) for text in assessment.expired]
        gaps += [(UNLISTED, i, "the whole file") for i in assessment.unlisted]
        gaps += [(MISMATCH, i, "the whole file") for i in assessment.mismatched]
        return _whole_files([s for s in gaps if self._has_rows(s[1])], self._files)

    def _has_rows(self, file: int) -> bool:
        return file < len(self._files) and self._files[file][1] > 0


def _section(policy: Mapping[str, object], name: str) -> Mapping[str, object]:
    section = policy.get(name)
    return section if isinstance(section, Mapping) else {}


def _names(section: Mapping[str, object], name: str) -> tuple[str, ...]:
    names = section.get(name)
    return tuple(map(str, names)) if isinstance(names, list | tuple) else ()


def _lists(policy: Mapping[str, object]) -> Lists:
    section = _section(policy, "licenses")
    return Lists(*(_names(section, name) for name in ("allow", "review", "deny")))


def _row_findings(broken: pl.DataFrame) -> pl.DataFrame:
    """Report rows that speak for themselves, and one row per file for all others."""
    own = pl.col("source_id").is_not_null() | pl.col("license").is_not_null()
    reported = broken.filter(own | (pl.col("row") == 0))
    everywhere = pl.format("{}; stands for every row of the file that gives no origin", "detail")
    return evidence(reported, detail=pl.when(own).then("detail").otherwise(everywhere))


def _whole_files(
    gaps: Sequence[tuple[str, int, str]], files: Sequence[tuple[str, int]]
) -> pl.DataFrame:
    if not gaps:
        return EVIDENCE.to_frame()
    frame = pl.DataFrame(
        {
            "rule": [rule for rule, _, _ in gaps],
            "split": [files[file][0] for _, file, _ in gaps],
            "file": [file for _, file, _ in gaps],
            "detail": [printable(detail, limit=400) for _, _, detail in gaps],
        }
    )
    return evidence(frame.sort("rule", "file", "detail"), row=0)


def _metrics(assessment: Assessment, rows: Mapping[str, int]) -> dict[str, int]:
    unlicensed = ("provenance.missing_license", "provenance.unknown_license")
    return {
        "provenance.record": int(assessment.sha256 is not None),
        "provenance.sources": len(assessment.sources),
        "provenance.missing_fields": len(assessment.missing),
        "provenance.contradictions": len(assessment.contradictions),
        "provenance.rows_without_source": rows.get("provenance.no_source", 0),
        "provenance.rows_denied_license": rows.get("provenance.denied_license", 0),
        "provenance.rows_review_license": rows.get("provenance.review_license", 0),
        "provenance.rows_unlicensed": sum(rows.get(rule, 0) for rule in unlicensed),
        "provenance.rows_contradicting_license": rows.get("provenance.contradicting_license", 0),
        "provenance.unlisted_files": len(assessment.unlisted),
        "provenance.hash_mismatches": len(assessment.mismatched),
        "provenance.expired_retention": len(assessment.expired),
        "provenance.future_dates": len(assessment.future),
    }


def _headline(assessment: Assessment, metrics: Mapping[str, int]) -> str:
    if assessment.sha256 is None:
        return "no provenance record"
    if assessment.missing or assessment.contradictions:
        gaps, clashes = len(assessment.missing), len(assessment.contradictions)
        missing = counted(gaps, "required field")
        return f"{missing} missing, {counted(clashes, 'contradiction')}"
    loose = metrics["provenance.rows_without_source"]
    if loose:
        return f"{counted(loose, 'row')} without a source"
    return f"complete: {counted(len(assessment.sources), 'source')}"


def _notes(assessment: Assessment) -> tuple[str, ...]:
    remarks = [f"missing: {name}" for name in assessment.missing]
    remarks += [f"contradiction: {text}" for text in assessment.contradictions]
    remarks += [f"in the future: {name}" for name in assessment.future]
    remarks += list(assessment.expired)
    remarks += [f"named in the record but not among the data: {path}" for path in assessment.absent]
    more = len(remarks) - MOST_NOTES
    lines = [printable(text, limit=400) for text in remarks[:MOST_NOTES]]
    return (*lines, *((f"and {more:,} more",) if more > 0 else ()))


CHECK: Final[type[Check]] = Provenance
