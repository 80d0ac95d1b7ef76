from pathlib import Path

import polars as pl
import pytest

from ftaudit.model.errors import InputError, UsageError
from ftaudit.records.detect import recognise
from ftaudit.records.recognised import Recognised
from ftaudit.records.record_formats import FORMATS
from tests.records.written import as_scanned

S = pl.String
TURNS = pl.List(pl.Struct({"role": S, "content": S}))
SPEECH = pl.List(pl.Struct({"from": S, "value": S}))


def recognised(columns: object, *json_columns: str, **options: object) -> Recognised:
    schema = pl.Schema(dict.fromkeys(columns, S) if isinstance(columns, list) else columns)  # type: ignore[arg-type] # a test's own words
    return recognise(schema, frozenset(json_columns), **options)  # type: ignore[arg-type] # a test's own words


@pytest.mark.parametrize(
    ("columns", "description"),
    [
        (["text", "category"], "classification: input=text, label=category"),
        ({"sentence": S, "label": pl.Int64}, "classification: input=sentence, label=label"),
        (["utterance", "Intent"], "classification: input=utterance, label=Intent"),
        (["question", "label"], "classification: input=question, label=label"),
        (["question", "answer"], "completion: input=question, output=answer"),
        (["Prompt", "completion"], "completion: input=Prompt, output=completion"),
        (["input", "output"], "completion: input=input, output=output"),
        (["query", "response"], "completion: input=query, output=response"),
        (
            ["context", "question", "answer"],
            "completion: input=question, output=answer, context=context",
        ),
        (["instruction", "output"], "alpaca: input=instruction, output=output"),
        (
            ["instruction", "input", "output"],
            "alpaca: input=instruction, output=output, context=input",
        ),
        (
            ["instruction", "context", "response", "category"],
            "alpaca: input=instruction, output=response, context=context",
        ),
        ({"messages": TURNS}, "chat: input=messages, output=messages"),
        ({"conversations": SPEECH}, "sharegpt: input=conversations, output=conversations"),
        ({"conversations": TURNS}, "chat: input=conversations, output=conversations"),
        (["messages"], "chat: input=messages, output=messages"),
        (
            {"messages": TURNS, "tools": pl.List(pl.Struct({"type": S}))},
            "chat: input=messages, output=messages, tools=tools",
        ),
        (
            ["prompt", "chosen", "rejected"],
            "preference: input=prompt, output=chosen, rejected=rejected",
        ),
        (
            {"chosen": TURNS, "rejected": TURNS},
            "preference: input=chosen, output=chosen, rejected=rejected",
        ),
        (
            {"prompt": S, "completion": S, "label": pl.Boolean},
            "kto: input=prompt, output=completion, label=label",
        ),
        (
            {
                "input": pl.Struct({"messages": TURNS}),
                "preferred_output": TURNS,
                "non_preferred_output": TURNS,
            },
            "dpo: input=input, output=preferred_output, rejected=non_preferred_output",
        ),
        (["text"], "plain: input=text"),
        (
            ["id", "text", "license", "source"],
            "plain: input=text, key=id, source_id=source, license=license",
        ),
    ],
)
def test_a_format_is_recognised(columns: object, description: str) -> None:
    assert recognised(columns).description == description


def test_json_columns_are_recognised_by_name() -> None:
    assert recognised(["messages"], "messages").format == "chat"
    assert recognised(["conversations"], "conversations").format == "sharegpt"


def test_real_data_is_recognised(shared: Path) -> None:
    csv = pl.read_csv(shared / "banking77_test.csv", infer_schema=False)
    assert recognised(dict(csv.schema)).description == "classification: input=text, label=category"
    lines = pl.read_ndjson(shared / "gsm8k_test.jsonl")
    assert recognised(dict(lines.schema)).description == "completion: input=question, output=answer"
    array = pl.read_json(shared / "gpteacher_roleplay.json")
    assert recognised(dict(array.schema)).format == "alpaca"


