import base64
import hashlib
import re
from collections.abc import Callable

import msgspec

from ftaudit.reports import html
from ftaudit.reports.word_difference import Piece
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
    many = msgspec.structs.replace(check, examples=check.examples * 5)
    section = html._section("a", many, whole, sample.excerpts())  # noqa: SLF001 - as below
    assert [len(part) for part in section.texts] == [3, 2]


def test_a_side_without_its_partner_is_shown_alone() -> None:
    excerpts = {key: value for key, value in sample.excerpts().items() if key[2] == 30}
    check = next(c for c in sample.manifest().predicate.checks if c.id == "label-conflicts")
    shown = html._shown(check.examples[0], excerpts)  # noqa: SLF001 - seen only in the page
    assert [side.pieces for side in shown.sides] == [
        [Piece("Why was I charged twice last month?", differs=False)]
    ]
    assert shown.sides[0].place == "tickets_train.csv row 30, line 32"
