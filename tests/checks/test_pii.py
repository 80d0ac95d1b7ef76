import json
import pickle
from dataclasses import fields, replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ftaudit.checks.pii import Pii
from ftaudit.model.check import Judgement
from ftaudit.model.errors import UsageError
from ftaudit.model.finding import EVIDENCE, rule_of
from ftaudit.wire.manifest import BY_CUES
from tests.conftest import canonical, context, dataset, examples

ROWS: list[dict[str, object]] = [
    {"input": "write to jo@mail.example.com", "output": "done", "source_id": "tickets"},
    {"input": "nothing here", "output": None, "source_id": "tickets"},
    {"input": "JO@mail.example.com again", "output": "pay 4111 1111 1111 1111"},
    {"input": "call me on 202-555-0142", "output": "I just turned 47", "split": "holdout"},
    {"input": "I just turned 33", "split": "holdout"},
]


def record(columns: dict[str, str]) -> dict[str, object]:
    """Return a row of a table with these columns."""
    return {"fields": [{"path": name, "text": text} for name, text in columns.items()]}


def ask(rows: list[dict[str, object]], **parameters: object) -> Judgement:
    data = dataset(rows)
    check = Pii.prepare(context(data, parameters=parameters))
    assert isinstance(check, Pii)
    return check.judge(check.map(canonical(rows)).partials)


def test_findings_are_counted_by_type() -> None:
    metrics = ask(ROWS).metrics
    assert metrics["pii.rows"] == 4
    assert metrics["pii.rows_share"] == 0.8
    assert metrics["pii.findings"] == 6
    assert metrics["pii.EMAIL_ADDRESS.findings"] == 2
    assert metrics["pii.EMAIL_ADDRESS.distinct"] == 1
    assert metrics["pii.CREDIT_CARD.findings"] == metrics["pii.PHONE_NUMBER.findings"] == 1
    assert metrics["pii.AGE.distinct"] == 2


def test_a_row_with_nothing_but_an_age_or_a_stand_in_identifies_nobody() -> None:
    metrics = ask(ROWS).metrics
    assert metrics["pii.identifying_rows"] == 1
    assert metrics["pii.identifying_share"] == 0.2
    assert metrics["pii.stand_ins"] == 3


def test_a_contact_that_nothing_documents_identifies() -> None:
    rows: list[dict[str, object]] = [
        {"input": "write to jo@initech.org"},
        {"input": "call me on 202-867-5309", "split": "holdout"},
        {"input": "I just turned 33"},
    ]
    metrics = ask(rows).metrics
    assert metrics["pii.identifying_rows"] == 2
    assert metrics["pii.stand_ins"] == 0


def test_a_title_and_a_surname_identify_only_beside_a_contact_or_an_id() -> None:
    rows: list[dict[str, object]] = [
        {"input": "Mr. Benson bought twelve apples."},
        {"input": "Mr. Benson, 202-867-5309, bought twelve apples."},
        {"input": "Mr. Tobias Benson bought twelve apples."},
    ]
    metrics = ask(rows).metrics
    assert metrics["pii.PERSON.findings"] == 3
    assert metrics["pii.identifying_rows"] == 2


def test_documented_test_cards_have_a_class_of_their_own_when_asked_for() -> None:
    rows: list[dict[str, object]] = [{"input": "pay 4111 1111 1111 1111"}]
    assert ask(rows).metrics["pii.CREDIT_CARD.findings"] == 1
    spared = ask(rows, spare_test_cards=True).metrics
    assert spared["pii.CREDIT_CARD.findings"] == spared["pii.identifying_rows"] == 0
    assert spared["pii.STAND_IN.findings"] == spared["pii.stand_ins"] == 1


def test_a_column_whose_name_and_values_agree_is_reported_with_the_share_that_fits() -> None:
    rows: list[dict[str, object]] = [
        record({"input": "card was declined", "contact_phone": phone})
        for phone in ("8675309", "8675310", "8675311", "n/a")
    ]
    judgement = ask(rows)
    assert judgement.metrics["pii.columns"] == 1
    assert judgement.metrics["pii.PHONE_NUMBER.findings"] == 3
    assert "Column contact_phone holds PHONE_NUMBER: 75.0% of 4 values fit." in judgement.notes


def test_a_key_in_json_that_is_one_text_is_a_column_when_its_values_agree() -> None:
    rows: list[dict[str, object]] = [
        record({"input": "open", "arguments": json.dumps({"phone": phone, "priority": 2})})
        for phone in ("415-867-5309", "415-867-5310", "415-867-5311", "n/a")
    ]
    rows.append(record({"input": "open", "arguments": '{"phone": "415-867-5312", cut off'}))
    judgement = ask(rows)
    assert judgement.metrics["pii.columns"] == 1
    assert judgement.metrics["pii.PHONE_NUMBER.findings"] == 4
    assert "Column arguments.phone holds PHONE_NUMBER: 75.0% of 4 values fit." in judgement.notes


