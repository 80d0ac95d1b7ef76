"""The sample data sets as tests see them: the modules that write them, and how each is scanned."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from ftaudit.model.options import Options
from ftaudit.pipeline.audit import Audit
from ftaudit.pipeline.scan import scan

SAMPLES = Path(__file__).parents[2] / "sample_data"
COLUMNS = {"group": "customer_id", "time": "created_at"}
FAMILIES = (
    *("pairs", "choices", "annotations", "embeddings", "prompts"),
    *("summaries", "translations", "answer-pairs", "labels", "ratings"),
    *("annotators", "identity", "rewordings"),
    *("conversational-qa", "scored-pairs", "templated", "segments", "labelling-jobs", "requests"),
)
OPTIONS = {
    "clean": Options(columns=COLUMNS),
    "clean-chat": Options(columns=COLUMNS),
    "dirty": Options(
        policy=SAMPLES / "dirty" / "policy.yaml",
        expectations=(str(SAMPLES / "suites" / "dirty.json"),),
        columns=COLUMNS,
    ),
    "dirty-chat": Options(columns=COLUMNS),
    "dirty-preference": Options(),
    "dirty-kto": Options(),
    "dirty-cells": Options(),
    "dirty-columns": Options(),
    **{f"dirty-{family}": Options(workers=1) for family in FAMILIES},
}
"""Folder → how the README says it is scanned."""


class Plant(Protocol):
    """A finding that was planted."""

    folder: str
    file: str
    row: int
    rule: str
    what: str


class Flag(NamedTuple):
    """What identifies a finding."""

    file: str
    row: int
    rule: str


class Writer(Protocol):
    """`make.py`, `vendor_keys.py`: what they offer."""

    def files(self) -> dict[str, str]: ...
    def plants(self) -> list[Plant]: ...
    def build(self) -> tuple[dict[str, str], list[Plant]]: ...
    def main(self, folder: Path) -> None: ...


def writer(name: str) -> Writer:
    """Import one of the scripts of sample_data."""
    if str(SAMPLES) not in sys.path:
        sys.path.append(str(SAMPLES))
    return cast("Writer", import_module(name))


def planted(plants: Sequence[Plant], folder: str) -> set[Flag]:
    """Return what was planted in one folder."""
    return {Flag(p.file, p.row, p.rule) for p in plants if p.folder == folder}


def flagged(audit: Audit) -> set[Flag]:
    """Return what a scan found."""
    return {Flag(*row) for row in audit.findings.select("file", "row", "rule").iter_rows()}


def scanned(folder: str) -> Audit:
    """Scan one folder of the samples as the README says."""
    return scan(SAMPLES / folder, options=OPTIONS[folder])
