"""A small set written by hand after the rules, in wordings unlike those of the annotated one."""

import re
from pathlib import Path

from tests.privacy.annotated import Row, Score, find, score

_MARK = re.compile(r"\[\[([A-Z_]+)\|([^\]]+)\]\]")
FILE = Path(__file__).with_name("unseen.txt")


def read() -> list[Row]:
    """Return the rows, their marks taken out."""
    lines = FILE.read_text("utf-8").splitlines()
    return [_row(line.replace("\\n", "\n")) for line in lines if not line.startswith("#")]


def _row(marked: str) -> Row:
    text, gold, end = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[end : mark.start()]
        gold.append((mark[1], len(text), len(text) + len(mark[2])))
        text, end = text + mark[2], mark.end()
    return Row(text + marked[end:], tuple(gold))


def scores() -> dict[str, Score]:
    """Return the scores by entity type, of every type that is marked or found."""
    rows = read()
    found = find(row.text for row in rows)
    kinds = {kind for row in rows for kind, _, _ in row.gold}
    kinds |= {span.entity for spans in found for span in spans}
    return {kind: score(rows, found, kind, {}) for kind in sorted(kinds)}
