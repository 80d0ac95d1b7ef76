"""Triggers: they fire when significant and beyond the limit, and say when rows are too few."""

from collections.abc import Mapping

import numpy as np
import pytest

from ftaudit.evaluation.drift_report import DriftReport, Production, report_drift
from ftaudit.evaluation.new_data import NewCounts
from ftaudit.evaluation.novelty import Novelty, measure_novelty
from ftaudit.evaluation.plan_sections import TriggerLimits
from ftaudit.model.errors import UsageError
from ftaudit.wire.data_profile import digested, profile_of
from tests.conftest import SHARED
from tests.model.statistics.fixture import EVALUATION, expected

NEW = ("same", "shifted_labels", "new_topic_10pct")
EVEN = dict.fromkeys("abcdefgh", 1000)


def report(
    new: Mapping[str, int],
    *,
    limits: TriggerLimits | None = None,
    reference: Mapping[str, int] = EVEN,
    **others: object,
) -> DriftReport:
    profile = profile_of({"label": {"train": reference}})
    counts = NewCounts(
        sum(new.values()), {"label": {digested(n): c for n, c in new.items()}}, {}, None
    )
    return report_drift(profile, counts, limits or TriggerLimits(), **others)  # type: ignore[arg-type] # a test's own words


def states(found: DriftReport) -> dict[str, str]:
    return {signal.id: signal.state for signal in found.signals}


def test_equal_shares_fire_nothing() -> None:
    found = report(dict.fromkeys("abcdefgh", 100))
    assert found.exit_code == 0
    assert states(found)["labels"] == "quiet"


def test_other_shares_fire() -> None:
    found = report({**dict.fromkeys("abcdefg", 60), "h": 500})
    assert (found.exit_code, found.fired) == (1, ("labels",))
    assert "920 new rows against 8,000 of train" in found.signals[0].text


def test_a_significant_difference_below_the_limit_does_not_fire() -> None:
    found = report({**dict.fromkeys("abcdefg", 10_000), "h": 12_000})
    assert found.shifts["labels"].shift.p_value < 0.01
    assert found.exit_code == 0


def test_a_large_distance_by_chance_does_not_fire() -> None:
    generator = np.random.default_rng(1)
    reference = {f"c{n}": 1_000 for n in range(77)}
    weeks = [
        report(
            {f"c{n}": int(c) for n, c in enumerate(generator.multinomial(200, [1 / 77] * 77)) if c},
            reference=reference,
        )
        for _ in range(8)
    ]
    assert all(week.shifts["labels"].shift.distance > 0.1 for week in weeks)
    assert not any(week.fired for week in weeks)
    assert weeks[0].exit_code == 3
    assert "2,437 rows are needed to tell over 77 names" in weeks[0].signals[0].text


def test_a_class_never_seen_is_a_trigger_by_itself() -> None:
    found = report({**dict.fromkeys("abcdefgh", 1_000), "new": 1})
    assert found.fired == ("new classes",)
    accepted = report(
        {**dict.fromkeys("abcdefgh", 1_000), "new": 1}, limits=TriggerLimits(new_classes=1)
    )
    assert accepted.exit_code == 0


def test_data_like_one_of_two_references_has_not_drifted_unless_the_plan_says() -> None:
    skewed = {**dict.fromkeys("abcdefg", 100), "h": 5_000}
    profile = profile_of({"label": {"train": skewed, "holdout": EVEN}})
    new = NewCounts(800, {"label": {digested(n): 100 for n in "abcdefgh"}}, {}, None)
    assert report_drift(profile, new, TriggerLimits()).exit_code == 0
    assert report_drift(profile, new, TriggerLimits(reference="train")).fired == ("labels",)


def test_novelty_is_held_against_that_of_the_holdout() -> None:
    level = Novelty(novel=590, rows=1_000, reference_novel=590, reference_rows=1_000)
    more = Novelty(novel=660, rows=1_000, reference_novel=590, reference_rows=1_000)
    same = dict.fromkeys("abcdefgh", 100)
    assert report(same, novelty=level).exit_code == 0
    assert report(same, novelty=more).fired == ("novelty",)
    assert states(report(same))["novelty"] == "not measured"


def test_a_score_and_a_base_model_need_no_statistics() -> None:
    same = dict.fromkeys("abcdefgh", 100)
    low = report(same, limits=TriggerLimits(score=0.8), production=Production(score=0.7))
    assert low.fired == ("score",)
    changed = report(
        same, production=Production(base_model="m 2"), planned=Production(base_model="m 1")
    )
    assert changed.fired == ("base model",)
    moving = report(same, planned=Production(base_model="m latest"))
    assert moving.fired == ("base model",)
    assert report(same, planned=Production(base_model="m 1")).exit_code == 0


def test_other_product_rules_need_no_statistics_either() -> None:
    same = dict.fromkeys("abcdefgh", 100)
    planned = Production(product_policy="catalogue 2026-02")
    changed = report(
        same, production=Production(product_policy="catalogue 2026-03"), planned=planned
    )
    assert changed.fired == ("product policy",)
    assert "catalogue 2026-03 in use, catalogue 2026-02 in the plan" in changed.signals[-1].text
    assert report(same, planned=planned).exit_code == 0


def test_new_classes_alone_are_no_shift_of_the_others() -> None:
    grown = report({**dict.fromkeys("abcdefgh", 100), "z": 400})
    assert grown.fired == ("new classes",)
    assert grown.shifts["labels"].shift.excess > 0.15
    both = report({**dict.fromkeys("abcdefg", 60), "h": 500, "z": 400})
    assert both.fired == ("labels", "new classes")


WITH_SIGNS = {("same", 0.5): 0.56}
"""Shares that differ from the fixture's, whose normal form drops currency signs: of texts with "$1"
one more of 600 has a training row as near."""


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize(
    ("name", "threshold"),
    [
        *((name, 0.8) for name in NEW),
        ("new_topic_10pct", 0.5),
        *(pytest.param(name, 0.5, marks=pytest.mark.long) for name in NEW[:2]),
        pytest.param("new_topic_10pct", 0.3, marks=pytest.mark.long),
    ],
)
def test_the_novel_share_of_the_fixture(name: str, threshold: float) -> None:
    table = expected()["drift"][name]
    new = EVALUATION / f"drift_{name}.csv"
    novelty = measure_novelty(
        [SHARED / "banking77_train.csv"],
        [SHARED / "banking77_test.csv"],
        [new],
        threshold=threshold,
    )
    reference = table["text_vs_training"]["novel_share"][str(threshold)]
    share = WITH_SIGNS.get((name, threshold), reference)
    assert share == pytest.approx(reference, abs=1 / 600 + 1e-9)
    assert novelty.share == pytest.approx(share, abs=1e-9)
    sampled = table["text_rest_of_holdout_novel_share"].get(str(threshold))
    if sampled is not None:  # of 1,500 rows that the fixture drew: within three standard errors
        reference = novelty.reference_novel / novelty.reference_rows
        assert reference == pytest.approx(sampled, abs=0.04)


def test_the_level_of_novelty_alone_means_nothing() -> None:
    with pytest.raises(UsageError, match=r"novelty needs the holdout too"):
        measure_novelty(["train.csv"], [], ["new.csv"])
    # .66 of 600 against .59 of 1,500: the p-value of the reference
    assert Novelty(396, 600, 885, 1_500).p_value == pytest.approx(0.003, abs=5e-4)
