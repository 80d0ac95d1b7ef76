import json

import polars as pl

from tests.records.held import as_json, problems, read, row, typed

INPUT = {"messages": [{"role": "user", "content": "a"}]}
GOOD = [{"role": "assistant", "content": "b"}]
BAD = [{"role": "assistant", "content": "c"}]


def record(**changes: object) -> dict[str, object]:
    return {"input": INPUT, "preferred_output": GOOD, "non_preferred_output": BAD} | changes


def test_the_output_is_the_preferred_one() -> None:
    found = row(typed([record()]))
    assert (found["input"], found["output"], found["problems"]) == ("user: a", "b", [])
    assert found["text"] == "user: a\n\nassistant: b\n\nassistant: c"


def test_json_text_reads_the_same() -> None:
    columns = list(record())
    assert row(as_json([record()], *columns), *columns)["text"] == row(typed([record()]))["text"]
    csv = pl.DataFrame([{k: json.dumps(v) for k, v in record().items()}])
    assert row(csv)["text"] == row(typed([record()]))["text"]


def test_what_openai_rejects_is_named() -> None:
    columns = list(record())
    cases = [
        record(preferred_output="b"),
        record(preferred_output=[]),
        record(non_preferred_output=GOOD),
        record(input="a"),
        record(input={"messages": []}),
        record(preferred_output=INPUT["messages"]),
    ]
    assert problems(read(as_json(cases, *columns), columns)) == [
        [("malformed", "preferred_output")],
        [("missing_output", "preferred_output")],
        [("chosen_equals_rejected", "non_preferred_output")],
        [("empty_messages", "input.messages"), ("malformed", "input")],
        [("empty_messages", "input.messages")],
        [("last_role", "preferred_output[0]")],
    ]
