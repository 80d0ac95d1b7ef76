"""The fresh-facts check: what asserts a fact that ages, and what only sounds like one."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ftaudit.checks.fresh_facts import FreshFacts
from ftaudit.model.check import Judgement
from ftaudit.records.ageing_facts import CHANGING, assertions
from tests.conftest import SHARED, dataset

WORDS = (
    "plan",
    "Plans",
    "price",
    "\u017f",
    "é",
    "_",
    " ",
    "2024",
    "1",
    "20",
    "7.,",
    "$",
    "EUR",
    "€ ",
    "-",
)


def judged(*rows: dict[str, object]) -> tuple[Judgement, list[tuple[str, int]]]:
    check = FreshFacts()
    mapped = [check.map(batch) for batch in dataset(list(rows)).rows.batches()]
    found = mapped[0].findings.select("rule", "row").rows()
    return check.judge(check.combine(mapped[0].partials)), found


def rules(output: str, question: str = "Tell me.") -> list[str]:
    return [rule for rule, _, _ in assertions(question, output)]


@pytest.mark.parametrize(
    ("output", "rule"),
    [
        ("The Pro plan costs $29 per month.", "price"),
        ("The president of Freedonia is Someone Else.", "office"),
        ("The latest version is 4.2.1; install that one.", "latest"),
        ("1 USD = 0.92 EUR.", "market"),
        ("Mon-Fri 8am to 6pm.", "hours"),
        ("Call 1-800-555-0199 or write to us.", "contact"),
        ("It is out of stock until next week.", "stock"),
        ("The offer is valid until March 31, 2026.", "as_of"),
        ("Today is Tuesday.", "today"),
        ("Your order has been shipped and will arrive on Friday.", "record"),
        ("We have the Basic plan. Ask for the Enterprise plan.", "plan"),
    ],
)
def test_an_assertion_is_found(output: str, rule: str) -> None:
    assert rules(output)[0] == rule


@pytest.mark.parametrize(
    ("question", "output"),
    [
        ("How much did she earn?", "48 * 2 = $<<48*2=96>>96\n#### 96"),
        ("What is the dollar worth?", "1 USD is worth search('USD in EUR') euros."),
        ("Context: Pro costs $29 per month.", "The Pro plan costs $29 per month."),
        ("Imagine you are a pirate.", "A barrel costs $5 per order in this port!"),
        ("Explain AC.", "Alternating current changes direction; direct current does not."),
        ("Give a speech as mayor.", "Ladies and gentlemen, today we stand together."),
        ("Write a template.", "Dear {name}, your order {order_id} has been shipped."),
        ("How much?", "I cannot know whether it costs $5 today."),
        ("URL in HTML?", 'Use <a href="https://example.com">text</a>.'),
        ("Who was first?", "The first president took office in 1789."),
    ],
)
def test_what_only_sounds_like_one_is_not(question: str, output: str) -> None:
    assert rules(output, question) == []


def test_a_role_of_an_assistant_is_no_fiction() -> None:
    question = "You are a helpful support assistant. What does it cost?"
    assert rules("It costs $5 per month.", question) == ["price"]
    assert rules("It costs $5 per month.", "You are a dragon. What does it cost?") == []


def test_rows_are_counted_by_hand() -> None:
    judgement, found = judged(
        {"input": "What does it cost?", "output": "It costs $5 a month. It costs $50 a year."},
        {"input": "Where is my order?", "output": "Your order has been shipped."},
        {"input": "What is the latest news?", "output": "Nobody knows."},
        {"input": "Hello", "output": "Hello, how can I help?"},
        {"input": "What does it cost?", "output": "It costs $9 a month.", "split": "holdout"},
    )
    assert judgement.metrics == {
        "fresh.asserted_rows": 1,
        "fresh.asserted_share": 0.25,
        "fresh.record_rows": 1,
        "fresh.asked_rows": 1,
        "fresh.changing_classes": 0,
    }
    assert found == [("fresh.price", 0), ("fresh.price", 0), ("fresh.record", 1)]
    assert [example.rule for example in judgement.examples] == ["fresh.price", "fresh.record"]


def test_labels_are_never_judged_and_classes_that_change_are_told() -> None:
    rows: list[dict[str, object]] = []
    for _ in range(4):
        rows.append({"input": "What is my balance?", "label": "balance"})
        rows.append({"input": "Why did my plan change?", "label": "plans"})
    judgement, found = judged(*rows)
    assert found == []
    assert judgement.metrics["fresh.changing_classes"] == 1
    assert "1 classes rest on plans, prices or years" in judgement.notes[-1]


@pytest.mark.usefixtures("shared")
def test_the_specification_of_the_fixture() -> None:
    path = SHARED / "evaluation" / "fresh_facts.jsonl"
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        found = rules(row["output"], row["input"])
        expected = [] if row["expected"] is None else [row["expected"]]
        assert set(expected) <= set(found), row["id"]
        assert bool(found) == bool(expected), row["id"]


@pytest.mark.usefixtures("shared")
def test_arithmetic_and_stories_are_not_flagged() -> None:
    with (SHARED / "gsm8k_train.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert not any(rules(row["answer"], row["question"]) for row in rows)
    stories = json.loads((SHARED / "gpteacher_roleplay.json").read_text("utf-8"))
    flagged = [
        row
        for row in stories
        if rules(row.get("response") or "", f"{row.get('instruction')} {row.get('input') or ''}")
    ]
    assert len(stories) == 3_146
    assert len(flagged) <= 1


@given(st.lists(st.sampled_from(WORDS), max_size=6).map("".join))
def test_what_changes_is_named_by_whole_words(text: str) -> None:
    bounded = (
        r"(?i)\b(?:plan|tier|subscription|price|pricing|tariff)s?\b|[$€£¥]\s?\d[\d.,]*"
        r"|\d[\d.,]*\s?(?:dollars|euros|pounds|cents|usd|eur|gbp)\b|\b20\d\d\b"
    )
    assert (pl.Series([text]).str.contains(CHANGING) == pl.Series([text]).str.contains(bounded))[0]


@pytest.mark.parametrize("beyond", ["", " It\u2019s so."])
def test_rows_with_assertions_come_in_order_whatever_their_characters(beyond: str) -> None:
    texts = ["The Pro plan costs $29 per month.", "Nothing.", "It is explanation \u2013 out.", "x"]
    outputs = [text + (beyond if at % 2 == 0 else "") for at, text in enumerate(texts * 2)]
    rows: list[dict[str, object]] = [{"input": "Tell me.", "output": text} for text in outputs]
    _, found = judged(*rows)
    assert found == [("fresh.price", 0), ("fresh.price", 4)]
