from collections.abc import Callable

import msgspec
import pytest

from ftaudit.reports import excerpt, markdown
from ftaudit.wire.manifest import Manifest
from tests.reports import sample


def test_the_report_of_a_fixed_manifest_does_not_change(golden: Callable[[str, str], None]) -> None:
    golden("report.md", markdown.render(sample.manifest(), sample.excerpts()))


def swollen(manifest: Manifest, times: int) -> Manifest:
    predicate = manifest.predicate
    checks = [
        msgspec.structs.replace(check, id=f"{check.id}-{at}")
        for at in range(times)
        for check in predicate.checks
    ]
    gate = msgspec.structs.replace(predicate.gate, breaches=predicate.gate.breaches * times)
    grown = msgspec.structs.replace(predicate, checks=checks, gate=gate)
    return msgspec.structs.replace(manifest, predicate=grown)


@pytest.mark.parametrize("text", ["漢" * 500, "|" * 500, "<" * 500, "a"])
def test_a_comment_always_holds_the_report(text: str) -> None:
    report = markdown.render(swollen(sample.poisoned(text), 100), sample.poisoned_excerpts(text))
    assert len(report.encode()) <= 65_536
    assert report.endswith(markdown.SHORTENED)
    assert report.startswith("## ❌ BLOCKED")


def test_a_report_that_fits_is_not_shortened() -> None:
    report = markdown.render(sample.manifest())
    assert markdown.SHORTENED not in report
    assert report.count("<details>") == report.count("</details>")


def test_shortening_never_leaves_a_section_open() -> None:
    report = markdown.render(swollen(sample.manifest(), 200), sample.excerpts())
    assert markdown.SHORTENED in report
    assert report.count("<details>") == report.count("</details>")


def test_links_mentions_and_references_are_broken() -> None:
    assert markdown.escape("@all see #12 at https://example.com") == (
        "@&#8203;all see #&#8203;12 at https:&#8203;//example.com"
    )


def test_code_within_advice_stays_code() -> None:
    assert markdown.prose("Run `ftaudit init` | now") == "Run `ftaudit init` \\| now."


def test_every_rule_has_an_example_before_any_has_two() -> None:
    check = sample.manifest().predicate.checks[1]
    one, two = check.examples[0], msgspec.structs.replace(check.examples[0], rule="other")
    assert [e.rule for e in excerpt.spread([one] * 9 + [two])][:2] == [
        "duplicates.near",
        "other",
    ]
