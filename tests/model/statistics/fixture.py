"""The numbers of the shared evaluation fixture, and of the reference tables."""

import json
from functools import cache
from typing import Any

from ftaudit.model.statistics.paired_counts import PairedCounts
from tests.conftest import SHARED

EVALUATION = SHARED / "evaluation"


@cache
def expected() -> Any:  # noqa: ANN401 - JSON of many shapes
    """Return `expected.json`."""
    return json.loads((EVALUATION / "expected.json").read_text("utf-8"))


def counts_of(table: dict[str, Any]) -> PairedCounts:
    """Return the fourfold table of one of its blocks."""
    return PairedCounts(
        table["both"], table["tuned_only"], table["baseline_only"], table["neither"]
    )
