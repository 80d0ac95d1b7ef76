"""Digests of the content of rows that findings name, by which a later audit knows them again.

Why they are made as they are: docs/decisions/0016-digests-of-rows.md.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b, sha256
from json.encoder import encode_basestring_ascii as _json
from typing import Any, ClassVar, Final, Self, TypeAlias

import polars as pl
from msgspec import Struct
from msgspec.structs import replace

from ftaudit.engines.base import Engine, RelationSource
from ftaudit.engines.folds import Fold
from ftaudit.engines.row_digests import DIGESTS, RowDigests
from ftaudit.engines.spool import Spool
from ftaudit.model.attempt import BrokenCall
from ftaudit.model.check import Context, Judgement, Mapped, Relation
from ftaudit.model.dataset import ROWS, Dataset
from ftaudit.model.finding import Metric, Rule
from ftaudit.model.parts import HeldPart, Part, PartSizes, PlacedPart
from ftaudit.model.row_id import row_id_of
from ftaudit.pipeline.chosen_rows import ChosenRows

MASK: Final = pl.Struct(
    {"rule": pl.String, "field": pl.String, "start": pl.UInt32, "end": pl.UInt32}
)
"""A value that was found in a row, and that no digest may confirm: character offsets in a field;
null: all of it."""
_BYTES: Final = 16
_COLUMNS: Final = ("id", "split", "label", "score", "fields")
_EVERY_ID: Final = (0, (1 << 64) - 1)

Texts: TypeAlias = Sequence[tuple[str, str]]
"""Path and text of each field."""
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
    content = [(part["path"], part["text"]) for part in fields]
    pairs = _written(_masked(content, masks) if masks else content)
    return _digest(pairs, "".join(map(_next, beside)), _keyed(key)).hex()


# what is digested is what `json.dumps` makes of texts by their path, and of the values beside them


def _keyed(key: bytes) -> "blake2b":
    """Return what every digest with a key begins with."""
    return blake2b(digest_size=_BYTES, key=sha256(key).digest() if key else b"")


def _written(content: Texts) -> list[str]:
    """Return each text as JSON, with its path."""
    paths = {path: _json(path) for path in {path for path, _ in content}}  # few, of many rows
    return [f"[{paths[path]},{_json(text)}]" for path, text in content]


def _next(value: object) -> str:
    """Return a value as JSON behind others."""
    return f",{_json(value) if isinstance(value, str) else json.dumps(value)}"


def _digest(written: Sequence[str], rest: str, keyed: "blake2b") -> bytes:
    """Return the digest of a row: of its texts, as JSON, and the rest of its values."""
    hasher = keyed.copy()
    hasher.update(f"[[{','.join(written)}]{rest}]".encode())
    return hasher.digest()


def _masked(content: Texts, masks: RowMasks) -> Texts:
    """Return texts with the rule in the place of every value, wherever it stands in the row."""
    values = {
        text[start:end]: rule
        for path, text in content
        for rule, start, end in masks.get(path, ())
        if text[start:end]
    }
    ordered = sorted(values, key=lambda value: (-len(value), value))
    masked: list[tuple[str, str]] = []
    for path, text in content:
        for value in ordered:
            text = text.replace(value, f"\0{values[value]}\0")  # noqa: PLW2901 - step by step
        masked.append((path, text))
    return masked


@dataclass(frozen=True, eq=False)
class RowDigester:
    """Digests rows, as a fold over those that findings name (`_MaskedPart`)."""

    id: ClassVar[str] = "row-digests"
    version: ClassVar[int] = 1
    relation: ClassVar[Relation] = Relation.ROWS
    rules: ClassVar[tuple[Rule, ...]] = ()
    metrics: ClassVar[tuple[Metric, ...]] = ()

    identifier: str = ""
    """Path of the record's own identifier, which is no content."""
    key: bytes = field(default=b"", repr=False)

    @classmethod
    def prepare(cls, context: Context) -> Self:
        """Return one of no row."""
        del context
        return cls()

    def map(self, batch: pl.DataFrame) -> Mapped:
        """Digest the rows of a batch."""
        import numpy as np

        keyed, end, digests = _keyed(self.key), 0, []
        masked = batch["masks"].to_list()
        counts, content = self._contents(batch)
        written = _written(content)
        for count, rest, masks in zip(counts, _beside(batch), masked, strict=True):
            start, end = end, end + count
            texts = written[start:end]
            if masks is not None:
                texts = _written(_masked(content[start:end], _by_field(masks)))
            digests.append(_digest(texts, rest, keyed))
        halves = np.frombuffer(b"".join(digests), ">u8").reshape(-1, 2).astype(np.uint64)
        columns = {"id": batch["id"], "high": halves[:, 0], "low": halves[:, 1]}
        return Mapped(pl.DataFrame(columns, schema=DIGESTS))

    def _contents(self, batch: pl.DataFrame) -> tuple[list[int], Texts]:
        """Return how many texts each row has without its own identifier, and all by their path."""
        listed = batch.select(
            pl.col("fields").list.filter(pl.element().struct.field("path") != self.identifier)
        ).to_series()
        flat = listed.explode(empty_as_null=False, keep_nulls=False).struct
        columns = [flat.field(name).to_list() for name in ("path", "text")]
        return listed.list.len().to_list(), list(zip(*columns, strict=True))

    def combine(self, partials: pl.DataFrame) -> pl.DataFrame:
        """Return all of them by ascending id, in which parts come."""
        return partials if partials["id"].is_sorted() else partials.sort("id")

    def judge(self, totals: pl.DataFrame) -> Judgement:
        """Say how many rows have a digest."""
        return Judgement({}, f"{totals.height:,} digests")


