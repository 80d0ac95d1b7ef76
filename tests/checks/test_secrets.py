import polars as pl
import pytest

from ftaudit.checks.secrets import Secrets
from ftaudit.model.check import Judgement
from ftaudit.model.errors import UsageError
from ftaudit.model.finding import EVIDENCE
from tests.conftest import canonical, context, dataset

KEY = "ghp_" + "a1B2c3D4e5F6g7H8i9J0" + "k1L2m3N4o5P6q7R8"
ROWS: list[dict[str, object]] = [
    {"input": "clean", "output": f"use {KEY}"},
    {"input": f"{KEY} and AKIAQ3EGRT5JX2MNLZ4W", "output": 'password = "x7Gh2kQ9zz"'},
    {"input": "AKIAIOSFODNN7EXAMPLE", "split": "holdout"},
]


def ask(rows: list[dict[str, object]], **parameters: object) -> Judgement:
    check = Secrets.prepare(context(dataset(rows), parameters=parameters))
    assert isinstance(check, Secrets)
    return check.judge(check.map(canonical(rows)).partials)


def test_credentials_are_counted_by_kind() -> None:
    metrics = ask(ROWS).metrics
    assert metrics["secrets.findings"] == 4
    assert metrics["secrets.rows"] == 2
    assert metrics["secrets.GITHUB_TOKEN.findings"] == 2
    assert metrics["secrets.AWS_ACCESS_KEY.findings"] == 1
    assert metrics["secrets.PASSWORD.findings"] == 1
    assert metrics["secrets.JWT.findings"] == 0


def test_a_finding_shows_the_place_and_no_character_of_the_secret() -> None:
    finding = Secrets().map(canonical(ROWS)).findings.row(0, named=True)
    assert finding["rule"] == "secrets.GITHUB_TOKEN"
    assert (finding["field"], finding["start"], finding["end"]) == ("output", 4, 4 + len(KEY))
    assert finding["detail"] == "***_*d*d*d*d*d*… (40)"


def test_an_allowed_value_is_no_finding() -> None:
    assert ask(ROWS, allow_values=[KEY]).metrics["secrets.findings"] == 2
    assert ask(ROWS, allow_patterns=["AKIA.*"]).metrics["secrets.AWS_ACCESS_KEY.findings"] == 0


def test_a_wrong_pattern_is_refused() -> None:
    with pytest.raises(UsageError, match="regular expression"):
        ask(ROWS, allow_patterns=["["])


def test_clean_data_has_no_finding() -> None:
    mapped = Secrets().map(canonical([{"input": "clean"}]))
    assert mapped.findings.is_empty()
    assert mapped.findings.schema == EVIDENCE


@pytest.mark.parametrize("cut", range(4))
def test_batches_carry_no_meaning(cut: int) -> None:
    check, frame = Secrets(), canonical(ROWS)
    parts = [check.map(frame[:cut]), check.map(frame[cut:])]
    whole = check.map(frame)
    assert check.combine(pl.concat([p.partials for p in parts])).equals(whole.partials)
    assert pl.concat([p.findings for p in parts]).equals(whole.findings)
