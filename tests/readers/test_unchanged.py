"""A file that changes, shrinks or is replaced while it is read is refused in one line."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import InputError
from ftaudit.model.parts import PartSizes
from ftaudit.readers import byte_stream
from ftaudit.readers.inputs import Inputs, open_inputs
from ftaudit.readers.unchanged import unchanged

ROWS = [{"text": f"row number {i} of the file", "label": "ab"[i % 2]} for i in range(3_000)]


@pytest.fixture(params=["csv", "jsonl", "json", "parquet", "arrow", "csv.gz"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / f"d.{request.param}"
    frame = pl.DataFrame(ROWS)
    match request.param:
        case "csv":
            frame.write_csv(path)
        case "jsonl":
            frame.write_ndjson(path)
        case "json":
            path.write_text(json.dumps(ROWS))
        case "parquet":
            frame.write_parquet(path, row_group_size=500)
        case "arrow":
            frame.write_ipc(path, record_batch_size=500)
        case _:
            import gzip

            path.write_bytes(gzip.compress(frame.write_csv().encode()))
    return path


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size * 2 // 3)


def empty(path: Path) -> None:
    os.truncate(path, 0)


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.replace(path)


def remove(path: Path) -> None:
    path.unlink()


def tables(inputs: Inputs, between: Callable[[], None]) -> None:
    for frame in inputs.tables():
        between()
        assert frame.height


def parts(inputs: Inputs, between: Callable[[], None]) -> None:
    for part in inputs.parts(PartSizes(inputs.memory, 8)):
        between()
        for frame in part.frames():
            assert frame.height


def batches(inputs: Inputs, between: Callable[[], None]) -> None:
    (source,) = inputs.sources
    for frame in unchanged(source, source.batches()):
        between()
        assert frame.height


@pytest.mark.parametrize("read", [tables, parts, batches])
@pytest.mark.parametrize("change", [truncate, empty, grow, replace, remove])
def test_a_file_that_changes_between_two_readings_is_refused(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    read: Callable[[Inputs, Callable[[], None]], None],
) -> None:
    monkeypatch.setattr(byte_stream, "BLOCK", 20_000)
    inputs = open_inputs([path])
    changed: list[object] = []

    def once() -> None:
        if not changed:
            changed.append(change)
            change(path)

    with pytest.raises(InputError) as caught:
        read(inputs, once)
    assert "\n" not in str(caught.value)
    assert "row number" not in str(caught.value)
