"""Exports that are no records of a text and its answer, and the command that makes them so."""

from collections.abc import Collection
from typing import Final, NamedTuple


class Export(NamedTuple):
    """A shape that is told by its columns, and is not read."""

    columns: frozenset[str]
    reason: str
    """What it is, and why no rule could choose."""
    program: str
    """Of jq: what makes records of it."""


_EXPORTS: Final = (
    Export(
        frozenset({"vars", "assert"}),
        "Test cases of promptfoo: which variable is asked, and which assertion is the answer, is "
        "for you to say",
        "{input: .vars.question, output: .assert[0].value}",
    ),
    Export(
        frozenset({"data_row", "projects"}),
        "An export of Labelbox: a row has labels by project and by annotator",
        "{text: .data_row.row_data, label: [.projects[].labels[].annotations.classifications[]"
        ".radio_answer.value][0]}",
    ),
    Export(
        frozenset({"token", "relation", "subj_start", "obj_start"}),
        "Relations between two spans of a sentence (TACRED)",
        '{text: (.token | join(" ")), span1_text: (.token[.subj_start:.subj_end + 1] | join(" ")), '
        'span2_text: (.token[.obj_start:.obj_end + 1] | join(" ")), label: .relation}',
    ),
    Export(
        frozenset({"document", "question", "long_answer_candidates", "annotations"}),
        "Natural Questions as published: its answers are places in a web page",
        "{question: .question.text, answers: [.annotations.short_answers[].text[]]}",
    ),
    Export(
        frozenset({"premise", "hypothesis"}),
        "Sentence pairs in many languages at once (XNLI): one language makes a record",
        "{premise: .premise.en, hypothesis: .hypothesis.translation[.hypothesis.language | "
        'index("en")], label: .label}',
    ),
)


def rewriting(columns: Collection[str]) -> str | None:
    """Say how an export is written as records, where columns that no format reads are of one."""
    for export in _EXPORTS:
        if export.columns <= set(columns):
            return f"{export.reason}. Write records: jq -c '{export.program}'"
    return None
