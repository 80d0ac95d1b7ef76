"""Files, folders and frames become one dataset, whatever their order and place."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from ftaudit.model.errors import InputError, UsageError
from ftaudit.model.progress import Advance
from ftaudit.readers import byte_stream
from ftaudit.readers.inputs import Inputs, open_inputs


def write(path: Path, *texts: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("text\n" + "".join(f"{text}\n" for text in texts))
    return path


def names(inputs: Inputs) -> list[tuple[str, str]]:
    return [(file.split, file.name) for file in inputs.files]


def table(inputs: Inputs) -> pl.DataFrame:
    return pl.concat(inputs.tables())


def test_a_folder_is_split_by_the_names_in_it(tmp_path: Path) -> None:
    for i, name in enumerate(["train-00000-of-00002.csv", "train-00001-of-00002.csv"]):
        write(tmp_path / "data" / name, f"t{i}")
    write(tmp_path / "data" / "test-00000-of-00001.csv", "h")
    write(tmp_path / "dev" / "0.csv", "v")
    (tmp_path / "README.md").write_text("not data")
    inputs = open_inputs([tmp_path])
    assert names(inputs) == [
        ("train", "data/train-00000-of-00002.csv"),
        ("train", "data/train-00001-of-00002.csv"),
        ("validation", "dev/0.csv"),
        ("holdout", "data/test-00000-of-00001.csv"),
    ]
    assert table(inputs)["text"].to_list() == ["t0", "t1", "v", "h"]


def test_a_folder_without_split_names_is_training_data(tmp_path: Path) -> None:
    write(tmp_path / "b.csv", "b")
    write(tmp_path / "a.csv", "a")
    assert names(open_inputs([tmp_path])) == [("train", "a.csv"), ("train", "b.csv")]


def test_a_folder_given_as_holdout_is_all_holdout(tmp_path: Path) -> None:
    write(tmp_path / "h" / "train.csv", "a")
    write(tmp_path / "h" / "test.csv", "b")
    inputs = open_inputs([write(tmp_path / "x.csv", "x")], holdout=[tmp_path / "h"])
    assert names(inputs) == [("train", "x.csv"), ("holdout", "test.csv"), ("holdout", "train.csv")]


def test_a_folder_that_names_no_training_file_is_training_data(tmp_path: Path) -> None:
    write(tmp_path / "test.csv", "a")
    assert names(open_inputs([tmp_path])) == [("train", "test.csv")]


def test_a_file_named_by_the_user_has_the_role_it_is_given(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a")
    kept = write(tmp_path / "kept.csv", "b")
    inputs = open_inputs([tmp_path], holdout=[kept])
    assert names(inputs) == [("train", "a.csv"), ("holdout", "kept.csv")]


def test_a_pattern_finds_what_it_matches(tmp_path: Path) -> None:
    write(tmp_path / "a" / "train.csv", "a")
    write(tmp_path / "b" / "test.csv", "b")
    (tmp_path / "a" / "train.txt").write_text("x")
    inputs = open_inputs([str(tmp_path / "**" / "*")])
    assert names(inputs) == [("train", "train.csv"), ("holdout", "test.csv")]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a[1].csv", "a")
    frame = pl.DataFrame({"text": ["b"]})
    frame.write_parquet(tmp_path / "b[*].parquet")
    inputs = open_inputs([path, tmp_path / "b[*].parquet"])
    assert table(inputs)["text"].to_list() == ["a", "b"]


def test_equal_names_grow_until_they_differ(tmp_path: Path) -> None:
    paths = [write(tmp_path / d / "x" / "d.csv", d) for d in ("a", "b")]
    paths.append(write(tmp_path / "other.csv", "c"))
    inputs = open_inputs(paths)
    assert names(inputs) == [("train", "a/x/d.csv"), ("train", "b/x/d.csv"), ("train", "other.csv")]


def test_the_order_of_files_given_means_nothing(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"{n}.csv", n, n + n) for n in "abc"]
    held = [write(tmp_path / f"{n}.csv", n + "h") for n in "de"]
    tables = [
        (open_inputs(train, holdout=holdout))
        for train in permutations(paths)
        for holdout in permutations(held)
    ]
    assert all(names(one) == names(tables[0]) for one in tables)
    assert all(table(one).equals(table(tables[0])) for one in tables)


def test_a_file_given_twice_counts_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a")
    assert names(open_inputs([path, tmp_path, str(path)])) == [("train", "a.csv")]


def test_places_come_before_the_user_s_columns(tmp_path: Path) -> None:
    train = write(tmp_path / "a.csv", "a", "b")
    inputs = open_inputs([train], holdout=[write(tmp_path / "b.csv", "c")])
    assert table(inputs).schema == {
        "__split": pl.String,
        "__file": pl.UInt32,
        "__row": pl.UInt64,
        "text": pl.String,
    }
    assert table(inputs).rows() == [
        ("train", 0, 0, "a"), ("train", 0, 1, "b"), ("holdout", 1, 0, "c")
    ]  # fmt: skip
    assert pl.concat(inputs.tables([])).columns == ["__split", "__file", "__row"]
    with pytest.raises(UsageError, match="no column nope; there are text"):
        list(inputs.tables(["nope"]))


def test_columns_come_in_the_order_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "a.jsonl").write_text('{"a":1,"b":2,"c":3}')
    pl.DataFrame({"a": [1], "b": [2], "c": [3]}).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame({"a": [1], "b": [2], "c": [3]}).write_ipc(tmp_path / "a.arrow")
    for kind in ("csv", "jsonl", "parquet", "arrow"):
        inputs = open_inputs([tmp_path / f"a.{kind}"])
        assert pl.concat(inputs.tables(["c", "a"])).columns[3:] == ["c", "a"]
        assert len(pl.concat(inputs.tables([]))) == 1


def test_every_column_of_csv_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('id,label,x\n007,"",\n1e3,NA,null\n')
    assert table(open_inputs([tmp_path / "a.csv"])).rows() == [
        ("train", 0, 0, "007", "", None), ("train", 0, 1, "1e3", "NA", "null")
    ]  # fmt: skip


def test_an_empty_header_name_is_called_by_its_position(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",text\n0,a\n")
    assert list(open_inputs([tmp_path / "a.csv"]).schema) == ["column_1", "text"]


def test_blank_lines_are_no_rows_and_lines_stay_right(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'\r\ntext,b\r\n\r\n"x\r\ny",1\r\n\r\nz,"2"\r\n,\r\n\n')
    inputs = open_inputs([tmp_path / "a.csv"])
    assert table(inputs).rows() == [
        ("train", 0, 0, "x\r\ny", "1"), ("train", 0, 1, "z", "2"), ("train", 0, 2, None, None)
    ]  # fmt: skip
    lines = inputs.files[0].lines
    assert lines is not None
    assert lines.line(np.arange(3, dtype=np.uint64)).tolist() == [4, 7, 8]


def test_quotes_inside_unquoted_cells_are_quotes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text,b\n5" pipe,say "hi"\n"x\ry",z\n', newline="")
    assert table(open_inputs([tmp_path / "a.csv"])).select("text", "b").rows() == [
        ('5" pipe', 'say "hi"'), ("x\ry", "z")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "twice",
    [
        '{"a":"x","a":"y"}',
        '{"a":"x","\\u0061":"y"}',
        '{"a":"x", "m":[{"k":"1","k":"2"}]}',
        '{"a":"x","m":[{"k": "1", "k": "2"}]}',
    ],
)
def test_a_key_that_stands_twice_is_refused_wherever_it_stands(tmp_path: Path, twice: str) -> None:
    plain = '{"a":"z"}' if "m" not in twice else '{"a":"z","m":[{"k":"0"}]}'
    (tmp_path / "a.jsonl").write_text("\n".join([plain] * 70 + [twice]))
    with pytest.raises(InputError, match=r"line 71 \(the key [ak] stands twice\)"):
        open_inputs([tmp_path / "a.jsonl"])


def test_clashing_inner_types_become_json_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"m": [{"content": "x"}], "n": {}, "d": {"a": 1}}\n'
        '{"m": [ {"content": ["\\u00e9", 1.0]} ], "n": {}}\n{"m": null, "n": {}}\n'
    )
    inputs = open_inputs([tmp_path / "a.jsonl"])
    assert inputs.json_columns == {"m", "n"}
    assert table(inputs)["m"].to_list() == ['[{"content":"x"}]', '[{"content":["é",1.0]}]', None]
    assert table(inputs)["n"].to_list() == ["{}"] * 3
    assert inputs.schema["d"] == pl.Struct({"a": pl.Int64})


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"mixed": 1, "wide": 9007199254740993, "huge": 18446744073709551616, '
        '"both": 9007199254740993}\n'
        '{"mixed": 2.5, "wide": 1, "huge": 1, "both": 0.5}\n'
    )
    inputs = open_inputs([tmp_path / "a.jsonl"])
    assert inputs.json_columns == {"huge", "both"}
    assert table(inputs).row(0)[3:] == (
        1.0, 9007199254740993, "18446744073709551616", "9007199254740993"
    )  # fmt: skip
    assert inputs.schema["mixed"] == pl.Float64


def test_an_object_used_as_a_dictionary_becomes_json_text(tmp_path: Path) -> None:
    lines = "\n".join(f'{{"d": {{"k{i}": {i}}}}}' for i in range(400))
    (tmp_path / "a.jsonl").write_text(lines)
    inputs = open_inputs([tmp_path / "a.jsonl"])
    assert inputs.json_columns == {"d"}
    assert table(inputs)["d"][399] == '{"k399":399}'


def test_keys_that_no_struct_can_have_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"a\\"b": "x", "m": [{"c\\\\d": 1}], "": "e"}\n' * 200)
    row = table(open_inputs([tmp_path / "a.jsonl"])).row(199, named=True)
    assert row == {
        "__split": "train", "__file": 0, "__row": 199, 'a"b': "x", "m": [{"c\\d": 1}], "": "e"
    }  # fmt: skip


def test_json_lines_in_a_json_file_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('\n\n{"a": 1}\n{"a": 2}\n')
    inputs = open_inputs([tmp_path / "a.json"])
    assert table(inputs)["a"].to_list() == [1, 2]
    assert inputs.files[0].lines is not None


def test_types_that_differ_harmlessly_are_widened(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"i": 1, "n": null, "m": [{"a": "x"}], "t": 7}')
    (tmp_path / "b.jsonl").write_text('{"i": 1.5, "n": "s", "m": [{"b": 2}], "t": 8}')
    frame = pl.DataFrame(
        {"i": [2], "n": ["c"], "m": [[{"a": "y"}]], "t": [9]},
        schema_overrides={"i": pl.Int16, "n": pl.Categorical},
    )
    frame.write_parquet(tmp_path / "c.parquet")
    inputs = open_inputs([tmp_path])
    assert table(inputs).drop("__split", "__file", "__row").rows() == [
        (1.0, None, [{"a": "x", "b": None}], 7),
        (1.5, "s", [{"a": None, "b": 2}], 8),
        (2.0, "c", [{"a": "y", "b": None}], 9),
    ]


def test_text_from_csv_and_integers_meet_as_text(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"label": 7}')
    (tmp_path / "b.csv").write_text("label\n7\n")
    inputs = open_inputs([tmp_path / "a.jsonl"], holdout=[tmp_path / "b.csv"])
    assert table(inputs)["label"].to_list() == ["7", "7"]


def test_clashing_inner_types_of_two_files_become_json_text_in_both(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"m": [{"content": "x"}]}')
    (tmp_path / "b.jsonl").write_text('{"m": [{"content": ["y"]}]}')
    inputs = open_inputs([tmp_path])
    assert inputs.json_columns == {"m"}
    assert table(inputs)["m"].to_list() == ['[{"content":"x"}]', '[{"content":["y"]}]']


def test_holdout_data_may_lack_columns_or_have_more_but_not_both(tmp_path: Path) -> None:
    for name, head in {
        "t": "text,label",
        "less": "text",
        "more": "text,label,x",
        "both": "text,x",
    }.items():
        (tmp_path / f"{name}.csv").write_text(
            f"{head}\n{','.join(name for _ in head.split(','))}\n"
        )
    less = open_inputs([tmp_path / "t.csv"], holdout=[tmp_path / "less.csv"])
    assert table(less).row(1)[3:] == ("less", None)
    more = open_inputs([tmp_path / "t.csv"], holdout=[tmp_path / "more.csv"])
    assert table(more).row(1)[3:] == ("more", "more")
    with pytest.raises(InputError, match=r"both.csv: its columns are not those of t.csv: it lac"):
        open_inputs([tmp_path / "t.csv"], holdout=[tmp_path / "both.csv"])


class Stream:
    """A table that hands itself out once, through the Arrow C interface only."""

    def __init__(self, table_: pa.Table) -> None:
        self.reader = pa.RecordBatchReader.from_batches(table_.schema, table_.to_batches())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.reader.__arrow_c_stream__(requested_schema)


def test_frames_are_read_like_files() -> None:
    frame = pl.DataFrame({"text": ["a", "b"], "label": pl.Series(["x", "y"], dtype=pl.Categorical)})
    whole, lazy = open_inputs([frame]), open_inputs([frame.lazy()])
    cut = open_inputs([pl.concat([frame[:1], frame[1:]], rechunk=False)])
    stream = open_inputs([Stream(frame.to_arrow())])
    assert names(whole) == [("train", "train-frame")]
    digests = {one.files[0].sha256 for one in (whole, lazy, cut, stream)}
    assert len(digests) == 1
    for one in (whole, lazy, cut, stream, stream):
        assert table(one).rows() == [("train", 0, 0, "a", "x"), ("train", 0, 1, "b", "y")]


def test_the_digest_of_a_frame_tells_contents_apart() -> None:
    frames = [
        pl.DataFrame({"a": ["1"]}), pl.DataFrame({"a": [1]}), pl.DataFrame({"b": ["1"]}),
        pl.DataFrame({"a": [None]}), pl.DataFrame({"a": ["1", "1"]}),
        pl.DataFrame({"a": [b"\x00"]}),
    ]  # fmt: skip
    assert len({open_inputs([frame]).files[0].sha256 for frame in frames}) == len(frames)


def test_several_frames_are_called_by_their_content() -> None:
    frames = [pl.DataFrame({"text": [text]}) for text in "ab"]
    held = pl.DataFrame({"text": ["c"]})
    one, other = (open_inputs(order, holdout=[held]) for order in (frames, frames[::-1]))
    assert [n for _, n in names(one)] == ["train-frame-1", "train-frame-2", "holdout-frame"]
    assert table(one).equals(table(other))


def test_frames_that_cannot_be_read_say_so() -> None:
    lazy = pl.LazyFrame({"a": ["SECRET"]}).select(pl.col("a").cast(pl.Int64))
    with pytest.raises(InputError, match="the lazy frame cannot be computed") as caught:
        open_inputs([lazy])
    assert "SECRET" not in str(caught.value)
    with pytest.raises(InputError, match="frame: has no data rows"):
        open_inputs([pl.DataFrame({"a": []})])
    with pytest.raises(InputError, match="column a: holds Python objects"):
        open_inputs([pl.DataFrame({"a": [object()]}, schema={"a": pl.Object})])


class Watched:
    def __init__(self) -> None:
        self.stages: list[tuple[str, int | None]] = []
        self.done = 0

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Advance]:
        self.stages.append((name, total))

        def advance(units: int) -> None:
            self.done += units

        yield advance


def test_progress_counts_every_byte(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a" * 99)
    (tmp_path / "b.jsonl").write_text('{"text": "b"}')
    pl.DataFrame({"text": ["c"]}).write_parquet(tmp_path / "c.parquet")
    watched = Watched()
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    open_inputs([tmp_path], progress=watched)
    assert watched.stages == [("reading", size)]
    assert watched.done == size


def test_a_line_of_fifty_megabytes_is_read(tmp_path: Path) -> None:
    long = "x" * (50 << 20)
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{long}"}}\n{{"text": "b"}}\n')
    short = long[: 9 << 20]
    (tmp_path / "b.csv").write_text(f'text\n"{short},"\n{short}\n')
    (tmp_path / "c.json").write_text(f'[{{"text": "{short}"}},{{"text": "b"}}]')
    inputs = open_inputs([tmp_path])
    lengths = [frame["text"].str.len_bytes().to_list() for frame in inputs.tables()]
    assert sorted(n for some in lengths for n in some) == [
        1,
        1,
        9 << 20,
        9 << 20,
        (9 << 20) + 1,
        50 << 20,
    ]


def test_characters_that_hurt_are_kept(tmp_path: Path) -> None:
    hurt = "\0\x1b[31m\u202e\r\x85\u2028"
    (tmp_path / "a.csv").write_bytes(f'text\n"{hurt}"\n'.encode())
    frame = pl.DataFrame({"text": [hurt]})
    frame.write_ndjson(tmp_path / "b.jsonl")
    frame.write_parquet(tmp_path / "c.parquet")
    assert table(open_inputs([tmp_path]))["text"].to_list() == [hurt] * 3


def test_thousands_of_columns_are_read(tmp_path: Path) -> None:
    columns = 3_000
    head = ",".join(f"c{i}" for i in range(columns))
    (tmp_path / "a.csv").write_text(f"{head}\n{',' * (columns - 1)}\n")
    fields = ",".join(f'"c{i}":null' for i in range(columns))
    (tmp_path / "b.jsonl").write_text(f"{{{fields}}}\n")
    assert table(open_inputs([tmp_path])).shape == (2, columns + 3)


def test_memory_stays_bounded_by_the_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a.csv", *("x" * 100 for _ in range(5_000)))
    monkeypatch.setattr(byte_stream, "BLOCK", 10_000)
    heights = [frame.height for frame in open_inputs([tmp_path / "a.csv"]).tables()]
    assert sum(heights) == 5_000
    assert max(heights) <= 200


def test_names_never_hold_where_the_data_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.csv", "a")
    monkeypatch.chdir(tmp_path)
    for given in ("a.csv", "./a.csv", tmp_path / "a.csv", ".", f"../{tmp_path.name}", "*.csv"):
        assert names(open_inputs([given])) == [("train", "a.csv")]
    assert not any(os.sep in name for _, name in names(open_inputs(["a.csv"])))


def test_what_an_audit_wrote_into_the_folder_is_no_data(tmp_path: Path) -> None:
    write(tmp_path / "d" / "train.csv", "a")
    for folder in (tmp_path / "d", tmp_path / "d" / "ftaudit-out"):
        folder.mkdir(exist_ok=True)
        statement = '{"_type": "https://in-toto.io/Statement/v1", "predicate": {}}'
        (folder / "manifest.json").write_text(statement)
        (folder / "findings.parquet").write_bytes(b"PAR1")
        (folder / "profile.json").write_text("{}")
    assert names(open_inputs([tmp_path / "d"])) == [("train", "train.csv")]


def test_files_that_are_only_called_like_results_are_data(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "manifest.json").write_text('[{"text": "a"}]')
    pl.DataFrame({"text": ["b"]}).write_parquet(folder / "findings.parquet")
    assert [name for _, name in names(open_inputs([folder]))] == [
        "findings.parquet",
        "manifest.json",
    ]
