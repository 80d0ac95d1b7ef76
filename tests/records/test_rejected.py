"""What records show in training as an answer not to give."""

import polars as pl
import pytest

from ftaudit.records.detect import recognise
from ftaudit.records.rows import CanonicalRows
from tests.records.held import Held, Record
from tests.records.written import written

ASKED = "Where do the rivers flow in the old town?"
GOOD = "They flow under the three bridges of the harbour."
BAD = "Nobody has ever seen a river in this town, sorry."
OTHER = "There are gardens near the market, open all summer."


def user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def assistant(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


RECORDS: dict[str, tuple[Record, str | None]] = {
    "strings": ({"prompt": ASKED, "chosen": GOOD, "rejected": BAD}, BAD),
    "turns": (
        {"prompt": [user(ASKED)], "chosen": [assistant(GOOD)], "rejected": [assistant(BAD)]},
        BAD,
    ),
    "whole conversations": (
        {"chosen": [user(ASKED), assistant(GOOD)], "rejected": [user(ASKED), assistant(BAD)]},
        BAD,
    ),
    "marked strings": (
        {
            "chosen": f"\n\nHuman: {ASKED}\n\nAssistant: {GOOD}",
            "rejected": f"\n\nHuman: {ASKED}\n\nAssistant: {BAD}",
        },
        BAD,
    ),
    "outputs of OpenAI": (
        {
            "input": {"messages": [user(ASKED)]},
            "preferred_output": [assistant(GOOD)],
            "non_preferred_output": [assistant(BAD)],
        },
        BAD,
    ),
    "undesirable": ({"prompt": ASKED, "completion": BAD, "label": False}, BAD),
    "desirable": ({"prompt": ASKED, "completion": GOOD, "label": True}, None),
    "undesirable turns": ({"messages": [user(ASKED), assistant(BAD)], "label": False}, BAD),
    "second answer": (
        {"prompt": ASKED, "response_a": GOOD, "response_b": BAD, "winner": "model_a"},
        BAD,
    ),
    "first answer": (
        {"prompt": ASKED, "response_a": BAD, "response_b": GOOD, "winner": "model_b"},
        BAD,
    ),
    "tie": ({"prompt": ASKED, "response_a": BAD, "response_b": GOOD, "winner": "tie"}, None),
    "negative": ({"query": ASKED, "positive": GOOD, "negative": BAD}, BAD),
    "negatives": ({"query": ASKED, "pos": [GOOD], "neg": [BAD, OTHER]}, f"{BAD}\n{OTHER}"),
    "no negative": ({"query": ASKED, "positive": GOOD}, None),
    "completion": ({"prompt": ASKED, "completion": GOOD}, None),
}


@pytest.mark.parametrize("shape", RECORDS)
def test_what_a_record_rejects_is_told_from_what_it_teaches(shape: str) -> None:
    record, rejected = RECORDS[shape]
    frame, json_columns = written([record] * 4)
    recognised = recognise(frame.schema, json_columns, files=["a.jsonl"], sample=frame)
    rows = CanonicalRows(Held(frame), recognised)
    for columns in (None, ["id", "rejected"]):  # alone it is read as beside all others
        read = pl.concat(rows.batches(columns))["rejected"].to_list()
        assert read == [rejected] * 4
    assert recognised.rejects or rejected is None


@pytest.mark.parametrize(
    ("record", "has_more"),
    [
        ({"messages": [user(ASKED), assistant(GOOD)]}, False),
        ({"messages": [user(ASKED), assistant(GOOD)], "tools": [{"name": "f"}]}, True),
        ({"prompt": ASKED, "completion": GOOD, "reference_answer": OTHER}, True),
    ],
)
def test_tools_and_reference_answers_are_more_than_texts(record: Record, has_more: bool) -> None:
    frame, json_columns = written([record] * 4)
    recognised = recognise(frame.schema, json_columns, files=["a.jsonl"], sample=frame)
    assert recognised.has_more is has_more
