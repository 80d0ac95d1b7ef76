"""The page of cases: safe, whole, and what is saved is what was decided."""

import base64
import csv
import hashlib
import json
import re
from io import StringIO
from pathlib import Path

import pytest

from ftaudit.remedies.decisions import COLUMNS, read_decisions
from ftaudit.reports.review_cases import ReviewCase, ReviewRow, review_csv
from ftaudit.reports.review_page import render_review
from tests.reports import browser

HOSTILE = "</script><img src=x onerror=alert(1)>\x1b[31m\u202eevil &amp; =1+1"


def row(case: str, number: int, **changes: object) -> ReviewRow:
    values: dict[str, object] = {
        "case": case,
        "file": "train.csv",
        "row": number,
        "digest": f"{number:016x}",
        "kind": "label_conflicts.label",
        "label": "refund",
        "suggested": "lost",
        "why": "its label is more likely wrong than that of the related row",
        "score": 0.9,
        "text": f"where is parcel {number}",
        "related_file": "train.csv",
        "related_row": number + 1,
        "related_label": "lost",
        "related_text": "where is my parcel",
    }
    return ReviewRow(**(values | changes))  # type: ignore[arg-type] # a test's own words


CASES = [
    ReviewCase("case-1", (row("case-1", 0), row("case-1", 1, label="lost", suggested="lost"))),
    ReviewCase("case-2", (row("case-2", 2, label="=cmd()", text=HOSTILE), row("case-2", 3))),
    ReviewCase(
        "case-3",
        tuple(
            row("case-3", n, kind="label_conflicts.answer", label="", suggested="", score=None)
            for n in (4, 5)
        ),
    ),
]


def test_csv_has_what_fix_reads_and_no_formula() -> None:
    lines = list(csv.DictReader(StringIO(review_csv(CASES))))
    assert list(lines[0])[: len(COLUMNS)] == list(COLUMNS)
    assert [line["decision"] for line in lines] == [""] * 6
    assert lines[2]["label"] == "'=cmd()"
    assert not [v for line in lines for v in line.values() if v.startswith(("=", "+", "-", "@"))]
    assert "\x1b" not in review_csv(CASES)
    assert lines[0]["differing_words"] == "0"


def test_the_page_holds_no_markup_of_the_data_and_only_its_own_script() -> None:
    page = render_review(CASES, HOSTILE)
    assert "<img" not in page
    assert "\u202e" not in page
    assert page.count("<script") == 2
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; ")
    for name, tag in (("style-src", "style"), ("script-src", "script")):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert body
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in policy[1]
    assert "http://" not in page.replace("http-equiv", "")
    assert "https://" not in page


def test_equal_cases_give_equal_bytes() -> None:
    assert render_review(CASES, "data") == render_review(list(CASES), "data")


@pytest.mark.skipif(not browser.PROGRAM, reason="there is no chromium on this machine")
def test_keys_decide_filters_choose_and_the_csv_is_saved(tmp_path: Path) -> None:
    page_file = tmp_path / "review.html"
    page_file.write_text(render_review(CASES, "train.csv"), encoding="utf-8")
    with browser.opened(page_file, tmp_path) as page:
        assert page.value("document.querySelectorAll('.row').length") == 6
        assert page.value("document.querySelector('.words mark').textContent") == "0"
        assert page.value("document.getElementById('unscripted')") is None
        page.press("3")  # case-1, row 0: label lost; moves on
        page.press("1")  # row 1: keep
        page.press("2", shift=True)  # case-2, both rows: drop
        assert page.value("document.getElementById('count').textContent") == "4 of 6 rows decided"
        page.press("j")
        page.press("3")  # row 3 of case-2: a label that looks like a formula
        page.press("k")
        page.press("k")
        page.press("0")  # row 2: not decided any more
        assert page.value("document.getElementById('progress').value") == 3
        page.value("document.getElementById('open').click()")
        assert page.value("document.querySelectorAll('.case').length") == 2
        page.value(
            "(() => { const kind = document.getElementById('kind');"
            "kind.value = 'label_conflicts.answer'; kind.dispatchEvent(new Event('input')); })()"
        )
        assert page.value("document.querySelectorAll('.choices button').length") == 4
        page.press("s")
        saved = tmp_path / "review.csv"
        for _ in range(500):
            if saved.exists() and saved.stat().st_size:
                break
            page.value("new Promise((done) => setTimeout(done, 20))")
        assert page.problems == []
    with browser.opened(page_file, tmp_path) as page:
        page.choose_file("#saved", saved)
        page.until("document.getElementById('count').textContent === '3 of 6 rows decided'")
        assert page.value("document.querySelectorAll('[aria-pressed=true]').length") == 3
        assert page.problems == []
    decisions = read_decisions(saved)
    assert [d.choice for d in decisions] == ["lost", "keep", "", "=cmd()", "", ""]
    before = list(csv.reader(StringIO(review_csv(CASES))))
    after = list(csv.reader(StringIO(saved.read_text(encoding="utf-8"))))
    at = before[0].index("decision")
    assert [r[:at] + r[at + 1 :] for r in after] == [r[:at] + r[at + 1 :] for r in before]


def test_the_data_of_the_page_is_json() -> None:
    found = re.search(r'id="data">(.*?)</script>', render_review(CASES, "data"), re.DOTALL)
    assert found
    assert len(json.loads(found[1])["cases"]) == 3
