"""Fixtures and builders every test may use."""

import gc
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import Final

if "PYTEST_XDIST_WORKER" in os.environ:  # tests that run side by side share the cores already
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl
import pytest
from hypothesis import settings

from ftaudit.engines.local import engine as folding
from ftaudit.engines.local.processes import Workers
from ftaudit.model.check import Context
from ftaudit.model.dataset import ROWS, DataFile, Dataset
from ftaudit.model.parts import Part, PartSizes, held_parts
from ftaudit.model.row_id import row_id
from ftaudit.pipeline import scan as line
from ftaudit.similarity.runtime.kernel_loader import PLAIN, PLAIN_STEPS

DEPTH: Final = int(os.environ.get("FTAUDIT_TEST_DEPTH", "1"))
"""How many times as many made-up examples to try: `make fuzz` tries twenty times as many."""


def examples(count: int) -> int:
    """Return how many examples of a property to try, where the suite tries `count`."""
    return count * DEPTH


settings.register_profile("timeless", deadline=None, max_examples=examples(50))  # asserts no time
settings.load_profile("timeless")

PLAIN.steps = PLAIN_STEPS + 1  # tests run the compiled kernels, but for those of the plain ones

SHARED = Path(__file__).parents[2] / "shared" / "data"
"""Real data for tests; never committed."""


CPU: Final = "cpu"
_clock: Final = [sum(os.times()[:4])]
"""Seconds of a core that this process had used when the last phase of a test ended."""
_costs: Final[dict[str, float]] = defaultdict(float)
"""Test → seconds of a core."""


@pytest.fixture(autouse=True)
def outside_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the gate behave as on a desk, wherever the tests run: CI makes it want signatures."""
    monkeypatch.delenv("CI", raising=False)


@dataclass(frozen=True, eq=False)
class MemoryTables:
    """The user's own columns, held in memory."""

    table: pl.DataFrame = field(default_factory=pl.DataFrame)

    def tables(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the raw table in one batch."""
        yield self.table if columns is None else self.table.select(columns)

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """Yield the raw table in parts."""
        return held_parts(self.tables(columns), sizes)


@dataclass(frozen=True, eq=False)
class MemoryRows:
    """Rows held in memory, cut into batches where a test wants them cut."""

    frame: pl.DataFrame
    cuts: tuple[int, ...] = ()

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pl.DataFrame]:
        """Yield the rows, cut before each index in `cuts` and wherever the file changes."""
        files = self.frame["file"].to_list()
        ends = {i for i in range(1, len(files)) if files[i] != files[i - 1]}
        bounds = sorted({0, *ends, *self.cuts, len(files)})
        for start, end in pairwise(bounds):
            yield self.frame[start:end].select(columns or ROWS.names())

    def parts(self, sizes: PartSizes, columns: Sequence[str] | None = None) -> Iterator[Part]:
        """Yield the rows in parts."""
        return held_parts(self.batches(columns), sizes)


def canonical(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    """Build canonical rows from dicts: the defaults are split train, text input + output.

    Rows of one split form one file; give them in the order train, validation, holdout.
    """
    order = list(dict.fromkeys(str(r.get("split", "train")) for r in rows))
    places = {split: place for place, split in enumerate(order)}
    seen = dict.fromkeys(order, 0)
    columns: dict[str, list[object]] = {name: [] for name in ROWS.names()}
    for given in rows:
        split = str(given.get("split", "train"))
        place, number = places[split], seen[split]
        strings = {k: given[k] for k in ("input", "output") if given.get(k) is not None}
        row: dict[str, object] = {
            "id": row_id(place, number),
            "file": place,
            "row": number,
            "text": "\n".join(str(v) for v in strings.values()) or None,
            "answer": given.get("output"),
            "fields": [{"path": k, "text": v} for k, v in strings.items()],
            "problems": [],
        }
        row |= given | {"split": split}
        for name, values in columns.items():
            values.append(row.get(name))
        seen[split] += 1
    return pl.DataFrame(columns, schema=ROWS)


def dataset(
    rows: Sequence[dict[str, object]], *, cuts: Sequence[int] = (), format_: str = "classification"
) -> Dataset:
    """Build a dataset in memory from the rows that `canonical` takes."""
    return dataset_of(canonical(rows), cuts=cuts, format_=format_)


def inputs(texts: Sequence[str]) -> Dataset:
    """Build training data whose rows have an input and nothing else, without a loop over them."""
    number = pl.int_range(pl.len(), dtype=pl.UInt64)
    field_ = pl.struct(path=pl.lit("input"), text="input")
    known = {
        "id": number,
        "row": number,
        "split": pl.lit("train"),
        "file": pl.lit(0),
        "input": pl.col("input"),
        "text": pl.col("input"),
        "fields": pl.concat_list(field_),
        "problems": pl.lit([], ROWS["problems"]),
    }
    frame = pl.DataFrame({"input": texts}).select(
        known.get(name, pl.lit(None)).cast(dtype).alias(name) for name, dtype in ROWS.items()
    )
    return dataset_of(frame)


def dataset_of(
    frame: pl.DataFrame, *, cuts: Sequence[int] = (), format_: str = "classification"
) -> Dataset:
    """Build a dataset in memory of canonical rows."""
    splits = frame["split"].unique(maintain_order=True).to_list()
    files = tuple(
        DataFile(f"{s}.csv", s, "0" * 64, frame.filter(split=s).height, 0) for s in splits
    )
    rows_ = MemoryRows(frame, cuts=tuple(cuts))
    return Dataset(files, format_, {"input": "text"}, rows_, MemoryTables())


def context(data: Dataset, **changes: object) -> Context:
    """Build what a check is told of `data`."""
    rows = {split: data.count(split) for split in data.splits}
    known = {"format": data.format, "columns": data.columns, "files": data.files, "rows": rows}
    return Context(**(known | {"table": {}} | changes))  # type: ignore[arg-type] # a test's own words


@pytest.fixture
def shared() -> Path:
    """Return the folder of real data, or skip the test where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the real data (shared/data beside the repository) is not on this machine")
    return SHARED


@pytest.fixture
def eager_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let any data be worth workers, and let them be up before rows are mapped."""
    monkeypatch.setattr(folding, "WORTH_A_PROCESS", 1)
    enter = Workers.__enter__

    def entered(workers: Workers) -> Workers:
        enter(workers).wait()
        return workers

    monkeypatch.setattr(Workers, "__enter__", entered)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")
    parser.addoption("--cpu", action="store_true", help="list the tests that cost most CPU time")


def pytest_configure() -> None:
    """Start no worker with a scan: tests of the first worker begin it."""
    line.WORTH_BEGINNING = sys.maxsize


def pytest_collection() -> None:
    """Collect no garbage while modules are imported: nearly all of it stays to the end."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what is loaded by now."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what a phase of a test cost, with the processes that it waited for."""
    report = yield
    before, _clock[0] = _clock[0], sum(os.times()[:4])
    report.user_properties.append((CPU, _clock[0] - before))
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add the phases up, of tests in this process and in those of xdist."""
    for name, cost in report.user_properties[-1:]:
        if name == CPU and isinstance(cost, float):
            _costs[report.nodeid] += cost


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the costs."""
    if terminalreporter.config.getoption("--cpu"):
        terminalreporter.section(f"{sum(_costs.values()):.0f} seconds of a core")
        for test, cost in sorted(_costs.items(), key=itemgetter(1), reverse=True)[:40]:
            terminalreporter.write_line(f"{cost:7.2f} {test}")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare text with a file under tests/golden; `--update-golden` rewrites it."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
