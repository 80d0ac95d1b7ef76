"""Findings on their way to `findings.parquet`: streamed to the run folder, never gathered."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.engines.row_digests import KEY_MARK, NO_DIGESTS, RowDigests
from ftaudit.model.dataset import DataFile
from ftaudit.model.finding import EVIDENCE, FINDINGS, PLACED, WHOLE_FILE, Rule, rule_of

ROW_GROUP: Final = 65_536
"""Rows per row group of `findings.parquet`; fixed, so that equal findings give equal bytes."""


class Spool(Struct):
    """The findings of one check, in the order in which they are added."""

    folder: Path
    check: str
    rules: Sequence[Rule]
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Findings by (rule, severity)."""
    _parts: int = 0

    def add(self, findings: pl.DataFrame) -> None:
        """Append findings of `EVIDENCE`.

        Raises:
            ValueError: a rule that the check does not declare.
        """
        if findings.is_empty():
            return
        findings = _complete(findings)
        groups = findings.group_by("rule", "severity").len().sort("rule", "severity")
        for rule, severity, count in groups.iter_rows():
            self.counts[rule, severity or self.rule(rule).severity.value] += count
        path = self.folder / f"{self.check}-{self._parts:08d}.arrow"
        findings.write_ipc(path)
        self._parts += 1

    def rule(self, id_: str) -> Rule:
        """Return the declared rule, or the family the id belongs to.

        Raises:
            ValueError: the check declares no such rule.
        """
        rule = rule_of(self.rules, id_)
        if rule is None:
            msg = f"{self.check} reports a rule that it does not declare"
            raise ValueError(msg)
        return rule

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the findings in order, as they were added."""
        return map(self.frame, range(self.parts))

    @property
    def parts(self) -> int:
        """Return how many frames were added."""
        return self._parts

    def frame(self, part: int) -> pl.DataFrame:
        """Return the findings that were added as number `part`."""
        return pl.read_ipc(self.folder / f"{self.check}-{part:08d}.arrow")


def _complete(findings: pl.DataFrame) -> pl.DataFrame:
    """Return findings with the columns of `EVIDENCE` and `PLACED`."""
    missing = [name for name in PLACED if name not in findings.columns]
    added = findings.with_columns(pl.lit(None).alias(name) for name in missing)
    types = {**dict(EVIDENCE), **dict(PLACED)}
    return added.select(pl.col(name).cast(dtype) for name, dtype in types.items())


def write(
    spools: Sequence[Spool], files: Sequence[DataFile], path: Path, digests: RowDigests = NO_DIGESTS
) -> int:
    """Write every spool to one parquet file of `FINDINGS`; return the number of rows.

    Row groups have a fixed size whatever the batches were, so equal findings give equal bytes.
    """
    import pyarrow.parquet as pq

    schema = FINDINGS.to_frame().to_arrow().schema.with_metadata({KEY_MARK: digests.key_mark})
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for group in _regrouped(spools, files, digests):
            writer.write_table(group.to_arrow(), row_group_size=ROW_GROUP)
            rows += group.height
    return rows


def _regrouped(
    spools: Sequence[Spool], files: Sequence[DataFile], digests: RowDigests
) -> Iterator[pl.DataFrame]:
    """Yield the named findings of all spools in groups of exactly `ROW_GROUP`, the last shorter."""
    waiting = FINDINGS.to_frame()
    for spool in spools:
        for frame in spool.frames():
            waiting = pl.concat([waiting, named(frame, spool, files, digests)])
            while waiting.height >= ROW_GROUP:
                yield waiting[:ROW_GROUP]
                waiting = waiting[ROW_GROUP:]
    if not waiting.is_empty():
        yield waiting


def named(
    findings: pl.DataFrame,
    spool: Spool,
    files: Sequence[DataFile],
    digests: RowDigests = NO_DIGESTS,
) -> pl.DataFrame:
    """Add check, severity, lines and digests to `EVIDENCE`, and name files: `FINDINGS`."""
    names = dict(enumerate(file.name for file in files))
    severities = {id_: spool.rule(id_).severity.value for id_ in findings["rule"].unique()}
    lines = {
        "line": pl.when(pl.col("line").is_null())
        .then(_lines(findings, "file", "row", files))
        .when(pl.col("line") != WHOLE_FILE)
        .then(pl.col("line")),
        "related_line": _lines(findings, "related_file", "related_row", files),
    }
    of_row = ~pl.col("rule").is_in([id_ for id_ in severities if spool.rule(id_).of_data])
    return (
        digests.beside(findings)
        .with_columns(
            *(pl.when(of_row).then(name).alias(name) for name in ("digest", "related_digest")),
            check=pl.lit(spool.check),
            severity=pl.coalesce(
                "severity", pl.col("rule").replace_strict(severities, return_dtype=pl.String)
            ),
            file=pl.col("file").replace_strict(names, return_dtype=pl.String),
            related_file=pl.col("related_file").replace_strict(names, return_dtype=pl.String),
            **lines,
        )
        .select(FINDINGS.names())
    )


def _lines(
    findings: pl.DataFrame, file: str, row: str, files: Sequence[DataFile]
) -> pl.Series | pl.Expr:
    """Return the 1-based line of every (file, row), null where the file has no lines."""
    parts: Mapping[int, DataFile] = dict(enumerate(files))
    numbered = [f for f in findings[file].unique().drop_nulls() if parts[f].lines is not None]
    if not numbered:
        return pl.lit(None, pl.UInt64)
    lines = pl.Series("line", [None] * findings.height, dtype=pl.UInt64)
    for ordinal in sorted(numbered):
        lookup = parts[ordinal].lines
        of_file = (findings[file] == ordinal).fill_null(value=False)
        positions = of_file.arg_true()
        if lookup is not None:
            lines = lines.scatter(positions, lookup.line(findings[row].filter(of_file).to_numpy()))
    return lines
