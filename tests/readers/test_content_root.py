"""The content root: what leaves it alone, what changes it, and that the specification suffices."""

import csv
import datetime as dt
import hashlib
import json
import math
import struct
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.readers import content_root as module
from ftaudit.readers.content_root import ContentRoot, content_root, describe, tree

LEAP_DAY = dt.datetime(2024, 2, 29, 23, 59, 59, 999_999)  # noqa: DTZ001 - local on purpose
FRAME = pl.DataFrame(
    {
        "text": ["plain", None, "", "é😀\n", "x" * 300],
        "label": ["a", "b", "a", None, "b"],
        "n": [1, -1, None, 2**40, 0],
        "score": [0.5, float("nan"), -0.0, None, float("inf")],
        "raw": [b"\x00\xff", None, b"", b"a", b"b"],
        "tags": [["x", None], [], None, ["y"], ["z", "z"]],
        "meta": [{"k": 1, "v": ["a"]}, None, {"k": None, "v": []}, {"k": 2, "v": None}, None],
        "at": [LEAP_DAY, None, dt.datetime(1969, 1, 1), None, None],  # noqa: DTZ001 - local on purpose
        "price": [Decimal("1.50"), None, Decimal("-0.01"), Decimal(0), Decimal("99.99")],
    },
    schema_overrides={"price": pl.Decimal(10, 2)},
)


def root(frame: pl.DataFrame) -> str | None:
    return content_root([frame])


# --- the specification, written again without polars or numpy: docs/reference/content-root.md


def again(columns: dict[str, tuple[Any, list[Any]]], chunk: int = 65_536) -> str:  # noqa: C901 - one straight line
    def sha(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    def u64(n: int) -> bytes:
        return struct.pack("<Q", n)

    def streams(kind: Any, cells: list[Any]) -> list[bytes]:  # noqa: ANN401 - a type of the header, of JSON
        here = [c for c in cells if c is not None]
        out = [bytes(c is not None for c in cells)]
        name = kind if isinstance(kind, str) else kind[0]
        match name:
            case "bool":
                out.append(bytes(map(bool, here)))
            case "int" | "date" | "time":
                out.append(b"".join(c.to_bytes(16, "little", signed=True) for c in here))
            case "decimal":
                scale = int(kind[1])
                unscaled = [int(c.scaleb(scale)) for c in here]
                out.append(b"".join(c.to_bytes(16, "little", signed=True) for c in unscaled))
            case "float":
                nan = bytes.fromhex("000000000000f87f")
                out.append(b"".join(nan if math.isnan(c) else struct.pack("<d", c) for c in here))
            case "timestamp" | "duration":  # cells are nanoseconds
                out.append(b"".join(struct.pack("<qq", *divmod(c, 10**9)) for c in here))
            case "utf8" | "binary":
                data = [c.encode() if isinstance(c, str) else c for c in here]
                out.append(b"".join(u64(len(c)) for c in data))
                out.append(b"".join(data))
            case "list":
                out.append(b"".join(u64(len(c)) for c in here))
                out += streams(kind[1], [x for c in here for x in c])
            case "struct":
                for field, inner in kind[1:]:
                    out += streams(inner, [c[field] for c in here])
            case _:
                raise ValueError(name)
        return out

    names = sorted(columns, key=str.encode)
    rows = len(columns[names[0]][1])
    leaves = []
    for start in range(0, rows, chunk):
        parts = [
            sha(b"".join(sha(s) for s in streams(kind, cells[start : start + chunk])))
            for kind, cells in (columns[n] for n in names)
        ]
        leaves.append(sha(b"\0" + u64(min(chunk, rows - start)) + b"".join(parts)))

    def merkle(nodes: list[bytes]) -> bytes:  # RFC 6962, section 2.1
        if len(nodes) < 2:
            return nodes[0] if nodes else sha(b"")
        split = 1 << (len(nodes) - 1).bit_length() - 1
        return sha(b"\1" + merkle(nodes[:split]) + merkle(nodes[split:]))

    fields = [[n, columns[n][0]] for n in names]
    header = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    top = b"ftaudit-rows-v1\0" + u64(len(header)) + header + u64(rows) + merkle(leaves)
    return "ftaudit-rows-v1:" + sha(top).hex()


def nanoseconds(moment: dt.datetime | None) -> int | None:
    if moment is None:
        return None
    since = moment - dt.datetime(1970, 1, 1)  # noqa: DTZ001 - local on purpose
    return ((since.days * 86_400 + since.seconds) * 10**6 + since.microseconds) * 1000


def test_an_independent_implementation_of_the_specification_agrees() -> None:
    kinds: dict[str, Any] = {
        "text": "utf8",
        "label": "utf8",
        "n": "int",
        "score": "float",
        "raw": "binary",
        "tags": ["list", "utf8"],
        "meta": ["struct", ["k", "int"], ["v", ["list", "utf8"]]],
        "at": ["timestamp", "local"],
        "price": ["decimal", "2"],
    }
    cells = {name: FRAME[name].to_list() for name in FRAME.columns}
    cells["at"] = [nanoseconds(m) for m in cells["at"]]
    assert root(FRAME) == again({name: (kinds[name], cells[name]) for name in kinds})


def test_the_root_of_a_known_table_never_changes() -> None:
    frame = pl.DataFrame({"text": ["a", None, ""], "n": [1, 2, None]})
    assert root(frame) == GOLDEN


@given(
    st.lists(
        st.tuples(st.none() | st.text(max_size=5), st.none() | st.integers(-9, 9)), min_size=1
    ),
    st.integers(1, 7),
)
@settings(max_examples=80)
def test_any_table_of_any_chunk_size_agrees_with_the_specification(
    rows: list[tuple[str | None, int | None]], chunk: int
) -> None:
    text, n = [list(column) for column in zip(*rows, strict=True)]
    frame = pl.DataFrame({"text": text, "n": n}, schema={"text": pl.String, "n": pl.Int64})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", chunk)
        assert root(frame) == again({"text": ("utf8", text), "n": ("int", n)}, chunk)


# --- what leaves it alone


@given(st.lists(st.integers(0, 5), max_size=4))
@settings(max_examples=40)
def test_batch_boundaries_carry_no_meaning(cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), FRAME.height]
    batches = [FRAME[a:b] for a, b in pairwise(bounds)]
    assert content_root(batches) == root(FRAME)


