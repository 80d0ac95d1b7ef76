"""Every part inside a column has a role; text that nobody reads is named as columns are."""

from collections.abc import Mapping, Sequence

import polars as pl

from ftaudit.checks.schema import Schema
from ftaudit.model.check import Context
from ftaudit.model.watched_parts import WatchedParts, covers
from ftaudit.records.detect import recognise
from ftaudit.records.recognised import Recognised
from ftaudit.records.roles import Role
from tests.conftest import dataset
from tests.records.held import Record
from tests.records.written import written

WORDS = ("rivers", "bridges", "markets", "gardens")
NOTES = [f"Asked by a visitor who saw the {word} before" for word in WORDS]


def parts_of(records: Sequence[Record], *ignored: str) -> Recognised:
    frame, json_columns = written(records)
    chosen = dict.fromkeys(ignored, Role.IGNORED)
    return recognise(frame.schema, json_columns, sample=frame, chosen=chosen)


def squad(extra: Mapping[str, object] | None = None) -> list[Record]:
    return [
        {
            "question": f"Where are the {word} of the town?",
            "context": f"The {word} of the town are in the north, behind hall {i}.",
            "answers": {"text": [f"behind hall {i}"], "answer_start": [40]},
            "meta": {"source": f"survey {i}", "seen": "2024-05-01", **(extra or {})},
        }
        for i, word in enumerate(WORDS)
    ]


def turns(key: str, values: Sequence[object]) -> list[Record]:
    return [
        {
            "messages": [
                {"role": "user", "content": f"Where are the {word}?", key: value},
                {"role": "assistant", "content": "In the north of the town."},
            ]
        }
        for word, value in zip(WORDS, values, strict=True)
    ]


def test_parts_of_objects_have_the_role_of_what_is_read_from_them() -> None:
    parts = parts_of(squad())
    assert parts.unread == ()
    assert parts.read_parts == {
        "answers.text[]": "output",
        "answers.answer_start": "metadata",
        "meta.source": "metadata",
        "meta.seen": "metadata",
    }
    assert {"answers.text[]", "meta.source"} <= parts.beside.keys()


def test_text_in_a_part_that_nobody_reads_is_not_read_whatever_its_column_is() -> None:
    records = squad()
    noted: list[Record] = [
        {**record, "meta": {"note": note}} for record, note in zip(records, NOTES, strict=True)
    ]
    assert parts_of(noted).unread == ("meta.note",)
    assert parts_of(turns("note", NOTES)).unread == ("messages[].note",)
    deep = [{"by": {"words": note}} for note in NOTES]
    assert parts_of(turns("seen", deep)).unread == ("messages[].seen.by.words",)


def test_ids_numbers_dates_and_addresses_in_parts_are_metadata() -> None:
    extra = {"id": "a-77", "score": 0.5, "day": "2024-05-01", "hash": "0fa3 99cc aa11 bb22"}
    parts = parts_of(squad({**extra, "user_agent": "a browser of the old kind, 5.0"}))
    assert parts.unread == ()
    assert {parts.read_parts[f"meta.{key}"] for key in (*extra, "user_agent")} == {"metadata"}


def test_text_that_the_record_holds_already_is_a_copy() -> None:
    records = squad()
    asked = ({"asked": r["question"], "id": "survey-of-the-town-7"} for r in records)
    repeated: list[Record] = [{**r, "meta": m} for r, m in zip(records, asked, strict=True)]
    assert parts_of(repeated).read_parts["meta.asked"] == "copy"


def test_a_part_that_is_not_used_is_named_and_does_not_block() -> None:
    for name in ("messages[].note", "messages.note"):
        parts = parts_of(turns("note", NOTES), name)
        assert parts.unread == ()
        assert parts.not_read == (name,)


def test_keys_that_may_be_text_of_the_data_are_not_shown() -> None:
    keyed = [{f"mia{i}@example.org": note} for i, note in enumerate(NOTES)]
    assert parts_of(turns("mail", keyed)).unread == ("messages[].mail.*",)


def test_parts_of_tool_calls_are_read_as_calls() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    asked = {"arguments": '{"place": "the north of the old town"}', "name": "find"}
    calls = [[{**call, "function": asked}]] * 4
    assert parts_of(turns("tool_calls", calls)).unread == ()


def test_parts_that_turn_out_to_be_text_after_the_first_rows_are_counted() -> None:
    watched = WatchedParts(nested=frozenset({"meta"}), closed=frozenset({"meta.kept"}))
    fields = [
        [{"path": "meta.note[1]", "text": NOTES[0]}, {"path": "meta.kept", "text": NOTES[1]}],
        [{"path": "meta.id", "text": "a7"}],
    ]
    data = dataset([{"input": "a", "fields": held} for held in fields])
    check = Schema.prepare(Context("plain", {}, data.files, {"train": 2}, {}, watched=watched))
    assert isinstance(check, Schema)
    totals = pl.concat([check.map(batch).partials for batch in data.rows.batches()])
    judged = check.judge(check.combine(totals))
    assert judged.metrics["schema.unread_columns"] == 1
    assert judged.coverage["columns_not_read"] == ("meta.note[]",)


def test_a_path_covers_what_is_within_it() -> None:
    assert covers("a.b", "a[].b.c")
    assert covers("a.*", "a.x")
    assert not covers("a.b", "a.bc")
    assert not covers("a.b.c", "a.b")
