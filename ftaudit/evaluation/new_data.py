"""New data for a drift comparison: counted as the audit counted, its names digested likewise."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
from msgspec import Struct

from ftaudit.model.errors import InputError
from ftaudit.readers.inputs import open_inputs
from ftaudit.records.detect import recognise
from ftaudit.records.output_kind import kind
from ftaudit.records.row_names import class_name, length_bits
from ftaudit.records.rows import CanonicalRows
from ftaudit.wire.data_profile import OPEN_TOPICS, DataProfile, digested
from ftaudit.wire.manifest import Manifest

NAMED_PARTS = ("input", "output", "label")


class NewCounts(Struct, frozen=True, eq=False):
    """Exact counts of new data: topic → name → rows."""

    rows: int
    tables: Mapping[str, Mapping[str, int]]
    names: Mapping[str, str]
    """Digest of a class → its name; empty when only a profile of the data was given."""
    lengths: pl.Series | None
    """Characters of every input; None when only a profile was given."""


def of_profile(profile: DataProfile) -> NewCounts:
    """Return the counts of the training data of another audit."""
    tables = {topic: profile.counts(topic, "train") for topic in profile.tallies}
    rows = max((sum(counts.values()) for counts in tables.values()), default=0)
    return NewCounts(rows, tables, {}, None)


def of_data(paths: Sequence[str | Path], manifest: Manifest, key: bytes | None) -> NewCounts:
    """Count new data, read with the columns of the audited data.

    Raises:
        InputError: unreadable, or in another record format than the audited data.
    """
    rows = read_rows(paths, manifest)
    labelled = any("label" in data.columns for data in manifest.predicate.inputs)
    if labelled and rows["label"].null_count() == rows.height:
        remedy = "Give the new data with the columns of the audited data"
        raise InputError(str(paths[0]), "no row has a label", remedy=remedy)
    named = (
        {"label": class_name()}
        if labelled
        else {"kind": kind("output"), "output": length_bits("output")}
    )
    named["input"] = length_bits("input")
    tables: dict[str, dict[str, int]] = {}
    names: dict[str, str] = {}
    for topic, expression in named.items():
        counts = dict(rows.select(name=expression).drop_nulls()["name"].value_counts().iter_rows())
        if topic not in OPEN_TOPICS:
            names |= {digested(name, key): name for name in counts}
            counts = {digested(name, key): count for name, count in counts.items()}
        tables[topic] = dict(sorted(counts.items()))
    return NewCounts(rows.height, tables, names, rows["input"].str.len_chars())


def read_rows(paths: Sequence[str | Path], manifest: Manifest) -> pl.DataFrame:
    """Return `input`, `output` and `label` of new data, read as the audited data was."""
    inputs = open_inputs(list(paths))
    audited = manifest.predicate.inputs[0]
    columns = {
        part: column
        for part, column in audited.columns.items()
        if part in NAMED_PARTS and column in inputs.schema and audited.format == "classification"
    }
    recognised = recognise(
        inputs.schema,
        inputs.json_columns,
        files=[file.name for file in inputs.files],
        format_=audited.format,
        overrides=columns,
    )
    return pl.concat(CanonicalRows(inputs, recognised).batches(NAMED_PARTS))
