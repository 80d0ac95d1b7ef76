"""Write a starter record: what the data shows, and a mark wherever a person must fill in a value.

Marks are values that begin with `TODO(you)`, which read as missing, or comments that do.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl
from msgspec import Struct, field

from ftaudit.model.dataset import DataFile, Rows
from ftaudit.model.escape import printable
from ftaudit.provenance.licenses import parse_license
from ftaudit.provenance.provenance_record import SCHEMA

TODO: Final = "TODO(you)"
MOST_SOURCES: Final = 50
"""Sources written out one by one; the others are counted in a comment."""

_PLAIN: Final = re.compile(r"[\w.:/#+~-]{1,200}")
"""A source id that is written as it stands. Others may be personal data and are not quoted."""


class Seen(Struct, frozen=True):
    """Origins that rows give: how often each pair of source id and licence occurs."""

    pairs: Mapping[tuple[str | None, str | None], int] = field(default_factory=dict)

    @property
    def sources(self) -> dict[str, Counter[str | None]]:
        """Return the licences of every source id, most frequent first, by id."""
        sources: dict[str, Counter[str | None]] = {}
        for (source_id, license_), count in self.pairs.items():
            if source_id is not None:
                sources.setdefault(source_id, Counter())[license_] += count
        return dict(sorted(sources.items()))

    @property
    def licenses(self) -> Counter[str | None]:
        """Return how many rows carry each licence."""
        totals: Counter[str | None] = Counter()
        for (_, license_), count in self.pairs.items():
            totals[license_] += count
        return totals


def see_origins(rows: Rows) -> Seen:
    """Count the source ids and licences that the rows give."""
    total: Counter[tuple[str | None, str | None]] = Counter()
    for batch in rows.batches(["source_id", "license"]):
        counts = batch.group_by("source_id", "license").len()
        total.update({(s, license_): n for s, license_, n in counts.iter_rows()})
    return Seen(total)


def starter(
    files: Sequence[DataFile],
    *,
    format_: str,
    columns: Mapping[str, str],
    table: Mapping[str, pl.DataType],
    seen: Seen,
) -> str:
    """Return the text of a starter `provenance.yaml`.

    Args:
        files: the data.
        format_: id of the recognised record format.
        columns: canonical column → the user's column.
        table: the user's own columns and their types.
        seen: origins that the rows give.
    """
    lines = [
        "# Where this data came from, by what right, and for what use.",
        f"# Fill in every {TODO}: what still says so counts as missing.",
        f"# The data: {_counted(sum(f.rows for f in files), 'row')}, format {format_}; columns:",
        *(f"#   {_shown(name)}: {dtype}" for name, dtype in table.items()),
        f"schema: {SCHEMA}",
        *_dataset(),
        *_files(files),
        *_use(format_),
        *_sources(seen),
        *_rows(columns, table),
    ]
    return "\n".join(lines) + "\n"


def _dataset() -> Iterator[str]:
    yield "dataset:"
    yield f"  id: {_todo('a URN or URL that names the dataset')}"
    yield f"  version: {_todo('such as 1.0.0')}"
    yield f"  title: {_todo('what people call it')}"
    yield f"  issuer: {_todo('the organisation that answers for it')}"
    yield f"  issued: null  # {TODO}: the day it was issued, such as 2026-01-31"
    yield "  previous: null  # id of the version before this one"


def _files(files: Sequence[DataFile]) -> Iterator[str]:
    yield "files:"
    for file in files:
        yield f"  - path: {_quoted(file.name)}"
        yield f"    split: {file.split}"
        yield f"    sha256: {_quoted(file.sha256)}"
        yield f"    rows: {file.rows}"


def _use(format_: str) -> Iterator[str]:
    task = "text-classification" if format_ == "classification" else None
    yield "intended_use:"
    yield f"  task: {task or _todo('such as text-generation')}"
    yield f"  stage: {_todo('such as fine-tuning')}"
    yield f"  allowed: []  # {TODO}: uses that are allowed"
    yield "  prohibited: []  # uses that are not"
    yield f"confidentiality: {_todo('public, internal, confidential or restricted')}"
    yield "personal_data:"
    yield f"  present: null  # {TODO}: true or false (see the pii check)"
    yield "  categories: []  # such as contact, health"
    yield f"  lawful_basis: {_todo('such as consent or contract, where personal data is present')}"
    yield "  dpia: null  # reference of the impact assessment"
    yield "geography:"
    yield f"  origin: []  # {TODO}: where the data comes from, such as [DE]"
    yield "  processing_allow: []  # where it may be processed, such as [EU]"
    yield "  storage_allow: []  # where it may be stored"
    yield "retention:"
    yield f"  expires: null  # {TODO}: the day by which it must be deleted"
    yield f"  policy: {_todo('the retention policy that says so')}"


def _sources(seen: Seen) -> Iterator[str]:
    plain = [s for s in seen.sources if _PLAIN.fullmatch(s)]
    yield "sources:"
    if not seen.sources:
        yield from _source(None, seen.licenses)
    for source_id in plain[:MOST_SOURCES]:
        yield from _source(source_id, seen.sources[source_id])
    more = len(seen.sources) - min(len(plain), MOST_SOURCES)
    if more:
        if not plain:
            yield from _source(None, Counter())
        yield f"  # {TODO}: {_counted(more, 'more source id')} in the data, not written out here"


def _source(source_id: str | None, licenses: Counter[str | None]) -> Iterator[str]:
    rows = licenses.total()
    yield f"  - id: {_quoted(source_id) if source_id else 'all'}  # {_counted(rows, 'row')}"
    kinds = "public-dataset, licensed, crawl, user-interaction, synthetic or other"
    yield f"    kind: {_todo(kinds)}"
    yield f"    uri: {_todo('where it was obtained')}"
    yield f"    collector: {{name: {_todo('who collected it')}, contact: null}}"
    yield f"    collected: {{start: null, end: null}}  # {TODO}: first and last day"
    yield f"    method: {_todo('such as export, crawl or annotation')}"
    yield f"    license: {_license(licenses)}"
    bases = "owned, licence, contract, consent, public-domain or tdm-exception"
    yield f"    rights_basis: {_todo(bases)}"
    yield f"    evidence: []  # {TODO}: contracts, pages or letters that prove the right"
    yield "    consent: null  # {required: true, reference: …} where persons had to consent"
    yield "    synthetic: null  # {generator: model@version, terms: …} for synthetic data"


def _license(licenses: Counter[str | None]) -> str:
    """Return the licence if all rows of the source agree, else a mark with those seen."""
    parsed = {c for text in licenses if text and (c := parse_license(text))}
    if len(parsed) == 1 and len(licenses) == 1:
        return f"{_quoted(parsed.pop())}  # as the rows say"
    if parsed:
        return _todo(f"an SPDX expression; the rows say {', '.join(sorted(parsed)[:10])}")
    return _todo("an SPDX expression such as CC-BY-4.0, or LicenseRef-…")


def _rows(columns: Mapping[str, str], table: Mapping[str, pl.DataType]) -> Iterator[str]:
    yield "lineage: []  # steps such as {id: t1, activity: dedup, tool: …, inputs: [], outputs: []}"
    yield "approvals: []"
    yield "row_columns:"
    for name in ("source_id", "license", "collected_at", "consent_id", "synthetic"):
        column = columns.get(name, name if name in table else None)
        yield f"  {name}: {_quoted(column) if column else 'null'}"


def _todo(hint: str) -> str:
    return json.dumps(f"{TODO}: {hint}")


def _quoted(text: str) -> str:
    """Return text as a double-quoted YAML scalar (every JSON string is one)."""
    return json.dumps(text)


def _shown(text: str) -> str:
    return printable(text, limit=80)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s'[: count != 1]}"
