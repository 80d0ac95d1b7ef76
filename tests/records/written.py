"""Records as a JSON file holds them, typed as the readers type them, without any file."""

import json
from collections.abc import Sequence

import polars as pl

from ftaudit.readers.json_rows import JsonRows
from ftaudit.readers.json_survey import JsonSurvey
from ftaudit.records.detect import recognise
from ftaudit.records.recognised import Recognised
from ftaudit.records.rows import CanonicalRows
from tests.records.held import Held, Record


def written(records: Sequence[Record]) -> tuple[pl.DataFrame, frozenset[str]]:
    """Return the table a reader makes of records, and which of its columns are JSON text."""
    texts = [json.dumps(record).encode() for record in records]
    survey = JsonSurvey("a.jsonl", "line")
    survey.add(texts, lambda i: i + 1)
    survey.finish()
    schema, json_columns = survey.schema()
    return JsonRows(schema, json_columns).frame(texts), json_columns


def as_scanned(records: Sequence[Record]) -> tuple[Recognised, pl.DataFrame]:
    """Recognise records by their names and all of their values, and return the canonical rows."""
    frame, json_columns = written(records)
    recognised = recognise(frame.schema, json_columns, files=["a.jsonl"], sample=frame)
    return recognised, pl.concat(list(CanonicalRows(Held(frame), recognised).batches()))
