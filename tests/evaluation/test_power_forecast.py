"""What a holdout can see before tuning."""

from pathlib import Path

import pytest

from ftaudit.evaluation.power_forecast import PowerRequest, forecast_power, pilot_discordance
from ftaudit.model.errors import InputError, UsageError
from tests.evaluation.results import EVALUATION, HOLDOUT, holdout, lines, paired


def test_without_a_pilot_the_most_discordance_is_assumed() -> None:
    forecast = forecast_power(PowerRequest(rows=300, baseline=0.82, lift=0.05))
    assert forecast.source == "assumed"
    assert forecast.discordance == pytest.approx(0.2632, abs=6e-5)
    assert forecast.power == pytest.approx(0.392, abs=6e-4)
    assert forecast.rows_needed == 824


def test_a_known_discordance_needs_fewer_rows() -> None:
    forecast = forecast_power(PowerRequest(rows=300, baseline=0.82, lift=0.05, discordance=0.15))
    assert forecast.outcome().metrics == {
        "power.power": pytest.approx(0.6097, abs=6e-5),
        "power.rows": 300,
        "power.rows_needed": 469,
        "power.discordance": 0.15,
        "power.minimum_lift": pytest.approx(0.0624, abs=6e-5),
    }


def test_clusters_divide_the_rows() -> None:
    request = PowerRequest(300, 0.82, 0.05, discordance=0.15, design_effect=2)
    forecast = forecast_power(request)
    assert forecast.rows_needed == 2 * 469 - 1 or forecast.rows_needed == 2 * 469
    assert forecast.minimum_lift == pytest.approx(0.0879, abs=6e-5)


def test_classes_too_small_to_judge_are_named() -> None:
    request = PowerRequest(300, 0.8, 0.05, classes={"a": 40, "b": 20, "c": 3})
    forecast = forecast_power(request)
    assert forecast.small_classes == (("c", 3), ("b", 20))
    assert forecast.outcome().metrics["power.classes_under_minimum"] == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rows": 0}, r"the holdout has 0 rows"),
        ({"baseline": 1.2}, r"the baseline scores 1.2"),
        ({"lift": 0.5}, r"a lift of 0.5 over 0.8: expected one above 0 and at most 0.2"),
        ({"discordance": 0.01}, r"a discordance of 0.01: it lies between the lift .0.05. and 1"),
        ({"design_effect": 0.5}, r"a design effect of 0.5"),
    ],
)
def test_numbers_that_cannot_be_meant_are_refused(changes: dict[str, float], message: str) -> None:
    parts = {"rows": 300, "baseline": 0.8, "lift": 0.05} | changes
    with pytest.raises(UsageError, match=message):
        PowerRequest(**parts)  # type: ignore[arg-type] # a test's own words


def test_a_pilot_measures_the_discordance(tmp_path: Path) -> None:
    rows = holdout(tmp_path)
    first = lines(tmp_path / "a", [{"id": at, "score": at % 2} for at in range(4)])
    second = lines(tmp_path / "b", [{"id": at, "score": 1} for at in range(3)])
    assert pilot_discordance(paired(first, rows), paired(second, rows)) == pytest.approx(2 / 3)
    graded = lines(tmp_path / "c", [{"id": at, "score": at / 4} for at in range(4)])
    with pytest.raises(InputError, match=r"scores are graded"):
        pilot_discordance(paired(first, rows), paired(graded, rows))


@pytest.mark.usefixtures("shared")
def test_the_pilot_of_the_fixture() -> None:
    from ftaudit.evaluation.holdout import HoldoutRequest, open_holdout

    rows = open_holdout([HOLDOUT], HoldoutRequest())
    answers = [paired(EVALUATION / f"{n}.jsonl", rows) for n in ("baseline", "tuned")]
    assert pilot_discordance(*answers) == pytest.approx(697 / 3080)