def test_a_name_column_counts_beside_columns_that_describe_a_person() -> None:
    person = record({"name": "Marisol Quintero", "date_of_birth": "1987-02-13"})
    product = record({"name": "Garden Hose", "price": "12"})
    assert ask([person]).metrics["pii.PERSON.findings"] == 1
    assert ask([product]).metrics["pii.PERSON.findings"] == 0


def test_a_type_that_was_searched_and_not_found_is_zero() -> None:
    assert ask([{"input": "clean"}]).metrics["pii.IBAN_CODE.findings"] == 0


def test_a_type_that_was_not_searched_has_no_number() -> None:
    judgement = ask(ROWS, entities=["EMAIL_ADDRESS"])
    assert judgement.coverage["entities_searched"] == ("EMAIL_ADDRESS",)
    assert "pii.CREDIT_CARD.findings" not in judgement.metrics
    assert "CREDIT_CARD" in judgement.coverage["entities_not_searched"]
    assert judgement.metrics["pii.findings"] == 2


def test_names_are_searched_by_cues_only_and_the_report_says_so() -> None:
    judgement = ask(ROWS)
    coverage = judgement.coverage
    assert coverage[BY_CUES] == ("PERSON",)
    assert {"PERSON", "LOCATION", "ORGANIZATION"} <= set(coverage["entities_not_searched"])
    assert "PERSON" not in coverage["entities_searched"]
    assert coverage["ner"] == ("none",)
    assert any("by cues only" in note for note in judgement.notes)


def test_a_finding_has_its_path_place_and_masked_shape() -> None:
    path = "messages[2].tool_calls[0].function.arguments"
    rows: list[dict[str, object]] = [
        {
            "fields": [
                {"path": "messages[0].content", "text": "hi"},
                {"path": path, "text": "to jo@a.example.com"},
            ]
        }
    ]
    [finding] = Pii().map(canonical(rows)).findings.iter_rows(named=True)
    assert finding["rule"] == "pii.EMAIL_ADDRESS"
    assert (finding["field"], finding["start"], finding["end"]) == (path, 3, 19)
    assert finding["detail"] == "**@*.*******.*** (16)"
    assert finding["score"] == 1.0


def test_findings_are_grouped_by_field_whatever_the_message() -> None:
    rows: list[dict[str, object]] = [
        {
            "fields": [
                {"path": f"messages[{i}].content", "text": "jo@a.example.com"} for i in range(3)
            ]
        }
    ]
    assert "Findings by field: messages[].content 3." in ask(rows).notes


def test_findings_are_grouped_by_source() -> None:
    assert "Findings by source: tickets 1." in ask(ROWS).notes


def test_a_source_with_a_password_is_masked() -> None:
    source = "https://me:hT7kQ2vX9zB4@store.example.com/a"
    notes = ask([{"input": "jo@a.example.com", "source_id": source}]).notes
    assert "hT7kQ2vX9zB4" not in "".join(notes)


def test_a_source_that_is_personal_data_itself_is_masked() -> None:
    notes = ask([{"input": "jo@a.example.com", "source_id": "al@b.example.com"}]).notes
    assert "Findings by source: [EMAIL_ADDRESS] 1." in notes


@pytest.mark.parametrize(
    "parameters",
    [
        {"allow_values": ["jo@mail.example.com"]},
        {"allow_patterns": [r"(?i)jo@.*"]},
        {"allow_domains": ["example.com"]},
        {"thresholds": {"EMAIL_ADDRESS": 1.0}, "allow_domains": ["mail.example.com"]},
    ],
)
def test_what_the_policy_allows_is_no_finding(parameters: dict[str, object]) -> None:
    metrics = ask(ROWS, **parameters).metrics
    assert metrics["pii.EMAIL_ADDRESS.findings"] == 0
    assert metrics["pii.CREDIT_CARD.findings"] == 1


