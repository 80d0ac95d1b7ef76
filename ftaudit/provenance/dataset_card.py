"""Hugging Face dataset cards: the YAML front matter of a README.md, read into a record."""

from collections.abc import Mapping
from pathlib import Path

from ftaudit.model.documents import parse_yaml, read_text
from ftaudit.model.errors import InputError
from ftaudit.provenance.licenses import parse_license
from ftaudit.provenance.provenance_record import (
    SCHEMA,
    DatasetInfo,
    IntendedUse,
    ProvenanceRecord,
    SourceEntry,
)

_FENCE = "---"


def read_card(path: Path | str) -> ProvenanceRecord:
    """Read the front matter of a dataset card into a record.

    `license` becomes the licence of every source (several are joined by AND, since a card that
    lists several gives no choice; ids that SPDX does not know become a LicenseRef);
    `source_datasets` become sources, `pretty_name` the title, `task_categories` the task,
    `annotations_creators` the method.

    Raises:
        InputError: unreadable, without front matter, or front matter that is not YAML.
    """
    text = read_text(path, kind="dataset card")
    front = _front_matter(text, str(path))
    value, _ = parse_yaml(front, name=str(path), kind="dataset card")
    if not isinstance(value, dict):
        raise InputError(path, "the front matter is not a mapping of keys to values")
    return _record(value)


def _front_matter(text: str, name: str) -> str:
    lines = text.splitlines()
    if not lines or lines[0].strip() != _FENCE:
        remedy = "Begin the card with YAML between two lines of ---"
        raise InputError(name, "the dataset card has no front matter", remedy=remedy)
    for at, line in enumerate(lines[1:], 1):
        if line.strip() == _FENCE:
            return "\n".join(["", *lines[1:at]])  # the empty line keeps line numbers true
    raise InputError(name, "the front matter is not closed by a line of ---", place="line 1")


def _record(card: Mapping[str, object]) -> ProvenanceRecord:
    tasks = _texts(card.get("task_categories"))
    title = card.get("pretty_name")
    return ProvenanceRecord(
        schema_=SCHEMA,
        dataset=DatasetInfo(title=str(title)) if title else None,
        intended_use=IntendedUse(task=", ".join(tasks)) if tasks else None,
        sources=_sources(card),
    )


def _sources(card: Mapping[str, object]) -> tuple[SourceEntry, ...]:
    named = [n for n in _texts(card.get("source_datasets")) if n != "original"]
    methods = _texts(card.get("annotations_creators"))
    method = ", ".join(methods) if methods else None
    return tuple(
        SourceEntry(
            id=name.removeprefix("extended|"),
            kind="public-dataset" if name != "original" else None,
            uri=name.removeprefix("extended|") if name != "original" else None,
            method=method,
            license=_license(card.get("license")),
        )
        for name in named or ["original"]
    )


def _license(value: object) -> str | None:
    parsed = [parse_license(text) or f"LicenseRef-{_slug(text)}" for text in _texts(value)]
    terms = list(dict.fromkeys(parsed))
    if len(terms) > 1:
        terms = [f"({k})" if " OR " in k else k for k in terms if k not in ("NOASSERTION", "NONE")]
    return " AND ".join(terms) if terms else None


def _slug(text: str) -> str:
    kept = "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in text[:80])
    return kept.strip("-") or "unnamed"


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(v) for v in values if isinstance(v, str | int | float) and str(v).strip()]
