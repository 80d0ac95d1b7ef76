"""Records as a trainer sees them: marked, cut, and masked."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from ftaudit.model.errors import InputError
from ftaudit.pipeline.preview import EXAMPLES, PreviewOptions, RecordPreview, preview
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
    return [(piece.text, piece.use) for piece in record.pieces]


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
    text = "".join(piece.text for piece in record.pieces)
    assert text == "<user>Where?<assistant>There it is, as I told you before."
    assert [use for _, use in marked(record)] == ["given", "trained", "cut"]
    assert record.tokens is not None
    assert record.tokens.kept == 10


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


def test_a_line_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    data = written(tmp_path, ("q", "a"))
    data.write_text(data.read_text("utf-8") + '{"messages": \n', "utf-8")
    records = list(preview(data, PreviewOptions(rows=(0, 1))))
    assert [record.problem for record in records] == ["", "the line is not a JSON object"]


def test_text_is_escaped_in_a_terminal_and_on_a_page(tmp_path: Path) -> None:
    data = written(tmp_path, ("<script>\x1b[31m", "b"))
    (record,) = preview(data, PreviewOptions(rows=(0,)))
    console = console_text("t", record.pieces, "", colours=False)
    assert "\x1b" not in console
    assert "⟦b⟧" in console
    page = html_page([("t", record.pieces, "")])
    assert "<script>" not in page
    assert '<span class="trained">b</span>' in page
