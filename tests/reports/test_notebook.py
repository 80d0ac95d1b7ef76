from ftaudit.reports import notebook
from tests.reports import page, sample


def test_a_notebook_shows_the_verdict_a_row_per_check_and_masked_rows() -> None:
    parsed = page.read(notebook.render(sample.manifest(), sample.excerpts()))
    assert "BLOCKED Tuning may not proceed." in parsed.text
    assert "1% of training rows contradict a near-identical one; the limit is 0.5%." in parsed.text
    assert "Mail a***@e***.com about `it` | now" in parsed.text
    checks = len(sample.manifest().predicate.checks)
    assert len(parsed.named("tr")) == checks + 3


def test_a_notebook_without_excerpts_names_places_alone() -> None:
    text = page.read(notebook.render(sample.manifest())).text
    assert "tickets_train.csv row 3, line 5" in text
    assert "Mail a***" not in text