def test_chunks_longer_than_a_batch_and_batches_longer_than_a_chunk_agree() -> None:
    frame = pl.select(n=pl.int_range(150_000), text=pl.int_range(150_000).cast(pl.String))
    whole = root(frame)
    assert content_root(frame.iter_slices(7_777)) == whole
    assert content_root([frame[:65_536], frame[65_536:]]) == whole
    assert whole == again(
        {"n": ("int", frame["n"].to_list()), "text": ("utf8", frame["text"].to_list())}
    )


def test_the_order_of_columns_carries_no_meaning() -> None:
    assert root(FRAME.select(reversed(FRAME.columns))) == root(FRAME)


@pytest.mark.parametrize("compression", ["uncompressed", "snappy", "gzip", "lz4", "zstd"])
def test_compression_and_row_groups_leave_no_trace(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "data.parquet"
    FRAME.write_parquet(path, compression=compression, row_group_size=2)  # type: ignore[arg-type] # its literals
    assert root(pl.read_parquet(path)) == root(FRAME)


def test_categories_are_their_strings() -> None:
    strings = FRAME.select("label")
    for dtype in (pl.Categorical(), pl.Enum(["b", "a"])):
        assert root(strings.cast(dtype)) == root(strings)


def test_csv_and_parquet_of_the_same_strings_agree(tmp_path: Path) -> None:
    frame = pl.DataFrame({"text": ["a, b", 'say "x"', "two\nlines", "007"], "label": list("abcd")})
    frame.write_parquet(tmp_path / "data.parquet", compression="zstd")
    with (tmp_path / "data.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([frame.columns, *frame.rows()])
    from_csv = pl.read_csv(tmp_path / "data.csv", infer_schema=False)
    assert root(from_csv) == root(pl.read_parquet(tmp_path / "data.parquet")) == root(frame)


def test_widths_and_units_leave_no_trace() -> None:
    moments = pl.DataFrame({"at": [dt.datetime(2024, 1, 2, 3, 4, 5, 6000), None]})  # noqa: DTZ001 - local on purpose
    assert root(moments.cast(pl.Datetime("ms"))) == root(moments.cast(pl.Datetime("ns")))
    numbers = pl.DataFrame({"n": [1, None, 100]})
    for dtype in (pl.Int8, pl.UInt16, pl.UInt64, pl.Int128):
        assert root(numbers.cast(dtype)) == root(numbers)
    halves = pl.DataFrame({"x": [0.5, -0.0, float("nan")]})
    assert root(halves.cast(pl.Float32)) == root(halves)
    assert root(pl.DataFrame({"v": [[1, 2]]}, schema={"v": pl.Array(pl.Int64, 2)})) == root(
        pl.DataFrame({"v": [[1, 2]]})
    )


def test_every_nan_is_one_and_the_same() -> None:
    payload = struct.unpack("<d", bytes.fromhex("010000000000f8ff"))[0]
    assert root(pl.DataFrame({"x": [payload]})) == root(pl.DataFrame({"x": [float("nan")]}))


def test_bytes_under_a_null_are_never_seen() -> None:
    def masked(data: list[int]) -> pl.DataFrame:
        values = pa.py_buffer(struct.pack("<3q", *data))
        array = pa.Array.from_buffers(pa.int64(), 3, [pa.py_buffer(b"\x05"), values])
        return pl.DataFrame({"n": pl.from_arrow(array)})

    def text(hidden: bytes) -> pl.DataFrame:
        offsets = pa.py_buffer(struct.pack("<4i", 0, 1, 1 + len(hidden), 2 + len(hidden)))
        buffers = [pa.py_buffer(b"\x05"), offsets, pa.py_buffer(b"a" + hidden + b"c")]
        return pl.DataFrame({"n": pl.from_arrow(pa.Array.from_buffers(pa.string(), 3, buffers))})

    assert (
        root(masked([1, 7, 3]))
        == root(masked([1, 8, 3]))
        == root(pl.DataFrame({"n": [1, None, 3]}))
    )
    assert root(text(b"secret")) == root(text(b"")) == root(pl.DataFrame({"n": ["a", None, "c"]}))


def test_fields_under_a_null_struct_are_never_seen() -> None:
    inner = pa.array([1, 2, 3])
    hidden = pa.StructArray.from_arrays([inner], ["k"], mask=pa.array([False, True, False]))
    shown = pl.DataFrame({"m": [{"k": 1}, None, {"k": 3}]})
    assert root(pl.DataFrame({"m": pl.from_arrow(hidden)})) == root(shown)


def test_where_a_reader_says_a_row_is_leaves_no_trace() -> None:
    assert root(FRAME.with_row_index("__row")) == root(FRAME)


# --- what changes it


@pytest.mark.parametrize("column", FRAME.columns)
def test_one_changed_cell_changes_the_root(column: str) -> None:
    cells = FRAME[column].to_list()
    for i, cell in enumerate(cells):
        other = next(c for c in cells if repr(c) != repr(cell))
        changed = pl.Series(column, [*cells[:i], other, *cells[i + 1 :]], dtype=FRAME[column].dtype)
        assert root(FRAME.with_columns(changed)) != root(FRAME)


@pytest.mark.parametrize(
    "pair",
    [
        (["ab", "c"], ["a", "bc"]),
        (["a", None], ["a", ""]),
        ([None, "a"], ["a", None]),
        ([["a"], ["b"]], [["a", "b"], []]),
        ([[], None], [None, []]),
        ([{"k": None}, None], [None, {"k": None}]),
        ([0.0], [-0.0]),
        ([None], [float("nan")]),
        ([1], [1.0]),
        (["1"], [1]),
        (["a"], [b"a"]),
        ([True], [1]),
        ([["a"]], ["a"]),
        ([dt.date(2024, 1, 1)], [19_723]),
    ],
)
def test_values_that_look_alike_have_different_roots(
    pair: tuple[list[object], list[object]],
) -> None:
    left, right = (pl.DataFrame({"x": pl.Series(values, strict=False)}) for values in pair)
    assert root(left) != root(right)


def test_exchanged_rows_change_the_root() -> None:
    assert root(FRAME.reverse()) != root(FRAME)


def test_a_column_renamed_added_or_taken_away_changes_the_root() -> None:
    roots = {
        root(FRAME),
        root(FRAME.rename({"text": "body"})),
        root(FRAME.drop("label")),
        root(FRAME.with_columns(extra=pl.lit(None))),
    }
    assert len(roots) == 4


def test_an_instant_and_a_local_time_differ() -> None:
    local = pl.DataFrame({"at": [dt.datetime(2024, 1, 1)]})  # noqa: DTZ001 - local on purpose
    assert root(local.select(pl.col("at").dt.replace_time_zone("UTC"))) != root(local)


# --- edges


def test_a_type_without_canonical_bytes_has_no_root() -> None:
    assert root(pl.DataFrame({"x": pl.Series([object()], dtype=pl.Object)})) is None
    assert describe(pl.List(pl.UInt128)) is None


def test_no_rows_and_no_batches_are_told_apart() -> None:
    assert ContentRoot().root() is None
    assert root(FRAME.clear()) is not None
    assert root(FRAME.clear()) != root(FRAME.clear().drop("text"))


def test_batches_of_different_columns_are_a_bug() -> None:
    content = ContentRoot()
    content.update(pl.DataFrame({"a": ["x"]}))
    with pytest.raises(ValueError, match="different columns"):
        content.update(pl.DataFrame({"a": [1]}))


def test_the_root_may_be_asked_for_at_any_time() -> None:
    content = ContentRoot()
    content.update(FRAME[:2])
    assert content.root() == root(FRAME[:2])
    content.update(FRAME[2:])
    assert content.root() == root(FRAME)


@pytest.mark.parametrize("count", range(1, 18))
def test_the_tree_is_that_of_rfc_6962(count: int) -> None:
    leaves = [bytes([i]) * 32 for i in range(count)]

    def merkle(nodes: list[bytes]) -> bytes:
        if len(nodes) == 1:
            return nodes[0]
        split = 1 << (len(nodes) - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + merkle(nodes[:split]) + merkle(nodes[split:])).digest()

    assert tree(leaves) == merkle(leaves)


GOLDEN = "ftaudit-rows-v1:8f40f1f71ef8f3ca64295835e5d126cd2495b88e37bdead5ac1598b38b9f520a"


def test_the_types_of_a_batch_are_read_once_however_many_columns_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads: list[int] = []
    of_polars = pl.DataFrame.schema

    class Counted:
        def __get__(self, frame: pl.DataFrame, owner: type[pl.DataFrame]) -> object:
            reads.append(frame.width)
            return of_polars.__get__(frame, owner)

    monkeypatch.setattr(pl.DataFrame, "schema", Counted())
    root(pl.DataFrame({f"c{i}": ["a"] for i in range(50)}))
    assert reads == [50]
