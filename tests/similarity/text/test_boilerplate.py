"""Boilerplate: what is left out, what is not, and that nothing but the rows decides it."""

import re
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.model.progress import Silent
from ftaudit.similarity.text import boilerplate
from ftaudit.similarity.text.boilerplate import LEAST_WORDS, find_boilerplate, needed_rows
from ftaudit.similarity.text.row_numbering import RowNumbering
from tests.conftest import dataset
from tests.similarity.plain_passages import without
from tests.similarity.rows import Row, frame, relation, texts_of

TOOLS = "\n".join(
    f'  {{"name": "tool_{name}", "description": "Call this whenever the user asks for {name}, and '
    f'give {name[::-1]}er the words as they are: {name}ing without {name[1:]} is {name[:-1]}y.",\n'
    f'   "parameters": {{"type": "object", "required": ["{name}"]}}}}'
    for name in (
        *("search", "weather", "calendar", "mail", "maps", "music", "notes", "stocks", "camera"),
        *("translate", "taxi", "hotel", "flight", "recipe", "alarm", "light", "heating", "news"),
    )
)


def preamble(i: int) -> str:
    day = f"{1 + i % 28} March 2024, {i % 24:02}:{i % 60:02}"
    return f"system: You are a helpful assistant. Today is {day}. Your tools:\n{TOOLS}\n\nuser: "


def shorter(
    texts: Sequence[str | None], *, cuts: Sequence[int] = ()
) -> tuple[list[str | None], boilerplate.SharedPassages | None]:
    data = dataset([{"input": text} for text in texts], cuts=cuts)
    found = find_boilerplate(data.rows, RowNumbering(data.files), "input", Silent())
    if found is None:
        return list(texts), None
    return found.without(pl.Series(texts, dtype=pl.String)).to_list(), found


def words(text: str | None) -> list[str]:
    return re.findall(r"\w+", text or "")


def test_rows_that_share_a_long_preamble_are_no_duplicates(shared: Path) -> None:
    requests = list(dict.fromkeys(texts_of(shared, "banking77")))[:7_673]
    plain: list[Row] = [{"input": request} for request in requests]
    rows: list[Row] = [{"input": preamble(i) + text} for i, text in enumerate(requests)]
    bare, dressed = frame(relation(plain)), relation(rows)
    assert frame(dressed).select("cluster", "pairs").equals(bare.select("cluster", "pairs"))
    assert dressed.configuration["boilerplate"]
    assert any("--compare text" in note for note in dressed.notes)
    everything = frame(relation(rows, compare="text"))
    assert everything["members"].list.len().to_list() == [len(rows)]
    assert not everything["complete"][0]
    assert everything["pairs"].list.len()[0] < 4 * len(rows)


@pytest.mark.parametrize("name", ["banking77", "gsm8k", "roleplay"])
def test_what_people_often_say_is_no_boilerplate(shared: Path, name: str) -> None:
    assert shorter(texts_of(shared, name))[1] is None


def test_an_instruction_before_a_colon_is_left_out_however_short_the_rest() -> None:
    start = "Translate the following English word into French, answer with one word only: "
    texts = [f"{start}w{i}" for i in range(300)]
    assert [words(text) for text in shorter(texts)[0]] == [[f"w{i}"] for i in range(300)]


def test_a_template_around_a_slot_is_left_out_when_the_slot_says_enough() -> None:
    start, end = "Write a short and friendly product description for a", "that we sell in our shop"
    slots = [f"red{i} green{i} blue{i} pink{i} grey{i} teal{i} gold{i}" for i in range(200)]
    found, _ = shorter([f"{start} {slot} {end} in no more than fifty words" for slot in slots])
    assert [words(text) for text in found] == [slot.split() for slot in slots]


def test_rows_that_differ_in_two_words_stay_one_cluster() -> None:
    start = (
        "my order {} has not come yet and I want to know when {} will bring it to my new address"
    )
    texts = [f"{start} in the old town by the river".format(f"x{i}", f"y{i}") for i in range(500)]
    assert shorter(texts)[0] == texts
    assert frame(relation([{"input": t} for t in texts], threshold=0.5)).height == 1


