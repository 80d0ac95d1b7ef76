"""Parts of a table, read by themselves wherever they are sent, are the rows of the whole."""

import pickle
import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import InputError
from ftaudit.model.parts import Part, PartSizes
from ftaudit.readers import byte_stream
from ftaudit.readers.inputs import Inputs, open_inputs
from tests.cli.commands import Shell

TEXTS = [f'row {i}, "quoted"\r\nand é on a line of its own' * (1 + i % 3) for i in range(90)]
FRAME = pl.DataFrame(
    {
        "text": [None if i % 7 == 3 else text for i, text in enumerate(TEXTS)],
        "label": [f"class {i % 4}" for i in range(90)],
    }
)
CHAT = pl.DataFrame({"messages": [[{"role": "user", "content": text}] for text in TEXTS]})


def jsonl(frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(frame.write_ndjson().encode().replace(b"\n", b"\n \n"))


def csv(frame: pl.DataFrame, path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf\n\n" + frame.write_csv().encode().replace(b"\n", b"\n\n"))


def parquet(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, row_group_size=20)


def arrow(frame: pl.DataFrame, path: Path) -> None:
    frame.write_ipc(path, record_batch_size=4, compression="zstd")


CUT: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    "jsonl": jsonl,
    "csv": csv,
    "parquet": parquet,
    "arrow": arrow,
}
HELD: dict[str, Callable[[pl.DataFrame, Path], None]] = {
    "arrows": lambda frame, path: frame.write_ipc_stream(path),
    "json": lambda frame, path: frame.write_json(path),
}


def sent(part: Part) -> list[pl.DataFrame]:
    """Read a part as another process would. A header alone has no frame."""
    there: Part = pickle.loads(pickle.dumps(part))  # noqa: S301 - our own
    return list(there.frames())


def same(inputs: Inputs, processes: int, most: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Compare parts with the whole, and return how many there were."""
    monkeypatch.setattr(PartSizes, "most", most)
    monkeypatch.setattr(PartSizes, "least", min(most, 200))
    parts = [sent(part) for part in inputs.parts(PartSizes(inputs.memory, processes))]
    frames = [frame for part in parts for frame in part]
    assert all(frame["__file"].n_unique() <= 1 for frame in frames)
    assert pl.concat(frames).equals(pl.concat(inputs.tables()))
    return len(parts)


@pytest.mark.parametrize(("most", "count"), [(1, 5), (4_000, 4), (1 << 20, 1)])
def test_nested_columns_are_cut_at_row_groups_where_those_may_be_read_whole(
    most: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet(CHAT, tmp_path / "chat.parquet")
    inputs = open_inputs([tmp_path])
    assert same(inputs, 1, 400, monkeypatch) > 5  # read here, and held
    monkeypatch.setattr(PartSizes, "group", 1 << 20)
    assert same(inputs, 1, most, monkeypatch) == count
    part = next(iter(inputs.parts(PartSizes(inputs.memory, 1))))
    assert len(pickle.dumps(part)) < 1_000


BLOCKS = (64, 700, 1 << 20)
PROCESSES = (5, 2, 1)


@pytest.mark.parametrize("kind", [*CUT, *HELD])
@pytest.mark.parametrize(
    ("block", "processes"),
    [
        *zip(BLOCKS, PROCESSES, strict=True),
        *(
            pytest.param(block, processes, marks=pytest.mark.long)
            for block, processes in product(BLOCKS, PROCESSES)
            if BLOCKS.index(block) != PROCESSES.index(processes)
        ),
    ],
)
def test_however_files_are_cut_their_parts_are_the_rows_of_the_whole(
    kind: str, block: int, processes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = (CUT | HELD)[kind]
    for name, rows in (("a", FRAME[:50]), ("b", FRAME[50:51]), ("c", FRAME[51:70])):
        write(rows, tmp_path / f"{name}.{kind}")
    write(FRAME[70:].drop("label"), tmp_path / f"holdout.{kind}")
    monkeypatch.setattr(byte_stream, "BLOCK", block)
    train = [tmp_path / f"{name}.{kind}" for name in "abc"]
    inputs = open_inputs(train, holdout=[tmp_path / f"holdout.{kind}"])
    assert same(inputs, processes, 1 << 30, monkeypatch) >= 4
    assert same(inputs, processes, 1_000, monkeypatch) >= (4 if block > 700 else 8)
    assert same(inputs, processes, 1, monkeypatch) >= (4 if block > 700 else 8)


@pytest.mark.parametrize("kind", ["parquet", "jsonl", "arrow"])
def test_records_with_objects_inside_are_cut_like_any(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    CUT[kind](CHAT, tmp_path / f"a.{kind}")
    monkeypatch.setattr(byte_stream, "BLOCK", 700)
    assert same(open_inputs([tmp_path]), 2, 1_000, monkeypatch) > 4


@pytest.mark.parametrize("lazy", [False, True])
def test_a_frame_is_cut_like_a_file(lazy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = open_inputs([FRAME.lazy() if lazy else FRAME])
    assert same(inputs, 2, 1_000, monkeypatch) > 4


@pytest.mark.parametrize("kind", CUT)
def test_a_part_of_a_local_file_is_small_and_holds_no_row(kind: str, tmp_path: Path) -> None:
    CUT[kind](pl.concat([FRAME] * 20), tmp_path / f"a.{kind}")
    for part in open_inputs([tmp_path]).parts(PartSizes(0, 1)):
        packed = pickle.dumps(part)
        assert len(packed) < 4_000
        assert b"quoted" not in packed


def test_parts_shrink_towards_the_end_and_are_whole_for_one_process() -> None:
    sizes, lengths = PartSizes(100 << 20, 2), []
    while sizes.left:
        lengths.append(sizes.size())
        sizes.take(lengths[-1])
    assert lengths == sorted(lengths, reverse=True)
    assert (lengths[0], lengths[-1]) == (PartSizes.most, PartSizes.least)
    assert PartSizes(1 << 20, 1).size() == PartSizes.most


@pytest.mark.parametrize("kind", CUT)
def test_a_file_that_changed_before_a_part_was_read_is_an_error(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{kind}"
    CUT[kind](FRAME, path)
    [part] = open_inputs([path]).parts(PartSizes(0, 1))
    packed = pickle.dumps(part)
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(InputError, match=rf"a\.{re.escape(kind)}: changed while it was read"):
        list(pickle.loads(packed).frames())  # noqa: S301 - our own


@pytest.mark.usefixtures("eager_workers")
@pytest.mark.parametrize("kind", ["jsonl", "json"])  # read by the worker, and sent to it
def test_what_a_worker_cannot_read_ends_the_scan_with_one_line(
    kind: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / f"a.{kind}"
    (CUT | HELD)[kind](FRAME, path)
    parts = Inputs.parts

    def changed(inputs: Inputs, sizes: PartSizes) -> object:
        path.write_bytes(path.read_bytes() + b"\n")
        return parts(inputs, sizes)

    monkeypatch.setattr(Inputs, "parts", changed)
    options = ("--only", "markings", "--workers", "2", "--output", str(tmp_path / "out"), "--quiet")
    said = Shell(tmp_path, capsys)("scan", str(path), *options)
    assert said.code == 2
    assert said.err.count("\n") == 1
    assert f"a.{kind}: changed while it was read" in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", [*CUT, *HELD])
def test_without_columns_rows_are_counted_and_no_file_is_read(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (CUT | HELD)[kind](FRAME, tmp_path / f"a.{kind}")
    inputs = open_inputs([tmp_path])
    monkeypatch.setattr(byte_stream.ByteStream, "__enter__", None)
    monkeypatch.setattr(pl, "scan_parquet", None)
    table = pl.concat(inputs.tables([]))
    assert table.columns == ["__split", "__file", "__row"]
    assert table["__row"].to_list() == list(range(90))
