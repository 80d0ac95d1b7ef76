"""Write the sample data sets again, byte for byte: `python sample_data/make.py`."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tickets import CLOSINGS, DETAILS, OPENINGS

HERE: Final = Path(__file__).parent
HOLDOUT_OPENINGS: Final = 1
"""Of the openings of every detail, how many go to the holdout."""

SYSTEM: Final = "You sort cancellation tickets by their reason. Answer with the reason alone."


@dataclass(frozen=True)
class Ticket:
    """One ticket, in the columns of the sample files."""

    ticket_id: str
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
    start = datetime(2025, 3, 3, 8) if split == "train" else datetime(2026, 2, 2, 8)  # noqa: DTZ001
    when = start + timedelta(hours=5 * number)
    return Ticket(
        ticket_id=f"T-{number:05d}",
        text=text,
        label=reason,
        customer_id=f"{'C' if split == 'train' else 'H'}-{number % 97:03d}",
        created_at=when.isoformat() + "Z",
        source_id="tickets-export",
        license="LicenseRef-Internal",
    )


def to_csv(rows: list[Ticket]) -> str:
    """Return the tickets as csv with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(Ticket.__dataclass_fields__), lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return out.getvalue()


def to_chat(rows: list[Ticket]) -> str:
    """Return the tickets as chat records, one JSON object per line."""
    return "".join(json.dumps(_conversation(row), ensure_ascii=False) + "\n" for row in rows)


def _conversation(row: Ticket) -> dict[str, object]:
    messages = [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": row.text},
        {"role": "assistant", "content": row.label.replace("_", " ")},
    ]
    return {
        "id": row.ticket_id,
        "messages": messages,
        "customer_id": row.customer_id,
        "created_at": row.created_at,
        "source_id": row.source_id,
        "license": row.license,
    }


def provenance(dataset: str, task: str, files: Mapping[str, str]) -> str:
    """Return the provenance record of a data set with these files (name → text)."""
    listed = "".join(
        f"  - {{path: {name}, split: {SPLIT[name.partition('.')[0]]}, "
        f"sha256: {hashlib.sha256(text.encode()).hexdigest()}}}\n"
        for name, text in files.items()
    )
    return PROVENANCE.format(dataset=dataset, task=task, files=listed)


SPLIT: Final = {"train": "train", "test": "holdout"}

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


def data_set(name: str, task: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return the files of one data set with its provenance record: path → text."""
    found = {f"{name}/{file}": text for file, text in files.items()}
    return found | {f"{name}/provenance.yaml": provenance(name, task, files)}


def files() -> dict[str, str]:
    """Return every generated file: path below this folder → text."""
    by_split: dict[str, list[Ticket]] = {"train": [], "test": []}
    for split, ticket in tickets():
        by_split[split].append(ticket)
    tables = {f"{split}.csv": to_csv(rows) for split, rows in by_split.items()}
    chats = {f"{split}.jsonl": to_chat(rows) for split, rows in by_split.items()}
    return data_set("clean", "text-classification", tables) | data_set(
        "clean-chat", "text-generation", chats
    )


def main() -> None:
    """Write every file."""
    for name, text in files().items():
        path = HERE / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