@pytest.mark.parametrize(
    ("columns", "overrides", "description"),
    [
        (
            ["body", "kind"],
            {"input": "body", "label": "kind"},
            "classification: input=body, label=kind",
        ),
        (["text", "category", "b"], {"label": "b"}, "classification: input=text, label=b"),
        (["a", "b"], {"input": "a", "output": "b"}, "completion: input=a, output=b"),
        (["a", "b"], {"input": "a"}, "plain: input=a"),
        (
            ["text", "reply_text"],
            {"output": "reply_text"},
            "completion: input=text, output=reply_text",
        ),
        (
            ["text", "label", "who", "at"],
            {"group": "who", "time": "at"},
            "classification: input=text, label=label, group=who, time=at",
        ),
        ({"talk": TURNS}, {"input": "talk"}, "chat: input=talk, output=talk"),
    ],
)
def test_named_columns_win(columns: object, overrides: object, description: str) -> None:
    assert recognised(columns, overrides=overrides).description == description


def test_group_and_time_are_never_guessed() -> None:
    found = recognised(["text", "label", "group", "time", "customer_id"])
    assert set(found.columns) == {"input", "label"}


def test_the_user_names_the_format() -> None:
    assert recognised(["text", "label"], format_="plain").description == "plain: input=text"


def test_an_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"clasification.*did you mean classification\?.*sharegpt"):
        recognised(["text"], format_="clasification")


def test_a_column_that_does_not_exist_is_suggested() -> None:
    with pytest.raises(UsageError, match=r"--label-column categry: .*did you mean category\?"):
        recognised(["text", "category"], overrides={"label": "categry"})


def test_an_unknown_part_is_an_error() -> None:
    with pytest.raises(UsageError, match="licence cannot be given a column"):
        recognised(["text"], overrides={"licence": "text"})


def test_a_forced_format_says_what_it_needs() -> None:
    with pytest.raises(InputError, match=r"a.csv: format alpaca needs instruction and output"):
        recognised(["text"], format_="alpaca", files=["a.csv"])


def test_no_text_column_lists_the_candidates_with_types() -> None:
    columns = {"foo": S, "bar": pl.Int64, "baz": TURNS, "qux": TURNS}
    with pytest.raises(InputError, match=r"foo \(string\), baz \(list\).*--input-column"):
        recognised(columns, files=["a.jsonl"])


def test_overrides_no_format_reads_are_an_error() -> None:
    with pytest.raises(InputError, match="no record format reads input=a, output=a"):
        recognised(["a"], overrides={"input": "a", "output": "a"})


def test_every_part_that_is_given_or_taught_is_named_by_its_role() -> None:
    found = recognised(["prompt", "chosen", "rejected"])
    assert found.columns == {"input": "prompt", "output": "chosen", "rejected": "rejected"}
    kto = recognised(["prompt", "completion", "label"])
    assert kto.columns == {"input": "prompt", "output": "completion"}
    assert kto.beside == {"label": "label"}


def test_what_is_beside_a_conversation_and_every_key_of_its_turns_has_a_role() -> None:
    turn = {"role": "user", "content": "Where is the hall of the town?", "weight": 0}
    answer = {"role": "assistant", "content": "It is near the river.", "mood": "calm"}
    texts = ("Where is the hall of the town?", "When is it open to people?")
    rows = [{"url": "u", "prompt": t, "messages": [turn | {"content": t}, answer]} for t in texts]
    found, _ = as_scanned(rows)
    assert found.beside == {
        "url": "metadata",
        "prompt": "copy",
        "messages[].role": "speaker",
        "messages[].content": "content",
        "messages[].weight": "weight",
        "messages[].mood": "metadata",
    }


def test_columns_of_true_and_false_are_the_labels() -> None:
    rows = [
        {"text": f"Where do the rivers flow in hall {i}?", "calm": i % 2, "warm": 1, "loud": 0}
        for i in range(4)
    ]
    found, _ = as_scanned(rows)
    assert found.columns["label"] == "calm"


def test_every_format_names_itself_and_what_it_needs() -> None:
    assert all(form.id == id_ and form.needs for id_, form in FORMATS.items())
