import json

import polars as pl

from ftaudit.model.dataset import ROWS
from ftaudit.model.row_id import row_id
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows
from tests.records.held import Held, problems, read, row, typed

FRAME = typed(
    [
        {"id": n, "text": f"text {n}", "label": "x", "score": 0.5, "phone": 4.9e10 + n, "ok": True}
        for n in range(5)
    ]
)


def test_all_columns_have_their_types() -> None:
    assert read(FRAME).schema == ROWS


def test_only_the_asked_columns_are_computed_and_read() -> None:
    held = Held(FRAME)
    rows = CanonicalRows(held, recognise(FRAME.schema, frozenset()))
    (batch,) = rows.batches(["id", "input"])
    assert batch.columns == ["id", "input"]
    assert held.asked == [["text"]]
    next(rows.batches(["file", "row"]))
    assert held.asked[-1] == []


def test_ids_are_of_file_and_row() -> None:
    class Later(Held):
        def tables(self, columns=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202 - a stub
            for table in super().tables(columns):
                yield table.with_columns(pl.lit(3, pl.UInt32).alias("__file"))

    known = recognise(FRAME.schema, frozenset())
    (batch,) = CanonicalRows(Later(FRAME), known).batches(["id", "key"])
    assert batch["id"].to_list() == [row_id(3, n) for n in range(5)]
    assert batch["key"].to_list() == ["0", "1", "2", "3", "4"]


def test_unmapped_columns_are_fields_and_numbers_are_text() -> None:
    fields = row(FRAME)["fields"]
    assert fields == [
        {"path": "id", "text": "0"},
        {"path": "text", "text": "text 0"},
        {"path": "label", "text": "x"},
        {"path": "score", "text": "0.5"},
        {"path": "phone", "text": "49000000000"},
    ]


def test_provenance_columns_are_read() -> None:
    found = row(
        typed([{"text": "a", "source": "web", "license": "MIT", "who": "c1"}]),
        overrides={"group": "who"},
    )
    assert (found["source_id"], found["license"], found["group"]) == ("web", "MIT", "c1")


def test_columns_the_data_does_not_have_are_null() -> None:
    assert set(read(FRAME, columns=["group", "time", "output"]).row(0)) == {None}


def test_a_holdout_without_answers_spoils_no_training() -> None:
    frame = typed([{"text": "a", "label": None}, {"text": None, "label": "x"}])
    held = Held(frame, split="holdout")
    rows = pl.concat(list(CanonicalRows(held, recognise(frame.schema, frozenset())).batches()))
    assert problems(rows) == [[("unanswered_holdout", "label")], [("missing_input", "text")]]


def test_an_empty_table_yields_no_row() -> None:
    rows = CanonicalRows(Held(FRAME[:0]), recognise(FRAME.schema, frozenset()))
    assert sum(batch.height for batch in rows.batches()) == 0


def test_json_text_is_decoded_a_bounded_number_of_rows_at_a_time() -> None:
    frame = pl.DataFrame({"messages": ["[]"] * 9_000})
    rows = CanonicalRows(Held(frame), recognise(frame.schema, frozenset({"messages"})))
    assert [batch.height for batch in rows.batches(["id"])] == [8_192, 808]


def test_turns_as_json_text_in_a_column_that_is_read_as_text_are_said() -> None:
    turns = json.dumps([{"content": "Hello there", "role": "user"}])
    cells = ["How do I pay?", "Where is my card?", turns, '{"city": "Paris"}', "[1, 2]"]
    frame = pl.DataFrame({"prompt": cells, "completion": ["a b", "c d", "e f", "g h", "i j"]})
    known = recognise(frame.schema, frozenset(), sample=frame[:2], cells=frozenset(frame.columns))
    rows = pl.concat(list(CanonicalRows(Held(frame), known).batches()))
    assert problems(rows) == [[], [], [("turns_in_text", "prompt")], [], []]
