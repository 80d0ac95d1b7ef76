"""The remedy `resolve-conflicts`: people, or a clear margin, decide between labels."""

from typing import ClassVar, Final, Literal

import polars as pl
from msgspec import Struct

from ftaudit.model.dataset import TRAIN
from ftaudit.model.finding import Rule
from ftaudit.model.fix import FixTarget
from ftaudit.model.label_spelling import plain_label
from ftaudit.model.row_id import file_of, row_id_of, row_of
from ftaudit.remedies.changes import removals, replaced_span, shaped
from ftaudit.remedies.remedy import Damage, Remedy, nothing
from ftaudit.similarity import relation_tables


class ResolveConflicts(Struct, frozen=True):
    """Decide between near-identical training rows whose labels or answers contradict each other.

    `by`: `person` (default) sets every row of a conflict aside until a person has decided
    (`ftaudit review`, `fix --decisions`); `majority` keeps the label that at least twice as many
    rows of the cluster have as any other; `likelier` keeps the label whose rows are doubted less
    than those of any other, by at least `margin`. Where the margin is not clear, the conflict is
    set aside. `suspects`: `keep` (default) leaves rows whose label is only suspected to be wrong,
    `set-aside` takes them out until a person has decided.
    """

    id: ClassVar[str] = "resolve-conflicts"
    order: ClassVar[int] = 60
    hides: ClassVar[bool] = False
    asked_only: ClassVar[bool] = False

    by: Literal["person", "majority", "likelier"] = "person"
    margin: float = 0.5
    suspects: Literal["keep", "set-aside"] = "keep"

    def treats(self, rule: Rule) -> bool:
        """Return whether the rule is of conflicts, or of suspects that are to be set aside."""
        suspect = rule.fix is not None and rule.fix.target is FixTarget.SUSPECT
        return not suspect or self.suspects == "set-aside"

    def changes(self, damage: Damage) -> pl.DataFrame:
        """Apply what was decided, and settle or set aside every other conflict."""
        choices = damage.choices
        changed = damage.removed | choices.drop.keys() | choices.labels.keys()
        conflicts = (
            damage.findings.select(
                "rule",
                "target",
                id=row_id_of("file", "row"),
                related=row_id_of("related_file", "related_row"),
            )
            .filter(~pl.col("id").is_in(list(damage.removed | damage.choices.decided)))
            .filter(
                ~pl.col("related").is_in(sorted(changed)).fill_null(value=False)
                | (pl.col("target") == FixTarget.SUSPECT)
            )
        )
        settled = pl.concat(
            [_PAIRS.to_frame(), *(self._settled(batch, conflicts) for batch in damage.clusters())]
        )
        losing = settled.filter(~pl.col("wins"))
        left = conflicts.join(settled, on="id", how="anti", maintain_order="left")
        return pl.concat(
            [
                _of_people(damage),
                removals(losing.sort("id"), held=False),
                removals(left.sort("id", maintain_order=True), held=True),
            ]
        )

    def _settled(self, batch: pl.DataFrame, conflicts: pl.DataFrame) -> pl.DataFrame:
        """Return the conflicting rows of clusters where a margin is clear, and which win."""
        if self.by == "person" or conflicts.is_empty():
            return _PAIRS.to_frame()
        rows = relation_tables.members(batch.filter(pl.col("kind") == "near"))
        rows = rows.filter(pl.col("split") == TRAIN)
        answer = pl.col("answer").cast(pl.String)
        sides = rows.with_columns(side=pl.coalesce(plain_label(pl.col("label")), answer))
        contested = sides.join(conflicts.filter(pl.col("target") != FixTarget.SUSPECT), on="id")
        concerned = sides.join(contested.select("cluster").unique(), on="cluster", how="semi")
        scores = concerned.group_by("cluster", "side").agg(
            rows=pl.len().cast(pl.Float64), doubt=pl.col("doubt").mean().fill_null(1.0)
        )
        by = ["rows", "doubt"] if self.by == "majority" else ["doubt", "rows"]
        ranked = scores.sort(
            "cluster", *by, "side", descending=[False, by[0] == "rows", False, False]
        )
        firsts = ranked.group_by("cluster", maintain_order=True).agg(
            winner=pl.col("side").first(),
            best=pl.col(by[0]).first(),
            second=pl.col(by[0]).get(1, null_on_oob=True),
        )
        best, second = pl.col("best"), pl.col("second")
        clear = best >= 2 * second if self.by == "majority" else second - best >= self.margin
        return (
            contested.join(firsts.filter(clear), on="cluster")
            .with_columns(wins=pl.col("side") == pl.col("winner"))
            .select(_PAIRS.names())
        )


_PAIRS: Final = pl.Schema(
    {"id": pl.UInt64, "related": pl.UInt64, "rule": pl.String, "wins": pl.Boolean}
)


def _of_people(damage: Damage) -> pl.DataFrame:
    """Return the changes that were decided by people."""
    choices = damage.choices
    gone = pl.DataFrame(
        {"id": list(choices.drop), "rule": list(choices.drop.values())},
        schema={"id": pl.UInt64, "rule": pl.String},
    ).filter(~pl.col("id").is_in(list(damage.removed)))
    return pl.concat([removals(gone.sort("id"), held=False), _relabelled(damage)])


def _relabelled(damage: Damage) -> pl.DataFrame:
    """Return the edits that give rows the labels that were decided."""
    labels = damage.choices.labels
    if not labels:
        return nothing()
    column = damage.dataset.columns.get("label", "label")
    ids = pl.Series("id", list(labels), dtype=pl.UInt64)
    edits = []
    for part in damage.rows(ids, "fields"):
        for id_, fields in part.select("id", "fields").iter_rows():
            before = next((f["text"] for f in fields if f["path"] == column), "")
            rule, label = labels[id_]
            if before and before != label:
                edits.append((id_, rule, *replaced_span(before, label)))
    frame = pl.DataFrame(
        edits,
        schema={
            "id": pl.UInt64,
            "rule": pl.String,
            "start": pl.UInt32,
            "end": pl.UInt32,
            "new": pl.String,
        },
        orient="row",
    )
    return shaped(frame, file=file_of("id"), row=row_of("id"), field=column)


REMEDY: Final[type[Remedy]] = ResolveConflicts
