"""One round of fixing: the data as it is by then, and what the remedies mend of its findings."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.model.check import Check
from ftaudit.model.finding import Rule, rule_of
from ftaudit.model.row_id import row_id_of
from ftaudit.pipeline.fixed import Leftover
from ftaudit.pipeline.folding import FoldedChecks
from ftaudit.pipeline.session import Session
from ftaudit.remedies.remedy import DAMAGE, Remedy


class FixRound(Struct, frozen=True, eq=False):
    """One round of fixing: the data as it is now, and the findings of its checks."""

    session: Session
    checks: Mapping[str, Check]
    folded: tuple[FoldedChecks, ...]
    ordinals: tuple[int, ...]
    """For every file as it is now, which file of the input it is."""

    def clusters(self) -> Iterator[pl.DataFrame]:
        """Yield the clusters of near-identical rows, where they were searched."""
        similar = [folded.similar for folded in self.folded if folded.similar is not None]
        return chain.from_iterable(relation.batches() for relation in similar[:1])

    def damage(self, remedy: Remedy, rules: Mapping[str, Sequence[Rule]]) -> pl.DataFrame:
        """Return the findings that a remedy treats, as `DAMAGE`."""
        frames = [DAMAGE.to_frame()]
        for spool in (spool for folded in self.folded for spool in folded.spools):
            own = rules.get(spool.check, ())
            treated = {id_: rule for id_, _ in spool.counts if (rule := _treated(remedy, own, id_))}
            if treated:
                frames += [_damage(frame, spool.check, treated) for frame in spool.frames()]
        return pl.concat(frames)


def _treated(remedy: Remedy, rules: Sequence[Rule], id_: str) -> Rule | None:
    """Return the rule of a finding, if the remedy mends it."""
    rule = rule_of(rules, id_)
    if rule is None or rule.fix is None or rule.fix.remedy != remedy.id:
        return None
    member = replace(rule, id=id_)
    return member if remedy.treats(member) else None


def _damage(frame: pl.DataFrame, check: str, treated: Mapping[str, Rule]) -> pl.DataFrame:
    targets = {id_: rule.fix.target.value for id_, rule in treated.items() if rule.fix}
    severities = {id_: rule.severity.value for id_, rule in treated.items()}
    rule = pl.col("rule")
    return (
        frame.filter(rule.is_in(list(treated)) & pl.col("row").is_not_null())
        .with_columns(
            check=pl.lit(check),
            severity=rule.replace_strict(severities, return_dtype=pl.String),
            target=rule.replace_strict(targets, return_dtype=pl.String),
        )
        .select(DAMAGE.names())
    )


def leftovers(remedy: Remedy, findings: pl.DataFrame, keep: frozenset[int]) -> list[Leftover]:
    """Return what was found once more; what people keep is no such thing."""
    kept = pl.col("id").is_in(sorted(keep))
    rest = findings.with_columns(row_id_of("file", "row").alias("id")).filter(~kept)
    counts = rest.group_by("rule").len().sort("rule")
    return [Leftover(remedy.id, rule, count) for rule, count in counts.iter_rows()]
