"""The bias check, on cases counted by hand and on planted ones."""

from datetime import UTC, datetime
from itertools import cycle

import pytest

from ftaudit.checks.bias import Bias
from ftaudit.model.check import Skip
from ftaudit.model.identity_terms import IDENTITY_TERMS
from tests.checks.test_laws import Told, ask
from tests.conftest import canonical, context, dataset

Row = dict[str, object]
FILLERS = ("the form was late", "a parcel got lost", "our login fails", "the fee went up")


def told(rows: list[Row], **parameters: object) -> Told:
    columns = {"input": "text", "label": "label"}
    check = Bias.prepare(context(dataset(rows), columns=columns, parameters=parameters))
    assert not isinstance(check, Skip)
    return ask(check, canonical(rows), [])


def plain(count: int, *labels: str) -> list[Row]:
    """Return rows of which nothing tells the label."""
    texts = [f"case {number}: {FILLERS[number // 2 % 4]}" for number in range(count)]
    return [
        {"input": text, "label": label} for text, label in zip(texts, cycle(labels), strict=False)
    ]


def test_rows_that_differ_in_identity_and_label_are_paired() -> None:
    said = told(
        [
            {"input": "She asked for a loan of 500.", "label": "deny"},
            {"input": "he asked for a loan of 500", "label": "grant"},
            {"input": "He asked for a loan of 500!", "label": "grant"},
            {"input": "He asked for a loan of 900.", "label": "deny"},
            {"input": "They asked for a loan of 500.", "label": "deny"},
        ]
    )
    assert said.judgement.metrics["bias.counterfactual_conflicts"] == 2
    assert said.findings.select("rule", "row", "related_row", "detail").rows() == [
        ("bias.counterfactual", 0, 1, "differs only in terms of gender, and in the label"),
        ("bias.counterfactual", 1, 0, "differs only in terms of gender, and in the label"),
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param(("he is late", "a"), ("she is late", "a"), id="one label"),
        pytest.param(("he is late", "a"), ("he is late", "b"), id="one term"),
        pytest.param(("he is late", "a"), ("she is early", "b"), id="another text"),
        pytest.param(("the theme", "a"), ("the scheme", "b"), id="parts of words"),
        pytest.param(("a muslim said", "a"), ("a woman said", "b"), id="terms of two kinds"),
    ],
)
def test_nothing_else_is_a_conflict(left: tuple[str, str], right: tuple[str, str]) -> None:
    rows: list[Row] = [{"input": text, "label": label} for text, label in (left, right)]
    assert told(rows).judgement.metrics["bias.counterfactual_conflicts"] == 0


def test_planted_conflicts_are_found_all_and_alone() -> None:
    rows = plain(60, "grant", "deny")
    planted: set[int] = set()
    for kind, terms in sorted(IDENTITY_TERMS.items()):
        for number, (one, two) in enumerate(zip(terms[::2], terms[1::2], strict=False)):
            text = f"application {kind} {number} by a {{}} person of the town"
            labels = ("grant", "deny") if number % 2 else ("grant", "grant")
            if number % 2:
                planted |= {len(rows), len(rows) + 1}
            rows += [
                {"input": text.format(term), "label": label}
                for term, label in zip((one, two), labels, strict=True)
            ]
    said = told(rows)
    found = said.findings.filter(rule="bias.counterfactual")["row"].to_list()
    assert set(found) == planted
    assert len(planted) > 50


def test_terms_of_a_policy_are_added() -> None:
    rows: list[Row] = [
        {"input": "Ayşe asks for a loan", "label": "deny"},
        {"input": "Anna asks for a loan", "label": "grant"},
    ]
    assert told(rows).judgement.metrics["bias.counterfactual_conflicts"] == 0
    more = told(rows, identity_terms={"name": ["Ayşe", "Anna"]})
    assert more.judgement.metrics["bias.counterfactual_conflicts"] == 2


def test_a_word_that_tells_the_class_is_found_and_not_named() -> None:
    rows = plain(100, "a", "b")
    assert told(rows).judgement.metrics["bias.artifacts"] == 0
    for row in rows[::2]:
        row["input"] = f"{row['input']} zebra"
    said = told(rows)
    assert said.judgement.metrics["bias.artifacts"] == 1
    (finding,) = said.findings.iter_rows(named=True)
    assert (finding["rule"], finding["row"]) == ("bias.word", 0)
    assert finding["detail"] == "a word of 50 rows, of which 50 are of one class"
    assert "zebra" not in str(said.judgement)