def _beside(batch: pl.DataFrame) -> list[str]:
    """Return the values of every row that are no texts by a path, as JSON behind those."""
    columns = [
        ["" if value is None else _next(value) for value in batch[name].to_list()]
        for name in ("label", "score")
    ]
    return [label + score for label, score in zip(*columns, strict=True)]


def _by_field(masks: Iterable[Mapping[str, Any]]) -> RowMasks:
    """Return the masks of a row (`MASK`) by the path of their field."""
    fields: dict[str, list[tuple[str, int | None, int | None]]] = {}
    for mask in masks:
        fields.setdefault(mask["field"], []).append((mask["rule"], mask["start"], mask["end"]))
    return fields


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
    masks = _SpooledMasks([spool for spool in spools if spool.check in masking])
    digester = RowDigester(dataset.columns.get("key", ""), key)
    fold = Fold(digester, replace(spools[0], check=digester.id))
    engine.fold([fold], _digested(dataset, ids, masks))
    match fold.totals():
        case BrokenCall() as broken:
            raise RuntimeError(broken.error)
        case totals:
            return RowDigests(totals.rechunk(), key_mark)


def _named_rows(spools: Sequence[Spool]) -> pl.Series:
    """Return the ids of all rows that findings name, ascending."""
    ids = [pl.Series("id", [], dtype=pl.UInt64)]
    for frame in (frame for spool in spools for frame in spool.frames()):
        ends = (("file", "row"), ("related_file", "related_row"))
        ids += [frame.select(id=row_id_of(*end)).to_series().drop_nulls().unique() for end in ends]
    return pl.concat(ids).unique().sort()


class _SpooledMasks(Struct, frozen=True, eq=False, dict=True):
    """The masks of all rows, read for some at a time: there may be one for every row."""

    spools: Sequence[Spool]
    """Of findings that are values which nothing may confirm."""

    def within(self, first: int, after: int) -> pl.DataFrame:
        """Return `_MASKED` of the rows from id `first` to before another."""
        frames = [
            _masks(spool.frame(part), first, after)
            for spool, part, low, high in self._spans
            if low < after and first <= high
        ]
        every = pl.concat([_MASKED.to_frame().explode("masks"), *frames])
        return every.group_by("id", maintain_order=True).agg("masks")

    @cached_property
    def _spans(self) -> list[tuple[Spool, int, int, int]]:
        """Return every frame of findings of rows, with the first and the last id in it."""
        spans: list[tuple[Spool, int, int, int]] = []
        for spool in self.spools:
            for part, frame in enumerate(spool.frames()):
                ids = frame.select(id=row_id_of("file", "row"))
                low, high = ids.select(low=pl.col("id").min(), high=pl.col("id").max()).row(0)
                spans += [] if low is None else [(spool, part, low, high)]
        return spans


_MASKED: Final = pl.Schema([("id", pl.UInt64), ("masks", pl.List(MASK))])
"""A row, and what no digest may confirm of it."""


def _masks(findings: pl.DataFrame, first: int, after: int) -> pl.DataFrame:
    """Return `id` and `masks` (`MASK`), one for each finding in the rows from `first` on."""
    named = findings.with_columns(id=row_id_of("file", "row"))
    inside = named.filter(pl.col("id").is_between(first, after, closed="left"))
    return inside.select("id", masks=pl.struct(field.name for field in MASK.fields))


class _MaskedPart(Struct, frozen=True, eq=False):
    """Rows to be digested, and what no digest may confirm of them."""

    part: Part
    masks: pl.DataFrame
    """`_MASKED`, of these rows at least."""

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the rows with their `masks`; null where there are none."""
        for frame in self.part.frames():
            yield frame.join(self.masks, on="id", how="left", maintain_order="left")


def _digested(dataset: Dataset, ids: pl.Series, masks: _SpooledMasks) -> RelationSource:
    chosen = ChosenRows(dataset, ids.to_frame("id"))

    def parts(sizes: PartSizes) -> Iterator[Part]:
        # an empty batch comes first: a fold over nothing still has totals
        yield _MaskedPart(HeldPart(ROWS.to_frame().select(_COLUMNS)), _MASKED.to_frame())
        for part in chosen.parts(sizes, _COLUMNS):
            ends = part.row_ids() if isinstance(part, PlacedPart) else None
            yield _MaskedPart(part, masks.within(*(ends or _EVERY_ID)))

    rows = sum(file.rows for file in dataset.files)
    return RelationSource(parts, dataset.memory, rows, "digesting rows", divisible=True)
