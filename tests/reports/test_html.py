import base64
import hashlib
import json
import re
from collections.abc import Callable

import msgspec
import polars as pl
import pytest
from msgspec.structs import replace

from ftaudit.model.finding import FINDINGS
from ftaudit.reports import html
from ftaudit.reports.findings_section import findings_section, similarity_chart
from ftaudit.reports.word_difference import Piece
from ftaudit.wire.manifest import ChartRecord
from tests.reports import page, sample


def read() -> page.Page:
    return page.read(html.render(sample.manifest(), sample.excerpts()))


def test_the_report_of_a_fixed_manifest_does_not_change(golden: Callable[[str, str], None]) -> None:
    golden("report.html", html.render(sample.manifest(), sample.excerpts()))


def test_the_policy_of_the_page_allows_its_own_style_sheet_and_nothing_else() -> None:
    parsed = read()
    policies = [
        meta.attributes["content"]
        for meta in parsed.named("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    digest = base64.b64encode(hashlib.sha256(parsed.style.encode()).digest()).decode()
    others = "img-src data:; base-uri 'none'; form-action 'none'"
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; {others}"]


def test_the_page_runs_nothing_and_asks_nobody() -> None:
    parsed = read()
    names = {element.name for element in parsed.elements}
    assert not names & {"script", "iframe", "object", "embed", "img", "form", "base", "video"}
    assert not re.search(r"url\(|@import|expression", parsed.style)
    assert not any("style" in element.attributes for element in parsed.elements)


def test_every_link_leads_somewhere_on_the_page_and_every_id_is_one() -> None:
    parsed = read()
    ids = [e.attributes["id"] for e in parsed.elements if "id" in e.attributes]
    targets = {a.attributes["href"].removeprefix("#") for a in parsed.named("a")}
    assert len(ids) == len(set(ids))
    assert targets <= set(ids)


def test_the_verdict_comes_first_then_what_to_do() -> None:
    headings = [e.name for e in read().elements if e.name in ("h1", "h2")]
    text = read().text
    assert headings[0] == "h1"
    assert text.index("Tuning may not proceed") < text.index("What to do next")
    assert text.index("What to do next") < text.index("Checks at a glance")
    assert text.index("FTA-CONF-001") < text.index("Checks at a glance")


def test_a_pair_is_shown_side_by_side_with_its_differing_words_marked() -> None:
    marked = re.findall(r"<mark>(.*?)</mark>", html.render(sample.manifest(), sample.excerpts()))
    assert marked == ["script&gt;alert(1)&lt;/script&gt; this", "last"]


def test_without_excerpts_rows_are_named_and_not_shown() -> None:
    report = html.render(sample.manifest())
    assert "tickets_train.csv row 17, line 19" in report
    assert "<blockquote>" not in report


def test_every_chart_can_be_read_without_seeing_it() -> None:
    parsed = read()
    ids = {e.attributes["id"] for e in parsed.elements if "id" in e.attributes}
    drawings = [e for e in parsed.named("svg") if e.attributes.get("role") == "img"]
    assert drawings
    for drawing in drawings:
        assert set(drawing.attributes["aria-labelledby"].split()) <= ids
    others = [e for e in parsed.named("svg") if e not in drawings]
    assert all(e.attributes.get("aria-hidden") == "true" for e in others)


def test_what_was_not_searched_is_said() -> None:
    text = " ".join(read().text.split())
    assert "Only 99 of 100 holdout rows were seen by every check." in text
    assert "Not run: expectations." in text
    assert "Not searched for: LOCATION, PERSON." in text


def test_no_section_claims_compliance() -> None:
    text = read().text
    assert "EU AI Act Art. 10(2)(c)" in text
    assert "They do not claim that a requirement is met" in text


def test_examples_beyond_the_first_few_of_a_rule_are_folded() -> None:
    whole = sample.manifest()
    check = next(c for c in whole.predicate.checks if c.id == "label-conflicts")
    rows = [msgspec.structs.replace(check.examples[0], where=sample.train(n)) for n in range(5)]
    many = msgspec.structs.replace(check, examples=rows)
    excerpts = {**sample.excerpts(), **sample.poisoned_excerpts(sample.TRAIN)}
    section = html._section("a", many, whole, excerpts)  # noqa: SLF001 - as below
    assert [len(part) for part in section.texts] == [3, 2]


def test_a_side_without_its_partner_is_shown_alone() -> None:
    excerpts = {key: value for key, value in sample.excerpts().items() if key[2] == 30}
    check = next(c for c in sample.manifest().predicate.checks if c.id == "label-conflicts")
    shown = html._shown(check.examples[0], excerpts)  # noqa: SLF001 - seen only in the page
    assert [turn.pieces for side in shown.sides for turn in side.turns] == [
        [Piece("Why was I charged twice last month?", differs=False)]
    ]
    assert shown.sides[0].place == "tickets_train.csv row 30, line 32"


def found(*details: str) -> pl.DataFrame:
    """Return findings, one for each detail."""
    rows = [
        {
            "check": "leakage" if at % 2 else "pii",
            "rule": "leakage.near",
            "severity": "high" if at % 2 else "low",
            "split": "train",
            "file": "a.csv",
            "row": at,
            "similarity": 0.8 + at % 4 / 20,
            "detail": detail,
        }
        for at, detail in enumerate(details)
    ]
    return pl.DataFrame(rows, schema=FINDINGS)


def test_the_heading_names_what_was_audited() -> None:
    text = " ".join(read().text.split())
    assert "train tickets_train.csv 400 rows, sha256 abababababab" in text
    assert "holdout tickets_test.csv 100 rows, sha256 cdcdcdcdcdcd" in text


def test_limits_are_said_as_on_the_console_the_worst_first() -> None:
    text = read().text
    assert "1% of training rows contradict a near-identical one; the limit is 0.5%." in text
    assert "label_conflicts.share is" not in text
    assert text.index("FTA-PII-001") < text.index("FTA-CONF-001")


def test_every_finding_is_in_the_page_and_the_script_is_the_only_one_allowed() -> None:
    report = html.render(sample.manifest(), sample.excerpts(), found(*map(str, range(400))))
    parsed = page.read(report)
    scripts = re.findall(r"<script>(.*?)</script>", report, re.DOTALL)
    assert len(scripts) == 1
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    policy = next(m for m in parsed.named("meta") if "http-equiv" in m.attributes)
    assert f"script-src 'sha256-{digest}'" in policy.attributes["content"]
    assert "unsafe" not in policy.attributes["content"]
    data = json.loads(re.findall(r'id="findings-data">(.*?)</script>', report, re.DOTALL)[0])
    assert len(data) == 400
    assert "300 of 400 findings stand below" in parsed.text
    assert "100 are not shown without JavaScript" in parsed.text


def test_findings_of_what_is_at_stake_stand_first() -> None:
    section = findings_section(found("a", "b", "c", "d"))
    assert section is not None
    assert [line.severity for line in section.static] == ["high", "high", "low", "low"]


@pytest.mark.parametrize("text", sample.HOSTILE, ids=range(len(sample.HOSTILE)))
def test_hostile_findings_stay_data(text: str) -> None:
    report = html.render(sample.manifest(), sample.excerpts(), found(f"</script>{text}<!--", text))
    harmless = html.render(sample.manifest(), sample.excerpts(), found("x", "y"))
    names = [element.name for element in page.read(report).elements]
    assert names == [element.name for element in page.read(harmless).elements]
    data = re.findall(r'id="findings-data">(.*?)</script>', report, re.DOTALL)[0]
    assert not set("<>&") & set(data)


def test_similarities_are_drawn_and_can_be_read() -> None:
    chart = similarity_chart("leakage", found(*"abcdefgh"))
    assert chart is not None
    assert sum(chart.series["findings"]) == 4
    assert chart.labels[0] == "0.85-0.90"
    assert similarity_chart("schema", found("a", "b")) is None


def test_a_conversation_is_shown_turn_by_turn_with_its_roles() -> None:
    key = ("train", sample.TRAIN, 17)
    chat = "system: Answer shortly.\n\nuser: Why was I\ncharged twice?"
    texts = {
        **sample.excerpts(),
        key: replace(sample.excerpts()[key], text=chat),
    }
    check = next(c for c in sample.manifest().predicate.checks if c.id == "label-conflicts")
    shown = html._shown(check.examples[0], texts)  # noqa: SLF001 - seen only in the page
    said = [(t.role, "".join(p.text for p in t.pieces)) for t in shown.sides[0].turns]
    assert said == [("system", "Answer shortly."), ("user", "Why was I charged twice?")]


def test_a_pair_that_two_rules_name_is_shown_once() -> None:
    whole = sample.manifest()
    check = next(c for c in whole.predicate.checks if c.id == "label-conflicts")
    pair = check.examples[0]
    assert pair.related is not None
    twin = msgspec.structs.replace(pair, rule="other", where=pair.related, related=pair.where)
    both = msgspec.structs.replace(check, examples=[pair, twin])
    section = html._section("a", both, whole, sample.excerpts())  # noqa: SLF001 - as above
    assert [shown.others for shown in section.examples] == [["other"]]


def test_what_leaks_of_a_class_stands_beside_the_classes() -> None:
    whole = sample.manifest()
    with_chart = next(check for check in whole.predicate.checks if check.charts)
    names = with_chart.charts[0].labels
    leaking = ChartRecord(
        title="Leaks", labels=names[:2], series={"holdout": [2.0, 1.0]}, unit="rows"
    )
    checks = [
        msgspec.structs.replace(check, charts=[leaking] if check.id == "leakage" else check.charts)
        for check in whole.predicate.checks
    ]
    predicate = msgspec.structs.replace(whole.predicate, checks=checks)
    changed = msgspec.structs.replace(whole, predicate=predicate)
    sections = html.render(changed).split('<details class="check ')
    (section,) = [text for text in sections if f'"id">{with_chart.id}<' in text]
    assert section.index(with_chart.charts[0].title) < section.index("Leaks")
