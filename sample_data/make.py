"""Write the sample data sets and README.md again, byte for byte: `python sample_data/make.py`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import decision
import dirty
import dirty_benchmark
import dirty_chat
import dirty_families
import dirty_groups
import dirty_pairs
import dirty_templates
import dirty_texts
from clean import by_split, conversation, provenance, to_csv, to_jsonl
from planting import Plant
from readme import readme

HERE: Final = Path(__file__).parent
DIRTY: Final = (
    *(dirty, dirty_chat, dirty_pairs, dirty_families, dirty_texts, dirty_groups),
    *(dirty_templates, dirty_benchmark),
)
"""What writes the sets with planted defects."""


def files() -> dict[str, str]:
    """Return every generated file: path below this folder → text."""
    rows = by_split()
    tables = {f"{split}.csv": to_csv(found) for split, found in rows.items()}
    chats = {f"{split}.jsonl": to_jsonl(map(conversation, found)) for split, found in rows.items()}
    found = _clean("clean", "text-classification", tables)
    found |= _clean("clean-chat", "text-generation", chats)
    for module in DIRTY:
        found |= module.build()[0]
    found |= decision.build()
    return found | {"README.md": readme(plants(), found)}


def plants() -> list[Plant]:
    """Return every finding that a scan of the dirty sets must report, in their order."""
    return [p for module in DIRTY for p in sorted(module.build()[1])]


def _clean(name: str, task: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return the files of one clean set with its provenance record: path → text."""
    found = {f"{name}/{file}": text for file, text in files.items()}
    return found | {f"{name}/provenance.yaml": provenance(name, task, files)}


def main() -> None:
    """Write every file."""
    for name, text in files().items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
