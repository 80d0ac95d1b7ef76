"""The order in which a scan folds its checks."""

from pathlib import Path

import polars as pl
import pytest

import ftaudit
from ftaudit.checks.secrets import Secrets
from ftaudit.model.check import Judgement
from ftaudit.pipeline import folding


def test_no_totals_of_rows_are_held_while_similar_rows_are_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    judge, similar = Secrets.judge, folding._fold_similar  # noqa: SLF001 - the two steps

    def judged(self: Secrets, totals: pl.DataFrame) -> Judgement:
        order.append("judged")
        return judge(self, totals)

    def searched(*args: object) -> object:
        order.append("searched")
        return similar(*args)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(Secrets, "judge", judged)
    monkeypatch.setattr(folding, "_fold_similar", searched)
    path = tmp_path / "rows.csv"
    path.write_text("text,label\nfirst row of all,a\nanother one,b\n", encoding="utf-8")
    ftaudit.scan(path, options=ftaudit.Options(workers=1))
    assert order == ["judged", "searched"]