def test_a_text_that_is_only_boilerplate_is_compared_whole() -> None:
    said = "Please cancel my subscription at the end of the month, I do not want it any more."
    texts = [said] * 200 + [f"{said}\nAnd tell me about offer number{i} too." for i in range(200)]
    found, about = shorter(texts)
    assert found[:200] == texts[:200]
    assert [words(t)[-2:] for t in found[200:]] == [[f"number{i}", "too"] for i in range(200)]
    assert about is not None
    assert about.configuration["rows_touched"] == 200


def test_a_common_greeting_stays_when_a_more_common_prompt_is_left_out() -> None:
    greetings = ["Hi there, how are you?", "Hello, I have a question"] * 100
    texts = [preamble(i) + greeting for i, greeting in enumerate(greetings)]
    texts += [preamble(i) + f"request{i} of mine{i} to you" for i in range(300)]
    assert [words(t)[-3:] for t in shorter(texts)[0][:2]] == [
        ["how", "are", "you"],
        ["have", "a", "question"],
    ]
    assert all("tool" not in str(text) for text in shorter(texts)[0])


def test_dates_do_not_hide_a_prompt_and_other_numbers_stay() -> None:
    texts = [
        f"Today is Monday, {1 + i % 28} May 2024 (2024-05-{1 + i % 28:02} 12:{i % 60:02}), and the "
        f"order is {i}, be brief.\nWhere is parcel{i}?"
        for i in range(200)
    ]
    found, _ = shorter(texts)
    assert [words(t) for t in found] == [[str(i), "Where", "is", f"parcel{i}"] for i in range(200)]


def test_scripts_without_spaces_have_boilerplate_too() -> None:
    texts = [
        f"你是一个乐于助人的助手。请回答用户的问题。\n{chr(0x4E00 + 7 * i)}山" for i in range(200)
    ]
    assert [str(t).strip(" \n。") for t in shorter(texts)[0]] == [t[-2:] for t in texts]


def test_null_and_empty_texts_stay() -> None:
    texts = [preamble(i) + f"request{i}" for i in range(100)] + [None, "", " \n"]
    assert shorter(texts)[0][-3:] == [None, "", " \n"]


def test_a_sample_of_large_data_does_not_depend_on_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boilerplate, "SAMPLE_BYTES", 160_000)
    texts = [preamble(i) + f"request{i} of mine{i} to you" for i in range(400)]
    told = []
    for cuts in ((), (1, 50, 51), tuple(range(1, 400, 7))):
        found = shorter(texts, cuts=cuts)[1]
        assert found is not None
        told.append(found.configuration)
    assert told[0]["rows_looked_at"] == 25
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize(
    ("rows", "looked_at", "needed"),
    [(8, 8, 10), (30, 30, 15), (150, 150, 75), (5_000, 5_000, 100), (100_000, 20_000, 200)],
)
def test_how_many_rows_make_a_passage_boilerplate(rows: int, looked_at: int, needed: int) -> None:
    assert needed_rows(rows, looked_at) == needed


def test_nothing_of_the_text_is_recorded() -> None:
    found = shorter([preamble(i) + f"request{i}" for i in range(100)])[1]
    assert found is not None
    told = repr(dict(found.configuration)) + "".join(found.notes)
    assert "tool_" not in told
    assert "helpful" not in told


@settings(max_examples=60)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "one two six",
                    "a b c d e f g h",
                    "i j k l m n o p q",
                    "山",
                    "z y",
                    "12:30",
                    "7",
                    "Sept",
                    "\n",
                    ". ",
                    "x",
                ]
            ),
            min_size=1,
            max_size=7,
        ).map(" ".join),
        min_size=10,
        max_size=40,
    )
)
def test_what_is_left_out_is_what_the_rule_says(texts: list[str]) -> None:
    least = needed_rows(len(texts), len(texts))
    expected = without([text.encode() for text in texts], least, LEAST_WORDS)
    assert shorter(texts)[0] == [text.decode() for text in expected]
