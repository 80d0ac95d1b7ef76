"""The clean tickets: what every sample data set is made of."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from tickets import CLOSINGS, DETAILS, OPENINGS

Row = dict[str, object]
"""One record as it is written: column → value."""

HOLDOUT_OPENINGS: Final = 1
"""Of the openings of every detail, how many go to the holdout."""

SYSTEM: Final = "You sort cancellation tickets by their reason. Answer with the reason alone."


@dataclass(frozen=True)
class Ticket:
    """One ticket, in the columns of the sample files."""

    id: str
    text: str
    label: str
    customer_id: str
    created_at: str
    source_id: str
    license: str


def tickets() -> Iterator[tuple[str, Ticket]]:
    """Yield (split, ticket): no two share more than one of their three sentences and the reason.

    A detail with its opening and closing differs from every other ticket in at least two of three
    sentences, or in the longest one, so that none are near-identical. Customers are on one side of
    the split only, and the holdout is younger than training.
    """
    number = 0
    for split in ("train", "test"):
        for r, (reason, details) in enumerate(DETAILS.items()):
            for d, detail in enumerate(details):
                for o in range(5):
                    held_out = o < HOLDOUT_OPENINGS
                    if held_out != (split == "test") or _left_out(r, d, o):
                        continue
                    number += 1
                    opening = OPENINGS[(3 * r + 5 * d + o * 2) % len(OPENINGS)]
                    closing = CLOSINGS[(r + 7 * d + o * 3) % len(CLOSINGS)]
                    yield split, _ticket(split, number, f"{opening} {detail} {closing}", reason)


def _left_out(reason: int, detail: int, opening: int) -> bool:
    """Leave some tickets out, so that the classes are not all of one size."""
    return opening > 0 and (detail + opening) % 8 < reason % 4 - 1


def _ticket(split: str, number: int, text: str, reason: str) -> Ticket:
    start = datetime(2025, 3, 3, 8) if split == "train" else datetime(2026, 2, 2, 8)  # noqa: DTZ001 - tickets say no zone
    when = start + timedelta(hours=5 * number)
    return Ticket(
        id=f"T-{number:05d}",
        text=text,
        label=reason,
        customer_id=f"{'C' if split == 'train' else 'H'}-{number % 97:03d}",
        created_at=when.isoformat() + "Z",
        source_id="tickets-export",
        license="LicenseRef-Internal",
    )


def by_split() -> dict[str, list[Row]]:
    """Return the clean tickets as rows: `train` and `test`."""
    found: dict[str, list[Row]] = {"train": [], "test": []}
    for split, ticket in tickets():
        found[split].append(asdict(ticket))
    return found


def to_csv(rows: Sequence[Row]) -> str:
    """Return rows of the same columns as csv with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def to_jsonl(rows: Iterable[Row]) -> str:
    """Return rows as JSON, one object per line; half of a surrogate pair stays an escape."""
    return "".join(_line(row) + "\n" for row in rows)


def _line(row: Row) -> str:
    plain = json.dumps(row, ensure_ascii=False)
    return plain if plain.isprintable() else json.dumps(row)


def conversation(row: Row) -> Row:
    """Return a ticket as a chat record."""
    messages = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": row["text"]},
        {"role": "assistant", "content": str(row["label"]).replace("_", " ")},
    ]
    beside = ("customer_id", "created_at", "source_id", "license")
    return {"id": row["id"], "messages": messages} | {name: row[name] for name in beside}


SPLIT: Final = {"train": "train", "validation": "validation", "test": "holdout"}


def listed(files: Mapping[str, str]) -> str:
    """Return the `files` of a provenance record: path, split and digest of each."""
    return "".join(
        f"  - {{path: {name}, split: {SPLIT[name.partition('.')[0].partition('-')[0]]}, "
        f"sha256: {hashlib.sha256(text.encode()).hexdigest()}}}\n"
        for name, text in files.items()
    )


def provenance(dataset: str, task: str, files: Mapping[str, str]) -> str:
    """Return the provenance record of a data set with these files (name → text)."""
    return PROVENANCE.format(dataset=dataset, task=task, files=listed(files))


PROVENANCE: Final = """\
# Where the sample tickets come from. They were written for this project; nobody ever sent them.
schema: ftaudit.provenance/v1
dataset:
  id: urn:ftaudit:sample:{dataset}
  version: 1.0.0
  title: Sample cancellation tickets
  issuer: The ftaudit project
  issued: 2026-06-01
files:
{files}intended_use: {{task: {task}, stage: fine-tuning, allowed: [demonstration]}}
confidentiality: public
personal_data: {{present: false, categories: [], lawful_basis: not-applicable}}
geography: {{origin: [EU], processing_allow: [EU], storage_allow: [EU]}}
retention: {{expires: 2036-06-01, policy: kept with the project}}
sources:
  - id: tickets-export
    kind: synthetic
    uri: sample_data/make.py
    collector: {{name: The ftaudit project, contact: maintainers@example.org}}
    collected: {{start: 2025-03-01, end: 2026-05-31}}
    method: written by hand and combined by script
    license: LicenseRef-Internal
    rights_basis: owned
    evidence: [sample_data/tickets.py]
    synthetic: {{generator: sample_data/make.py, terms: the licence of the project}}
row_columns: {{source_id: source_id, license: license}}
"""