def test_a_threshold_of_one_type_leaves_the_others() -> None:
    metrics = ask(ROWS, thresholds={"PHONE_NUMBER": 0.99}).metrics
    assert metrics["pii.PHONE_NUMBER.findings"] == 0
    assert metrics["pii.EMAIL_ADDRESS.findings"] == 2


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"threshold": 2}, "from 0 to 1"),
        ({"thresholds": {"AGE": -1}}, "threshold of AGE"),
        ({"entities": ["EMAIL"]}, "did you mean EMAIL_ADDRESS"),
        ({"allow_patterns": ["("]}, "regular expression"),
        ({"countries": ["xx"]}, "country xx"),
        ({"recognizers": ["no.such:Thing"]}, "no.such"),
        ({"ner": "spacy:no_such_model"}, "python -m spacy download no_such_model"),
        ({"ner": "gliner"}, "expected spacy:MODEL"),
        ({"treshold": 0.5}, "did you mean threshold"),
    ],
)
def test_a_wrong_parameter_is_refused_before_any_row_is_read(
    parameters: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        Pii.prepare(context(dataset(ROWS), parameters=parameters))


def test_a_countrys_recognizers_are_on_when_it_is_named() -> None:
    rows: list[dict[str, object]] = [{"input": "mein Reisepass, meine Steuer-ID 86095742719"}]
    judgement = ask(rows, languages=["de"], countries=["de"])
    assert judgement.metrics["pii.DE_TAX_ID.findings"] == 1
    assert judgement.coverage["countries"] == ("de",)


def test_every_finding_has_a_rule_with_a_severity() -> None:
    rules = {e: rule_of(Pii.rules, f"pii.{e}") for e in ("AGE", "EMAIL_ADDRESS", "CREDIT_CARD")}
    severities = {e: rule.severity.value for e, rule in rules.items() if rule is not None}
    assert severities == {"AGE": "low", "EMAIL_ADDRESS": "medium", "CREDIT_CARD": "high"}


def test_findings_have_the_shape_of_evidence_also_when_there_are_none() -> None:
    assert Pii().map(canonical([{"input": "clean"}])).findings.schema == EVIDENCE
    assert Pii().map(canonical([])).findings.schema == EVIDENCE


def test_the_key_of_the_run_goes_to_workers_and_never_into_words() -> None:
    check = Pii()
    copy = pickle.loads(pickle.dumps(check))  # noqa: S301 - what the engine does
    batch = canonical(ROWS)
    assert copy.map(batch).partials.equals(check.map(batch).partials)
    assert not Pii().map(batch).partials.equals(check.map(batch).partials)
    [key] = [f.name for f in fields(check) if f.name.startswith("_")]
    assert repr(getattr(check, key)) not in repr(check)
    assert check == replace(check)


texts = st.sampled_from(
    ["", "clean", "jo@a.example.com", "JO@a.example.com", "4111111111111111", "I just turned 47"]
)
rows_ = st.lists(
    st.fixed_dictionaries(
        {"input": texts, "output": texts, "source_id": st.sampled_from(["a", "b"])}
    ),
    max_size=8,
)


@settings(max_examples=examples(20))
@given(rows=rows_, data=st.data())
def test_batches_carry_no_meaning(rows: list[dict[str, object]], data: st.DataObject) -> None:
    check, frame = Pii(), canonical(rows)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    parts = [frame[a:b] for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    mapped = [check.map(part) for part in parts]
    whole = check.map(frame)
    shuffled = data.draw(st.permutations(mapped))
    together = check.combine(pl.concat([m.partials for m in shuffled]))
    assert together.equals(check.combine(whole.partials))
    assert check.judge(together) is not None
    assert _said(check.judge(together)) == _said(check.judge(whole.partials))
    assert pl.concat([m.findings for m in mapped]).equals(whole.findings)


def _said(judgement: Judgement) -> tuple[object, ...]:
    names = [name for name in Judgement.__struct_fields__ if name != "findings"]
    return tuple(getattr(judgement, name) for name in names)


def test_folding_early_changes_nothing() -> None:
    check, frame = Pii(), canonical(ROWS)
    parts = [check.map(frame[i : i + 1]).partials for i in range(frame.height)]
    early = check.combine(pl.concat([check.combine(pl.concat(parts[:2])), *parts[2:]]))
    assert early.equals(check.combine(pl.concat(parts)))


def test_two_checks_with_different_keys_say_the_same() -> None:
    first, second, frame = Pii(), Pii(), canonical(ROWS)
    one, two = (c.judge(c.combine(c.map(frame).partials)) for c in (first, second))
    assert _said(one) == _said(two)


GERMAN = "Wann kommt mein Paket an, bitte?"


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        ([GERMAN, *["Fehler 7"] * 4], 1.0),
        ([GERMAN, "Where is the box that I sent to you?", *["Fehler 7"] * 4], 0.5),
        ([GERMAN, *["x = f(y)"] * 10], 0.090909091),
        (["x = f(y)"] * 3, 0.0),
    ],
)
def test_rows_that_tell_no_language_are_taken_for_like_the_others(
    texts: list[str], share: float
) -> None:
    told = ask([{"input": text} for text in texts])
    assert told.metrics["pii.uncovered_language_share"] == share
    assert any("are in languages that are not searched (de)" in n for n in told.notes) == (
        share > 0
    )


def test_a_note_says_of_how_many_rows_the_language_is_told() -> None:
    notes = ask([{"input": text} for text in (GERMAN, "Fehler 7", "x", "y")]).notes
    assert (
        "Rows seem to be in de 25.0%; of 75.0% of rows no language can be told (4 rows looked at)."
        in notes
    )
