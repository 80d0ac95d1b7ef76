"""The approval request: complete or not, and safe to read."""

import json
import re
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from ftaudit.admission import plan as plans
from ftaudit.admission import request as requests
from ftaudit.admission.plan import TuningPlan, load_plan
from ftaudit.admission.request import Request
from ftaudit.admission.statements import WaiverGrant
from ftaudit.model.errors import InputError, UsageError
from ftaudit.wire.manifest import digest
from tests import manifests

COMPLETE: dict[str, Any] = {
    "schema": "ftaudit.plan/v1",
    "title": "Intents of support tickets",
    "requested_by": "ml@example.com",
    "task": "Classify tickets into 77 intents",
    "why": "Prompting confuses neighbouring intents",
    "base_model": {"name": "example-7b", "version": "2026-01", "license": "Apache-2.0"},
    "method": "LoRA",
    "data": "Tickets of 2025, anonymised",
    "intended_use": {"allowed": ["routing tickets"], "prohibited": ["profiling people"]},
    "alternatives": [
        {"kind": "prompting", "tried": "five shots", "metric": "accuracy", "score": 0.81},
        {"kind": "retrieval", "tried": "nearest ticket", "metric": "accuracy", "score": 0.84},
    ],
    "baseline": {"model": "example-7b", "metric": "accuracy", "score": 0.84},
    "target": {"metric": "accuracy", "score": 0.92},
    "holdout": {"name": "test.csv", "rows": 2, "why": "the last month"},
    "rollback": {"path": "route to the prompted model", "owner": "on-call", "within": "15 min"},
    "failure_conditions": ["accuracy below 0.84 for a day"],
    "retraining_triggers": {
        "base_model": "retune on each release",
        "product_policy": "retune when intents change",
        "data_distribution": "drift above 0.1",
    },
    "monitoring": ["weekly sample of 200 tickets"],
    "cost": {"training": "40 EUR", "serving": "90 EUR a month"},
    "sign_offs": ["data-owner"],
}


def made(
    tmp_path: Path,
    changes: dict[str, Any] | None = None,
    **how: Any,  # noqa: ANN401 - of `manifests.of`
) -> Request:
    manifest = manifests.of(list(manifests.data(tmp_path)), **how)
    return Request(TuningPlan.model_validate(COMPLETE | (changes or {})), manifest)


def test_a_complete_plan_has_no_gaps(tmp_path: Path) -> None:
    request = made(tmp_path)
    assert request.gaps == ()
    assert json.loads(requests.render(request, "json"))["complete"] is True
    for format_ in ("markdown", "html"):
        assert "Complete:" in requests.render(request, format_)


@pytest.mark.parametrize("field", [field for field, _ in plans.ESSENTIAL])
def test_every_answer_left_out_is_a_gap_of_its_own(tmp_path: Path, field: str) -> None:
    head, _, rest = field.partition(".")
    part = {k: v for k, v in COMPLETE[head].items() if k != rest} if rest else None
    request = made(tmp_path, {head: part})
    assert field in [gap.field for gap in request.gaps]
    for format_ in ("markdown", "html", "json"):
        assert field.rsplit(".", maxsplit=1)[-1] in requests.render(request, format_).replace(
            "\\", ""
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"alternatives": COMPLETE["alternatives"][:1]}, "alternatives.retrieval"),
        ({"alternatives": COMPLETE["alternatives"][1:]}, "alternatives.prompting"),
        ({"alternatives": [{"kind": "prompting"}]}, "alternatives.prompting"),
        ({"target": {"metric": "F1", "score": 0.9}}, "target.metric"),
        ({"target": {"metric": "accuracy", "score": 0.84}}, "target.score"),
        ({"target": {"metric": "accuracy", "score": 0.8}}, "target.score"),
        (
            {"target": {"metric": "accuracy", "score": 0.9, "higher_is_better": False}},
            "target.score",
        ),
        ({"holdout": {"name": "other.csv", "rows": 2}}, "holdout.name"),
        ({"holdout": {"name": "test.csv", "rows": 3}}, "holdout.rows"),
        ({"why": "TODO say why"}, "why"),
        ({"monitoring": ["TODO"]}, "monitoring"),
    ],
)
def test_an_answer_that_does_not_answer_is_a_gap(
    tmp_path: Path, changes: dict[str, Any], field: str
) -> None:
    assert field in [gap.field for gap in made(tmp_path, changes).gaps]


def test_an_error_rate_may_fall(tmp_path: Path) -> None:
    lower = {
        "baseline": {"metric": "error", "score": 0.16},
        "target": {"metric": "error", "score": 0.0, "higher_is_better": False},
    }
    assert made(tmp_path, lower).gaps == ()


def test_an_audit_without_holdout_is_a_gap(tmp_path: Path) -> None:
    train, _ = manifests.data(tmp_path)
    request = Request(TuningPlan.model_validate(COMPLETE), manifests.of([train]))
    assert [gap.field for gap in request.gaps] == ["holdout"]


