"""Small sets of further record formats, each with a defect or two that only it can have."""

from collections.abc import Iterator
from typing import Final

from clean import Row, by_split, provenance
from planting import Plant, Sheet

REMARK: Final = "Rang twice before noon and was told to write to the accounts desk instead."


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the sets (path → text) and what was planted in them."""
    sheets = [_columns(), _pairs(), _choices(), _annotations(), _embeddings(), _prompts()]
    files = {f"{sheet.folder}/{sheet.file}": sheet.text() for sheet in sheets}
    for sheet in sheets:
        record = provenance(sheet.folder, "text-classification", {sheet.file: sheet.text()})
        # these files have no columns that say of every row where it came from
        record = "".join(x for x in record.splitlines(keepends=True) if "row_columns" not in x)
        files[f"{sheet.folder}/provenance.yaml"] = record
    return files, [plant for sheet in sheets for plant in sheet.plants]


def _rows() -> list[Row]:
    return by_split()["train"]


def _columns() -> Sheet:
    """Tickets with a column of remarks that no role claims."""
    rows = [
        {"text": row["text"], "label": row["label"], "remark": f"{row['id']}: {REMARK}"}
        for row in _rows()[:24]
    ]
    sheet = Sheet("dirty-columns", "train.jsonl", iter(rows))
    sheet.pad(24)
    sheet.note(0, "schema.unread_column", "nobody reads `remark`; stands on row 0 for the column")
    return sheet


def _subject(row: Row) -> str:
    return str(row["label"]).replace("_", " ")


def _sheet(folder: str, rows: Iterator[Row]) -> Sheet:
    sheet = Sheet(folder, "train.jsonl", rows)
    sheet.pad(10)
    return sheet


def _pairs() -> Sheet:
    """Tickets with a sentence that follows from them or does not: one ticket, two sentences."""
    rows = (
        {"premise": row["text"], "hypothesis": sentence, "label": label}
        for row in _rows()
        for sentence, label in (
            (f"Somebody writes that the reason is {_subject(row)}.", "entailment"),
            ("Nobody has ever complained, and all invoices were paid twice.", "contradiction"),
        )
    )
    sheet = _sheet("dirty-pairs", rows)
    sheet.pad(18)
    sheet.put(sheet.clean(premise=None), schema__missing_input="there is no premise")
    sheet.put(sheet.clean(hypothesis=" "), schema__empty_input="the second sentence is blank")
    sheet.put(dict(sheet.rows[2]), duplicates__exact="both sentences are those of row 2")
    sheet.pad(4)
    return sheet


def _choices() -> Sheet:
    """Questions about tickets with four choices."""
    rows = (
        {
            "question": f"What is this about? {row['text']}",
            "choices": [_subject(row), "the weather", "a birthday", "the football results"],
            "answer": 0,
        }
        for row in _rows()
    )
    sheet = _sheet("dirty-choices", rows)
    sheet.put(sheet.clean(answer=None), schema__missing_output="no choice is the right one")
    row = sheet.rows[1]
    sheet.put(
        row | {"choices": [*reversed(row["choices"])], "answer": 3},  # type: ignore[call-overload] # a list
        duplicates__exact="the question of row 1, its choices in another order",
    )
    sheet.pad(4)
    return sheet


def _annotations() -> Sheet:
    """Mark the first word of tickets, as Prodigy exports them; what was rejected is no answer."""
    rows = (
        {
            "text": row["text"],
            "spans": [{"start": 0, "end": len(str(row["text"]).split()[0]), "label": "first"}],
            "answer": "accept",
        }
        for row in _rows()
    )
    sheet = _sheet("dirty-annotations", rows)
    sheet.put(sheet.clean(spans=None), schema__missing_output="accepted, and nothing is marked")
    sheet.put(sheet.clean(spans=None, answer="reject"))
    sheet.put(
        sheet.rows[3] | {"spans": [], "answer": "reject"},
        duplicates__exact="the text of row 3, and rejected: no answer that could clash",
    )
    sheet.pad(4)
    return sheet


def _embeddings() -> Sheet:
    """Give queries a ticket that answers them and one that does not: one query, several tickets."""
    texts = [str(row["text"]) for row in _rows()]
    rows: Iterator[Row] = (
        {
            "query": f"tickets in which somebody writes about {_subject(row)}",
            "pos": [row["text"]],
            "neg": [texts[-1 - i]],
        }
        for i, row in enumerate(_rows())
    )
    sheet = _sheet("dirty-embeddings", rows)
    sheet.put(sheet.clean(query=""), schema__empty_input="the query is blank")
    sheet.put(dict(sheet.rows[4]), duplicates__exact="query, positive and negative of row 4")
    sheet.pad(4)
    return sheet


def _prompts() -> Sheet:
    """Prompts of reinforcement learning, which end with the user, and what a reward looks for."""
    rows = (
        {
            "prompt": [{"role": "user", "content": f"Name the reason in one word. {row['text']}"}],
            "reward_model": {"style": "rule", "ground_truth": _subject(row)},
        }
        for row in _rows()
    )
    sheet = _sheet("dirty-prompts", rows)
    sheet.put(
        sheet.clean(prompt=[{"role": "user", "content": " "}]),
        schema__empty_content="the user says nothing",
    )
    sheet.put(dict(sheet.rows[5]), duplicates__exact="the prompt of row 5")
    sheet.pad(4)
    return sheet
