"""Answers of workers are what was sent, in fewer bytes where frames are large."""

import pickle
from datetime import UTC, datetime

import polars as pl
import pytest

from ftaudit.engines.local.answer_pickling import WORTH_COMPRESSING, pickled

TYPES = {
    "text": pl.Series(["a", None, "é\x00"]),
    "bytes": pl.Series([b"\xff", None, b""]),
    "digest": pl.Series([1 << 63, None, 0], dtype=pl.UInt64),
    "share": pl.Series([0.5, None, float("nan")]),
    "clean": pl.Series([True, None, False]),
    "time": pl.Series([datetime(2026, 1, 1, tzinfo=UTC), None, None]),
    "null": pl.Series([None, None, None]),
    "list": pl.Series([[1, 2], None, []], dtype=pl.List(pl.UInt8)),
    "struct": pl.Series([{"path": "a", "text": None}, None, {"path": "b", "text": "c"}]),
    "enum": pl.Series(["x", None, "y"], dtype=pl.Enum(["y", "x"])),
}


@pytest.mark.parametrize("rows", [0, 3, 30_000])
def test_a_frame_arrives_as_it_was_sent(rows: int) -> None:
    frame = pl.DataFrame(TYPES)[[at % 3 for at in range(rows)]]
    (arrived, number) = pickle.loads(pickled((frame, rows)))  # noqa: S301 - made here
    assert number == rows
    assert arrived.schema == frame.schema
    assert arrived.equals(frame)
    assert (len(pickled(frame)) < frame.estimated_size() / 10) == (rows > 3)


def test_a_frame_of_several_pieces_arrives_whole() -> None:
    pieces = [
        pl.DataFrame({"at": range(start, start + 5_000)}) for start in range(0, 20_000, 5_000)
    ]
    frame = pl.concat(pieces, rechunk=False)
    assert frame.estimated_size() > WORTH_COMPRESSING
    assert pickle.loads(pickled([frame]))[0].equals(frame)  # noqa: S301 - made here
