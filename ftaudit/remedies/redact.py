"""The remedy `redact`: personal data and secrets are replaced where they stand."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar, Final, Literal

import polars as pl
from msgspec import Struct

from ftaudit.model.finding import Rule, Severity
from ftaudit.model.fix import FixTarget
from ftaudit.model.text_edit import TextEdit
from ftaudit.privacy.findings.surrogate import Replacement
from ftaudit.privacy.findings.value_copies import copies
from ftaudit.privacy.redaction import merged_replacements
from ftaudit.remedies.changes import shaped
from ftaudit.remedies.json_spans import within_json
from ftaudit.remedies.remedy import Damage, Remedy, nothing


class Redact(Struct, frozen=True):
    """Replace the spans that were found, in every field where they stand.

    A secret is replaced wherever its row holds it again, as a copy has nothing that gives it away.
    `operator`: `mask` (default), `replace`, `hash` or `surrogate`, as `redaction.redact` has
    them; hashes and surrogates of equal values are equal in all files of a run. `types`: the types
    of personal data to replace; by default all but those that identify nobody by themselves.
    Secrets are always replaced. JSON text in a field stays JSON text.
    """

    id: ClassVar[str] = "redact"
    order: ClassVar[int] = 40
    hides: ClassVar[bool] = True
    asked_only: ClassVar[bool] = False

    operator: Literal["mask", "replace", "hash", "surrogate"] = "mask"
    types: tuple[str, ...] | None = None

    def treats(self, rule: Rule) -> bool:
        """Return whether values of the type are replaced."""
        if rule.fix is not None and rule.fix.target is FixTarget.SECRET:
            return True
        if self.types is None:
            return rule.severity is not Severity.LOW
        return rule.id.partition(".")[2] in self.types

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Replace every span of a finding; those that overlap as one."""
        replacement = Replacement(self.operator, damage.key)
        findings = damage.findings.select(*_SPAN, "target", damage.ids())
        changes = [nothing()]
        for part in damage.rows(findings["id"], "id", "file", "row", "fields"):
            fields = (
                part.select("id", "file", "row", "fields")
                .explode("fields")
                .unnest("fields")
                .rename({"path": "field"})
            )
            spans = (
                pl.concat([findings.select("id", *_SPAN), _copies(fields, findings)])
                .group_by("id", "field", maintain_order=True)
                .agg("rule", "start", "end")
            )
            texts = fields.join(spans, on=["id", "field"], how="inner", maintain_order="left_right")
            changes.append(replaced(texts, replacement))
        return pl.concat(changes)


_SPAN: Final = ("rule", "field", "start", "end")


def _copies(fields: pl.DataFrame, findings: pl.DataFrame) -> pl.DataFrame:
    """Return where secrets stand again in their rows, without what gave them away: `id`, `_SPAN`.

    Args:
        fields: `id`, `field` and `text` of whole rows.
        findings: `id`, `_SPAN` and `target`, of these rows and others.
    """
    secrets = findings.filter(target=FixTarget.SECRET.value).drop_nulls("start")
    length = pl.col("end") - pl.col("start")
    values: dict[int, dict[str, str]] = {}
    for row, rule, value in (
        secrets.join(fields, on=["id", "field"], maintain_order="left")
        .select("id", "rule", pl.col("text").str.slice("start", length))
        .iter_rows()
    ):
        values.setdefault(row, {})[value] = rule
    places = [
        (row, span.entity, field, span.start, span.end)
        for row, field, text in fields.select("id", "field", "text").iter_rows()
        if row in values and text
        for span in copies(text, values[row])
    ]
    schema = findings.select("id", *_SPAN).schema
    return pl.DataFrame(places, schema=schema, orient="row")


def replaced(texts: pl.DataFrame, replacement: Replacement) -> pl.DataFrame:
    """Return the edits of fields, each with its text and its spans."""
    edits: list[tuple[int, int, str, str, int, int, str]] = []
    columns = ("file", "row", "field", "text", "rule", "start", "end")
    for file, row, field, text, rules, starts, ends in texts.select(columns).iter_rows():
        spans = [
            (start, end, rule.partition(".")[2])
            for rule, start, end in zip(rules, starts, ends, strict=True)
            if start is not None and end is not None
        ]
        new = [TextEdit(*edit) for edit in merged_replacements(text, spans, replacement)]
        reasons = _Reasons.of(rules, starts)
        for edit in within_json(text, new):
            edits.append((file, row, reasons.of_edit(edit), field, *edit))  # noqa: PERF401 - a comprehension hides the loop over edits
    names = ("file", "row", "rule", "field", "start", "end", "new")
    return shaped(pl.DataFrame(edits, schema=list(names), orient="row")) if edits else nothing()


class _Reasons(Struct, frozen=True):
    """The rules by which spans of a text were found, to be looked up by place."""

    rules: Sequence[str]
    """In the order in which the spans were found."""
    starts: Sequence[int]
    """Offsets of the spans, ascending."""
    positions: Sequence[int]
    """Position in `rules` of each offset."""

    @classmethod
    def of(cls, rules: Sequence[str], starts: Sequence[int | None]) -> "_Reasons":
        """Return the rules of spans; a span without a place is in no edit."""
        placed = sorted((start, at) for at, start in enumerate(starts) if start is not None)
        return cls(rules, [start for start, _ in placed], [at for _, at in placed])

    def of_edit(self, edit: TextEdit) -> str:
        """Return the rule of the first span within an edit."""
        first, after = (bisect_left(self.starts, offset) for offset in (edit.start, edit.end))
        return self.rules[min(self.positions[first:after], default=0)]


REMEDY: Final[type[Remedy]] = Redact
