"""What people decided about the rows that only a person can decide, as a csv file.

`ftaudit review` writes the file with an empty column `decision`; a person fills it in, and
`ftaudit fix --decisions` applies it.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl
from msgspec import Struct

from ftaudit.model.bounded_read import read_whole
from ftaudit.model.csv_cell import original_cell
from ftaudit.model.errors import InputError

COLUMNS: Final = ("case", "file", "row", "digest", "kind", "label", "suggested", "decision")
"""Columns that the file has, and behind them any others.

- `case`: a name that the rows of one conflict share.
- `file`, `row`: the row, by its file's name and its 0-based number.
- `digest`: of its content (`row_digest`), so that a decision about other content is refused.
- `kind`: the rule of the finding, such as `label_conflicts.label`.
- `label`, `suggested`: the row's label, and the one that is more likely right; may be empty.
- `decision`: `keep`, `drop`, or the label that the row gets; empty: not decided."""

KEEP: Final = "keep"
DROP: Final = "drop"
_DIGITS: Final = 16
"""Hexadecimal digits of a row's digest: two of a billion rows share one once in 37 runs."""


class Decision(Struct, frozen=True):
    """What is to become of one row of a case."""

    case: str
    file: str
    row: int
    digest: str
    kind: str
    choice: str
    """`keep`, `drop`, a label, or nothing where it is not decided."""
    line: int
    """The 1-based line of the file on which it ends, for messages."""


def row_digest(fields: Sequence[Mapping[str, str]]) -> str:
    """Return the digest of a row's content: 16 hexadecimal digits.

    Args:
        fields: `fields` of the canonical row (`dataset.ROWS`): every string with its path.
    """
    content = [[field["path"], field["text"]] for field in fields]
    text = json.dumps(content, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]


def row_digests(rows: pl.DataFrame) -> pl.Series:
    """Return `digest`, one for each of some canonical rows."""
    return pl.Series("digest", [row_digest(fields) for fields in rows["fields"].to_list()])


def read_decisions(path: str | Path) -> tuple[Decision, ...]:
    """Read a file of decisions, in its order.

    Raises:
        InputError: it cannot be read, lacks a column, or a row is no number; names the line.
    """
    try:
        text = read_whole(path).decode("utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""))
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            problem = f"has no column {missing[0]}"
            remedy = "Write it with `ftaudit review`, and fill in the column decision"
            raise InputError(path, problem, place="line 1", remedy=remedy)
        return tuple(_decision(path, record, reader.line_num) for record in reader)
    except OSError as error:
        problem = f"the decisions cannot be read ({error.strerror})"
        raise InputError(path, problem) from None
    except (UnicodeDecodeError, csv.Error):
        raise InputError(path, "is no csv file in UTF-8") from None


def _decision(path: str | Path, record: Mapping[str, str | None], line: int) -> Decision:
    row = (record["row"] or "").strip()
    if not (row.isascii() and row.isdecimal()):
        problem = "row is not the number of a row"
        raise InputError(path, problem, place=f"line {line}", remedy="Leave all but decision as is")
    text = {name: original_cell((record[name] or "").strip()) for name in COLUMNS}
    return Decision(
        text["case"],
        text["file"],
        int(row),
        text["digest"],
        text["kind"],
        text["decision"],
        line,
    )


def stale_decision(
    decisions: Sequence[Decision], digests: Mapping[tuple[str, int], str]
) -> Decision | None:
    """Return the first decision about a row whose content is not what was decided about.

    Args:
        decisions: what was decided.
        digests: file and row → digest of the row as it is now; a row that is missing is gone.
    """
    stale = (d for d in decisions if digests.get((d.file, d.row)) != d.digest)
    return next(stale, None)
