"""Records as a trainer sees them: marked, cut, and masked."""

import json
from collections.abc import Iterator
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

import ftaudit
from ftaudit.model.errors import InputError
from ftaudit.model.options import Options
from ftaudit.pipeline.preview import EXAMPLES, PreviewOptions, RecordPreview, preview
from ftaudit.reports import console
from ftaudit.reports.preview_page import console_text, html_page

needs_toktok = pytest.mark.skipif(not find_spec("toktok"), reason="toktok-rs is not installed")

TEMPLATE = (
    "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' %}{% generation %}"
    "{{ m.content }}{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}"
)


def written(folder: Path, *pairs: tuple[str, str]) -> Path:
    file = folder / "train.jsonl"
    records = [
        {"messages": [{"role": "user", "content": q}, {"role": "assistant", "content": a}]}
        for q, a in pairs
    ]
    file.write_text("\n".join(map(json.dumps, records)) + "\n", "utf-8")
    return file


def marked(record: RecordPreview) -> list[tuple[str, str]]:
    return [(piece.text, piece.use) for piece in record.record.pieces]


def test_answers_are_marked_as_trained(tmp_path: Path) -> None:
    (record,) = preview(written(tmp_path, ("Where?", "There.")), PreviewOptions(rows=(0,)))
    assert marked(record) == [("Where?\n", "given"), ("There.", "trained")]
    assert (record.file, record.row, record.line) == ("train.jsonl", 0, 1)


def test_where_all_is_trained_all_is_marked(tmp_path: Path) -> None:
    data = written(tmp_path, ("Where?", "There."))
    (record,) = preview(data, PreviewOptions(profile="trl-sft", rows=(0,)))
    assert {use for text, use in marked(record) if text.strip()} == {"trained"}


@needs_toktok
def test_a_template_marks_what_it_generates_and_a_limit_what_is_cut(tmp_path: Path) -> None:
    template = tmp_path / "chat.jinja"
    template.write_text(TEMPLATE, "utf-8")
    data = written(tmp_path, ("Where?", "There it is, as I told you before."))
    options = PreviewOptions(
        tokenizer="o200k", chat_template=str(template), max_tokens=10, rows=(0,)
    )
    (record,) = preview(data, options)
    text = "".join(piece.text for piece in record.record.pieces)
    assert text == "<user>Where?<assistant>There it is, as I told you before."
    assert [use for _, use in marked(record)] == ["given", "trained", "cut"]
    assert record.record.tokens is not None
    assert record.record.tokens.kept == 10


def test_the_first_five_are_shown_unless_rows_are_named(tmp_path: Path) -> None:
    data = written(tmp_path, *[(f"q{i}", f"a{i}") for i in range(9)])
    assert [r.row for r in preview(data, PreviewOptions())] == list(range(EXAMPLES))
    assert [r.row for r in preview(data, PreviewOptions(rows=(7, 2)))] == [2, 7]
    with pytest.raises(InputError, match="no row 12"):
        list(preview(data, PreviewOptions(rows=(12,))))


def test_personal_data_is_masked_where_it_stands(tmp_path: Path) -> None:
    data = written(tmp_path, ("Write to anne@example.com now", "I did."))
    (record,) = preview(data, PreviewOptions(rows=(0,)))
    assert marked(record)[0][0] == f"Write to {'•' * 16} now\n"


def test_a_secret_is_masked_that_is_found_elsewhere_in_the_record(tmp_path: Path) -> None:
    text = f"The code hT7kQ2vX9zB4. {'Word ' * 3_000}My password: hT7kQ2vX9zB4"
    (record,) = preview(written(tmp_path, (text, "There.")), PreviewOptions(rows=(0,)))
    assert marked(record)[0][0].startswith(f"The code {'•' * 12}.")


def test_of_a_table_only_input_and_output_are_shown(tmp_path: Path) -> None:
    data = tmp_path / "train.csv"
    data.write_text("id,text,label\nT-1,Where is it?,delivery\n", "utf-8")
    (record,) = preview(data, PreviewOptions(rows=(0,)))
    assert marked(record) == [("Where is it?\n", "given"), ("delivery", "trained")]


def test_a_line_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    data = written(tmp_path, ("q", "a"))
    data.write_text(data.read_text("utf-8") + '{"messages": \n', "utf-8")
    records = list(preview(data, PreviewOptions(rows=(0, 1))))
    assert [record.record.problem for record in records] == ["", "the line is not a JSON object"]


def test_text_is_escaped_in_a_terminal_and_on_a_page(tmp_path: Path) -> None:
    data = written(tmp_path, ("<script>\x1b[31m", "b"))
    (record,) = preview(data, PreviewOptions(rows=(0,)))
    console = console_text("t", record.record.pieces, "", colours=False)
    assert "\x1b" not in console
    assert "⟦b⟧" in console
    page = html_page([("t", record.record.pieces, "")])
    assert "<script>" not in page
    assert '<span class="trained">b</span>' in page


@pytest.fixture(scope="module")
def templated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ftaudit.Audit]:
    """Return a scan of seven records with a chat template."""
    folder = tmp_path_factory.mktemp("templated")
    (folder / "chat.jinja").write_text(TEMPLATE, "utf-8")
    pairs = [("Write to anne@example.com\x1b[31m", f"There {i}.<b>") for i in range(7)]
    options = Options(
        only=("tokens", "pii"),
        policy="report-only",
        parameters={"tokens": {"chat_template": str(folder / "chat.jinja")}},
    )
    with ftaudit.scan(written(folder, *pairs), options=options) as audit:
        yield audit


def test_a_scan_with_a_template_shows_five_records_with_what_is_trained(
    templated: ftaudit.Audit,
) -> None:
    to = StringIO()
    terminal = Console(file=to, width=120)
    console.show(templated.manifest, terminal, templated.excerpts, templated.training_examples)
    text = to.getvalue()
    assert text.count("⟦There") == EXAMPLES
    assert "train.jsonl, line 5" in text
    assert "line 6" not in text
    assert "anne@" not in text
    assert "\x1b" not in text


def test_its_page_shows_the_same_and_text_is_escaped(
    templated: ftaudit.Audit, tmp_path: Path
) -> None:
    templated.write(tmp_path / "out", ("html",))
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert page.count('<span class="trained">There') == EXAMPLES
    assert "anne@" not in page
    assert "There 0.&lt;b&gt;" in page
