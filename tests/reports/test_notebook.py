from ftaudit.reports import notebook
from tests.reports import page, sample


def test_a_notebook_shows_the_verdict_and_a_row_per_check() -> None:
    parsed = page.read(notebook.render(sample.manifest()))
    assert "BLOCKED Tuning may not proceed." in parsed.text
    assert len(parsed.named("tr")) == len(sample.manifest().predicate.checks)
