from datetime import date
from pathlib import Path

import pytest

from ftaudit.provenance.provenance_record import load_record
from ftaudit.provenance.record_conflicts import contradictions, future_dates
from tests.provenance.documents import COMPLETE, written


def test_a_sound_record_does_not_contradict_itself(tmp_path: Path) -> None:
    record = load_record(written(tmp_path))
    assert contradictions(record) == ()
    assert future_dates(record, date(2026, 11, 22)) == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("id: model", "id: web", "sources.id web stands 2 times"),
        ("end: 2025-06-30", "end: 2024-12-31", "collected ends before it starts"),
        ("issued: 2026-03-01", "issued: 2025-01-15", "begins after dataset.issued"),
        ("expires: 2028-11-01", "expires: 2026-01-01", "retention.expires is before"),
        ("expires: 2027-01-01", "expires: 2026-03-01", "expires before it was given"),
        ("present: true", "present: false", "categories are named"),
        ("kind: synthetic", "kind: crawl", "synthetic.generator is named"),
        ("kind: public-dataset", "kind: synthetic", "synthetic.generator is not named"),
        ("license: CC-BY-4.0", "license: CC BY forever", "neither an SPDX expression"),
    ],
)
def test_each_contradiction_is_told(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in COMPLETE
    record = load_record(written(tmp_path, COMPLETE.replace(before, after)))
    found = contradictions(record)
    assert any(told in what for what in found), found


def test_a_consent_that_is_required_must_be_documented(tmp_path: Path) -> None:
    text = COMPLETE.replace(
        "    method: export\n", "    method: export\n    consent: {required: true}\n"
    )
    found = contradictions(load_record(written(tmp_path, text)))
    assert found == ("sources[web]: consent.required is true but consent.reference is not named",)


def test_dates_of_the_past_may_not_lie_ahead(tmp_path: Path) -> None:
    record = load_record(written(tmp_path))
    assert future_dates(record, date(2025, 2, 1)) == (
        "dataset.issued",
        "sources[web].collected.end",
        "sources[model].collected.end",
        "lineage[t1].ended",
        "approvals[data-owner].at",
    )
