"""`ftaudit review` writes cases, and `ftaudit fix` applies what a person decided in them."""

import csv
from io import StringIO

from ftaudit.remedies.decisions import read_decisions
from tests.cli.commands import Shell
from tests.pipeline.test_review import tickets


def test_decisions_of_the_csv_are_applied_by_fix(shell: Shell) -> None:
    tickets().write_csv(shell.folder / "tickets.csv")
    said = shell("review", "tickets.csv", "-o", "review.csv", "--workers", "1")
    assert said.code == 0
    assert said.out.startswith("review.csv: ")
    file = shell.folder / "review.csv"
    rows = list(csv.reader(StringIO(file.read_text(encoding="utf-8"))))
    at = rows[0].index("decision")
    for row in rows[1:]:
        row[at] = {"121": "late", "123": "drop"}.get(row[2], "keep")
    with file.open("w", encoding="utf-8", newline="") as to:
        csv.writer(to).writerows(rows)
    assert {d.choice for d in read_decisions(file)} == {"keep", "late", "drop"}
    options = ("--remedy", "resolve-conflicts", "--decisions", "review.csv", "--workers", "1")
    fixed = shell("fix", "tickets.csv", "-o", "fixed", *options)
    assert fixed.code == 0, fixed
    lines = (shell.folder / "fixed" / "tickets.csv").read_text().splitlines()
    before = (shell.folder / "tickets.csv").read_text().splitlines()
    assert lines[122] == before[122].replace(",refund", ",late")
    assert lines[:122] + lines[123:] == [*before[:122], before[123]]


def test_a_page_is_written_where_its_name_says_and_other_names_are_refused(shell: Shell) -> None:
    tickets().write_csv(shell.folder / "tickets.csv")
    page = shell("review", "tickets.csv", "-o", "pages/review.html", "--quiet", "--workers", "1")
    assert (page.code, page.out) == (0, "")
    assert "tickets.csv" in (shell.folder / "pages" / "review.html").read_text("utf-8")
    wrong = shell("review", "tickets.csv", "-o", "review.txt")
    assert wrong.code == 2
    assert "NAME.csv or NAME.html" in wrong.err