def test_the_starter_plan_is_a_plan_of_gaps_only(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(requests.starter_plan())
    plan = load_plan(path)
    assert plan.model_dump() == TuningPlan(
        alternatives=({}, {})  # type: ignore[arg-type] # validated into two empty ones
    ).model_dump() | {
        "alternatives": (
            plans.Alternative(kind="prompting").model_dump(),
            plans.Alternative(kind="retrieval").model_dump(),
        )
    }
    gaps = {gap.field for gap in Request(plan, made(tmp_path).manifest).gaps}
    assert gaps >= {field for field, _ in plans.ESSENTIAL}


def test_a_plan_written_as_yaml_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(COMPLETE))
    assert load_plan(path) == TuningPlan.model_validate(COMPLETE)


@pytest.mark.parametrize("value", ["x", "", "TODO", "null"])
def test_an_unknown_key_of_a_plan_is_named_with_its_line(tmp_path: Path, value: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(f"schema: ftaudit.plan/v1\nbase_model:\n  nam: {value}\n")
    with pytest.raises(InputError, match=r"line 3: .*nam is unknown \(did you mean name\?\)"):
        load_plan(path)


def test_the_audit_travels_with_the_request_by_digest(tmp_path: Path) -> None:
    request = made(tmp_path, metrics=manifests.DUPLICATES)
    value = json.loads(requests.render(request, "json"))
    assert value["manifest"]["sha256"] == digest(request.manifest)
    assert value["audit"]["verdict"] == "BLOCKED"
    assert value["audit"]["breaches"][0]["rule"] == "FTA-DUP-002"
    for format_ in ("markdown", "html"):
        text = requests.render(request, format_)
        assert digest(request.manifest) in text
        assert "FTA-DUP-002" in text.replace("\\", "")


def test_breaches_stand_in_words_as_in_the_report(tmp_path: Path) -> None:
    page = requests.render(made(tmp_path, metrics=manifests.DUPLICATES), "html")
    assert "near_share is" not in page
    assert "breached: 25% of" in page


def test_waivers_are_shown_with_ceiling_reason_and_expiry(tmp_path: Path) -> None:
    grant = WaiverGrant(
        id="w-1",
        rule="FTA-DUP-002",
        ceiling=0.3,
        reason="templates",
        requested_by="ml@example.com",
        approved_by="owner@example.com",
        time_created="2026-01-01T00:00:00Z",
        expires="2027-01-01T00:00:00Z",
    )
    plain = made(tmp_path, metrics=manifests.DUPLICATES)
    request = Request(plain.plan, plain.manifest, (grant,))
    assert "up to 0.3" in requests.render(request, "html")
    assert json.loads(requests.render(request, "json"))["waivers"][0]["id"] == "w-1"


HOSTILE = "<script>alert(1)</script> | `x` [l](http://a.example) \x1b[31m {{ 7*7 }} \"'>"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [v or "" for k, v in attrs if k in {"href", "src"} or k.startswith("on")]


def test_nothing_hostile_survives_in_any_format(tmp_path: Path) -> None:
    changes = {
        "title": HOSTILE,
        "task": HOSTILE,
        "alternatives": [{"kind": HOSTILE, "metric": HOSTILE, "score": 1}],
        "sign_offs": [HOSTILE],
    }
    request = made(tmp_path, changes)
    html = requests.render(request, "html")
    parser = Tags()
    parser.feed(html)
    assert not parser.tags & {"script", "a", "img", "link", "iframe"}
    assert parser.links == []
    assert "{{ 7*7 }}" in html
    markdown = requests.render(request, "markdown")
    assert "<script" not in markdown
    assert not re.search(r"(?<!\\)\[l\]\(", markdown)
    for text in (html, markdown, requests.render(request, "json")):
        assert "\x1b" not in text


def test_the_page_allows_its_own_style_and_nothing_else(tmp_path: Path) -> None:
    html = requests.render(made(tmp_path), "html")
    assert "default-src 'none'; style-src 'sha256-" in html.replace("&#39;", "'")
    assert "http" not in html.split("</style>")[1].replace("http-equiv", "")


def test_equal_requests_give_equal_bytes(tmp_path: Path) -> None:
    for format_ in ("markdown", "html", "json"):
        assert requests.render(made(tmp_path), format_) == requests.render(made(tmp_path), format_)


def test_the_file_name_says_the_format() -> None:
    assert requests.format_of(Path("r.html")) == "html"
    with pytest.raises(UsageError, match=r"\.md, \.html, \.json"):
        requests.format_of(Path("r.pdf"))


def test_the_schema_in_the_package_is_the_one_the_model_makes() -> None:
    path = resources.files("ftaudit.wire") / "schemas" / "plan-v1.schema.json"
    assert json.loads(path.read_text()) == plans.schema()