def test_a_source_that_tells_the_class_is_found() -> None:
    rows = plain(100, "a", "b")
    told_apart = [row | {"source_id": f"s-{row['label']}"} for row in rows]
    mixed = [row | {"source_id": f"s-{at % 3}"} for at, row in enumerate(rows)]
    assert told(mixed).judgement.metrics["bias.artifacts"] == 0
    said = told(told_apart)
    assert said.findings["rule"].to_list() == ["bias.field"]
    assert "the source of a row tells its class" in said.findings["detail"][0]


def test_planted_shortcuts_are_found_all_and_alone() -> None:
    """Of 50 rows of a class and of 50 others some have a word; the word tells the class, or not."""
    tells = {(50, 0): True, (40, 1): True, (38, 0): True}
    tells |= dict.fromkeys([(20, 0), (40, 6), (50, 25)], False)
    for counts, telling in tells.items():
        rows = plain(100, "a", "b")
        for first, count in enumerate(counts):
            for row in rows[first::2][:count]:
                row["input"] = f"{row['input']} zebra"
        assert bool(told(rows).judgement.metrics["bias.artifacts"]) == telling, counts


def test_a_source_need_not_tell_the_class_of_every_row() -> None:
    for share, telling in ((0.98, True), (0.8, False), (0.5, False)):
        rows = plain(200, "a", "b")
        sources = [
            {"source_id": f"s-{row['label'] if at // 2 < 100 * share else at // 2 % 2}"}
            for at, row in enumerate(rows)
        ]
        said = told([row | source for row, source in zip(rows, sources, strict=True)])
        assert bool(said.judgement.metrics["bias.artifacts"]) == telling


def answered(rows: list[Row]) -> Told:
    columns = {"input": "prompt", "output": "answer"}
    check = Bias.prepare(context(dataset(rows), columns=columns))
    assert not isinstance(check, Skip)
    return ask(check, canonical(rows), [])


def test_short_answers_count_as_labels() -> None:
    rows: list[Row] = [
        {"input": "May he enter?", "output": "yes"},
        {"input": "May she enter?", "output": "no"},
    ]
    assert answered(rows).findings.height == 2
    longer = [
        row | {"output": f"{row['output']}, as the rules of the house have it today"}
        for row in rows
    ]
    assert answered(longer).findings.height == 0


YES = "Yes, {0} may enter the hall at any time, for {0} is a member of the club since May."
NO = "No. Visitors wait outside until somebody from the office comes down to fetch {0}."


def test_planted_answers_that_clash_are_found_all_and_alone() -> None:
    rows: list[Row] = []
    planted: set[int] = set()
    for number in range(40):
        clashes = number % 2 == 1
        if clashes:
            planted |= {len(rows), len(rows) + 1}
        answers = (YES, NO) if clashes else (YES, YES)
        rows += [
            {"input": f"Case {number}: may {who} enter now?", "output": answer.format(who)}
            for who, answer in zip(("he", "she"), answers, strict=True)
        ]
    findings = answered(rows).findings
    assert set(findings["row"]) == planted
    assert {*findings["detail"]} == {"differs only in terms of gender, and the answers clash"}
    alike: list[Row] = [row | {"input": f"{row['input']} {at}"} for at, row in enumerate(rows)]
    assert answered(alike).findings.is_empty()


def test_a_month_that_tells_the_class_is_found() -> None:
    rows = plain(100, "a", "b")
    dated = [
        row | {"time": datetime(2024, 1 + at % 2, 9, tzinfo=UTC)} for at, row in enumerate(rows)
    ]
    said = told(dated)
    assert said.findings.select("rule", "field").rows() == [("bias.field", "time")]
    assert "the date of a row tells its class" in said.findings["detail"][0]


def test_data_without_labels_and_answers_is_skipped() -> None:
    assert isinstance(Bias.prepare(context(dataset(plain(1, "a")), columns={"input": "t"})), Skip)


def test_spellings_of_a_class_are_one_label() -> None:
    rows = plain(400, "deny", "grant", "Deny.", "GRANT")
    shouted = [{**row, "input": f"{row['input']} zebra"} for row in rows if row["label"] == "deny"]
    kept = [row for row in rows if row["label"] != "deny"]
    counted = told([*kept, *shouted])
    assert (
        counted.judgement.metrics["bias.artifacts"]
        == told(
            [{**row, "label": str(row["label"]).lower().strip(".")} for row in [*kept, *shouted]]
        ).judgement.metrics["bias.artifacts"]
    )
    said = told(
        [
            {"input": "She asked for a loan of 500.", "label": "Deny"},
            {"input": "He asked for a loan of 500.", "label": "deny"},
        ]
    )
    assert said.judgement.metrics["bias.counterfactual_conflicts"] == 0
