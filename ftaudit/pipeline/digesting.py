"""Digests of the content of rows that findings name, by which a later audit knows them again.

Why they are made as they are: docs/decisions/0016-digests-of-rows.md.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b, sha256
from typing import ClassVar, Final, Self, TypeAlias

import polars as pl

from ftaudit.engines.base import Engine, RelationSource
from ftaudit.engines.folds import Fold
from ftaudit.engines.row_digests import DIGESTS, RowDigests
from ftaudit.engines.spool import Spool
from ftaudit.model.attempt import BrokenCall
from ftaudit.model.check import Context, Judgement, Mapped, Relation
from ftaudit.model.dataset import ROWS, Dataset
from ftaudit.model.finding import Metric, Rule
from ftaudit.model.parts import HeldPart, Part, PartSizes
from ftaudit.model.row_id import row_id_of
from ftaudit.pipeline.chosen_rows import ChosenRows

MASKS: Final = pl.Schema(
    {"id": pl.UInt64, "rule": pl.String, "field": pl.String, "start": pl.UInt32, "end": pl.UInt32}
)
"""Values that were found in rows, and that no digest may confirm: character offsets in a field;
null: all of it."""
_BYTES: Final = 16
_COLUMNS: Final = ("id", "split", "label", "score", "fields")

RowMasks: TypeAlias = Mapping[str, Sequence[tuple[str, int | None, int | None]]]
"""Path of a field → rule, start and end of what was found in it."""


def content_digest(
    fields: Sequence[Mapping[str, str]],
    beside: Sequence[object] = (),
    masks: RowMasks | None = None,
    key: bytes = b"",
) -> str:
    """Return the digest of a row's content: 32 hexadecimal digits.

    Args:
        fields: `fields` of the canonical row (`dataset.ROWS`): every string with its path.
        beside: values of the row that are no strings.
        masks: values that were found in it; the digest is of the row without them.
        key: keys the digest; empty: none.
    """
    content = [[part["path"], part["text"]] for part in fields]
    if masks:
        content = _masked(content, masks)
    text = json.dumps([content, *beside], ensure_ascii=True, separators=(",", ":"))
    keyed = sha256(key).digest() if key else b""
    return blake2b(text.encode(), digest_size=_BYTES, key=keyed).hexdigest()


def _masked(content: list[list[str]], masks: RowMasks) -> list[list[str]]:
    """Return texts with the rule in the place of every value, wherever it stands in the row."""
    values = {
        text[start:end]: rule
        for path, text in content
        for rule, start, end in masks.get(path, ())
        if text[start:end]
    }
    ordered = sorted(values, key=lambda value: (-len(value), value))
    masked: list[list[str]] = []
    for path, text in content:
        for value in ordered:
            text = text.replace(value, f"\0{values[value]}\0")  # noqa: PLW2901 - step by step
        masked.append([path, text])
    return masked


@dataclass(frozen=True, eq=False)
class RowDigester:
    """Digests some rows, as a fold over all of them."""

    id: ClassVar[str] = "row-digests"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    rules: ClassVar[tuple[Rule, ...]] = ()
    metrics: ClassVar[tuple[Metric, ...]] = ()

    ids: pl.Series
    """Ids of the rows."""
    masks: pl.DataFrame
    """`MASKS`."""
    identifier: str = ""
    """Path of the record's own identifier, which is no content."""
    key: bytes = field(default=b"", repr=False)

    @classmethod
    def prepare(cls, context: Context) -> Self:
        """Return one of no row."""
        del context
        return cls(pl.Series([], dtype=pl.UInt64), MASKS.to_frame())

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Digest the rows of a batch that are asked for."""
        rows = batch.filter(pl.col("id").is_in(self.ids.implode()))
        masks = _by_row(self.masks.filter(pl.col("id").is_in(rows["id"].implode())))
        digests = [
            content_digest(
                [part for part in fields if part["path"] != self.identifier],
                [value for value in (label, score) if value is not None],
                masks.get(id_),
                self.key,
            )
            for id_, label, score, fields in rows.select(
                "id", "label", "score", "fields"
            ).iter_rows()
        ]
        return Mapped(pl.DataFrame({"id": rows["id"], "digest": digests}, schema=DIGESTS))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Return all of them."""
        return partials.sort("id")

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how many rows have a digest."""
        return Judgement({}, f"{totals.height:,} digests")


def _by_row(masks: pl.DataFrame) -> dict[int, dict[str, list[tuple[str, int | None, int | None]]]]:
    rows: dict[int, dict[str, list[tuple[str, int | None, int | None]]]] = {}
    for id_, rule, path, start, end in masks.iter_rows():
        rows.setdefault(id_, {}).setdefault(path, []).append((rule, start, end))
    return rows


def row_digests(
    spools: Sequence[Spool],
    masking: Sequence[str],
    dataset: Dataset,
    engine: Engine,
    key: bytes = b"",
) -> RowDigests:
    """Return the digest of every row that a finding names.

    Args:
        spools: the findings.
        masking: ids of the checks whose findings are values that nothing may confirm.
        dataset: the rows; read once more, if there is a finding.
        engine: where they are digested.
        key: keys the digests; empty: none.

    Raises:
        RuntimeError: rows that were read before cannot be digested.
    """
    ids = _named_rows(spools)
    key_mark = content_digest([], key=key)
    if ids.is_empty():
        return RowDigests(key_mark=key_mark)
    masks = pl.concat([MASKS.to_frame(), *_masks(spools, masking)])
    digester = RowDigester(ids, masks, dataset.columns.get("key", ""), key)
    fold = Fold(digester, replace(spools[0], check=digester.id))
    engine.fold([fold], _digested(dataset, ids))
    match fold.totals():
        case BrokenCall() as broken:
            raise RuntimeError(broken.error)
        case totals:
            return RowDigests(totals, key_mark)


def _named_rows(spools: Sequence[Spool]) -> pl.Series:
    """Return the ids of all rows that findings name, ascending."""
    ids = [pl.Series("id", [], dtype=pl.UInt64)]
    for frame in (frame for spool in spools for frame in spool.frames()):
        ends = (("file", "row"), ("related_file", "related_row"))
        ids += [frame.select(id=row_id_of(*end)).to_series().drop_nulls().unique() for end in ends]
    return pl.concat(ids).unique().sort()


def _masks(spools: Sequence[Spool], masking: Sequence[str]) -> Iterator[pl.DataFrame]:
    for frame in (f for spool in spools if spool.check in masking for f in spool.frames()):
        places = frame.select("rule", "field", "start", "end", id=row_id_of("file", "row"))
        yield places.select(MASKS.names())


def _digested(dataset: Dataset, ids: pl.Series) -> RelationSource:
    chosen = ChosenRows(dataset, ids.to_frame("id"))

    def parts(sizes: PartSizes) -> Iterator[Part]:
        # an empty batch comes first: a fold over nothing still has totals
        yield HeldPart(ROWS.to_frame().select(_COLUMNS))
        yield from chosen.parts(sizes, _COLUMNS)

    rows = sum(file.rows for file in dataset.files)
    return RelationSource(parts, dataset.memory, rows, "digesting rows", divisible=True)
