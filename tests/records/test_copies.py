"""What repeats a text that is read is a copy; a part of a text may be what is to be learned."""

import json
from collections.abc import Sequence

import polars as pl
import pytest

from ftaudit.records.copies import strays
from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows
from tests.records.held import Held, Record
from tests.records.written import as_scanned, written

TEXTS = [f"The council met in hall {i}. It spoke of the rivers all day." for i in range(6)]
ANSWERS = [f"It met in hall number {i} of the town." for i in range(6)]


def unread(records: list[Record]) -> tuple[str, ...]:
    return as_scanned(records)[0].unread


def test_a_prompt_that_the_messages_hold_is_a_copy() -> None:
    turns = [
        [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
        for text, answer in zip(TEXTS, ANSWERS, strict=True)
    ]
    records: list[Record] = [
        {"prompt": f"{text} ", "messages": turn} for text, turn in zip(TEXTS, turns, strict=True)
    ]
    assert unread(records) == ()


def test_a_sentence_taken_from_a_text_is_no_copy() -> None:
    records: list[Record] = [
        {"text": text, "label": "ab"[i % 2], "finding": text.partition(".")[0]}
        for i, text in enumerate(TEXTS)
    ]
    assert unread(records) == ("finding",)


def test_a_record_that_a_template_rendered_is_a_copy_unless_it_says_more() -> None:
    pairs = list(zip(TEXTS, ANSWERS, strict=True))
    rendered: list[Record] = [
        {"instruction": a, "output": b, "whole": f"### Ask: {a} ### Say: {b}"} for a, b in pairs
    ]
    more: list[Record] = [
        {**record, "whole": f"{record['whole']} Note {i} of the clerk."}
        for i, record in enumerate(rendered)
    ]
    assert unread(rendered) == ()
    assert unread(more) == ("whole",)


def stray_rows(records: Sequence[Record], sampled: int, column: str) -> list[tuple[str, int, int]]:
    """Return what all rows show of columns that the first ones show as copies."""
    frame, json_columns = written(records)
    known = recognise(frame.schema, json_columns, sample=frame[:sampled])
    assert known.roles[column] == "copy"
    rows = CanonicalRows(Held(frame), known).batches(["id", "fields"])
    return [found for batch in rows for found in strays(batch, known.copies)]


@pytest.mark.parametrize("rendered", [False, True])
@pytest.mark.parametrize("nested", [False, True])
def test_a_copy_that_turns_out_to_be_none_is_found_in_all_rows(
    *, rendered: bool, nested: bool
) -> None:
    def record(i: int, more: str = "") -> Record:
        text = f"### Ask: {TEXTS[i]} ### Say: {ANSWERS[i]}{more}" if rendered else TEXTS[i] + more
        return {
            "instruction": TEXTS[i],
            "output": ANSWERS[i],
            "whole": [{"text": text}] if nested else text,
        }

    same = [record(i) for i in range(6)]
    assert stray_rows(same, 4, "whole") == []
    other = [*same[:4], record(4, " And more."), record(5, " And other.")]
    assert stray_rows(other, 4, "whole") == [("whole", 2, 4)]


def test_a_copy_of_lists_in_cells_of_csv_is_found_too() -> None:
    turns = [
        json.dumps([{"role": "user", "content": q}, {"role": "assistant", "content": a}])
        for q, a in zip(TEXTS, ANSWERS, strict=True)
    ]
    asked = [*TEXTS[:5], "A wholly different text that nobody reads."]
    cells = pl.DataFrame({"messages": turns, "prompt": asked})
    known = recognise(cells.schema, frozenset(), sample=cells[:4], cells=frozenset(cells.columns))
    assert known.roles["prompt"] == "copy"
    rows = CanonicalRows(Held(cells), known).batches(["id", "fields"])
    found = [stray for batch in rows for stray in strays(batch, known.copies)]
    assert found == [("prompt", 1, 5)]


def test_lists_of_words_that_turn_out_to_be_text_are_watched() -> None:
    records: list[Record] = [{"text": text, "tags": ["a"]} for text in TEXTS]
    known, _ = as_scanned([{**record, "bits": ["x"]} for record in records])
    assert "bits" in known.watched_parts.columns
