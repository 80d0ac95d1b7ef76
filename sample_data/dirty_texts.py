"""Small sets of summaries, translations, pairs of answers, several labels and ratings."""

from typing import TYPE_CHECKING, Final

from planting import Plant, Sheet
from small_sets import files_of, padded_sheet, subject, tickets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clean import Row

GERMAN: Final = "In diesem Schreiben geht es um die Sache Nummer {}."


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the sets (path → text) and what was planted in them."""
    return files_of([_summaries(), _translations(), _answer_pairs(), _labels(), _ratings()])


def _summaries() -> Sheet:
    """Tickets as documents, each with a summary of one sentence."""
    rows = (
        {"document": row["text"], "summary": f"A customer leaves because of {subject(row)}."}
        for row in tickets()
    )
    sheet = padded_sheet("dirty-summaries", rows)
    sheet.put(sheet.clean(document=" "), schema__empty_input="the document is blank")
    sheet.put(sheet.clean(summary=None), schema__missing_output="nobody summed it up")
    again = "the document of row 2, and its summary"
    sheet.put(dict(sheet.rows[2]), duplicates__exact=again)
    other = sheet.rows[3] | {"summary": "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich."}
    clash = "a summary of row 3 that has nothing to do with it"
    row = sheet.put(other, duplicates__exact=clash, label_conflicts__answer=clash)
    sheet.note(3, "label_conflicts.answer", f"the document of row {row}, another summary")
    sheet.pad(4)
    return sheet


def _translations() -> Sheet:
    """Tickets in two languages."""
    rows: Iterator[Row] = (
        {"translation": {"en": row["text"], "de": GERMAN.format(number)}}
        for number, row in enumerate(tickets(), 101)
    )
    sheet = padded_sheet("dirty-translations", rows)
    text = dict(sheet.clean()["translation"])  # type: ignore[call-overload] # an object
    sheet.put(
        {"translation": text | {"de": None}}, schema__missing_output="there is no second language"
    )
    sheet.put(dict(sheet.rows[6]), duplicates__exact="both languages of row 6")
    sheet.pad(4)
    return sheet


def _answer_pairs() -> Sheet:
    """Two answers to each ticket, and which of them people liked better: one ticket, two pairs."""
    rows: Iterator[Row] = (
        {"prompt": row["text"], "response_a": answer, "response_b": other, "winner": winner}
        for number, row in enumerate(tickets())
        for answer, other, winner in (
            (f"We are sorry about {subject(row)}, file {number}.", f"So be it, {number}.", "a"),
            (f"Noted, {number}.", f"What would keep you, in spite of {subject(row)}?", "b"),
        )
    )
    sheet = padded_sheet("dirty-answer-pairs", rows)
    sheet.put(sheet.clean(response_b=" "), schema__empty_output="the second answer is blank")
    sheet.pad()
    sheet.put(sheet.clean(prompt=None), schema__missing_input="nobody knows what was answered")
    sheet.put(dict(sheet.rows[4]), duplicates__exact="prompt, answers and winner of row 4")
    sheet.pad(4)
    return sheet


def _labels() -> Sheet:
    """Tickets with several labels, in any order."""
    sets = (["calm", "written"], ["angry", "written"])
    rows: Iterator[Row] = (
        {"text": row["text"], "labels": sets[number % 2]} for number, row in enumerate(tickets())
    )
    sheet = padded_sheet("dirty-labels", rows, 24)
    sheet.put(sheet.clean(labels=None), schema__missing_label="nobody labelled it")
    sheet.put(
        sheet.rows[5] | {"labels": ["written", "angry"]},
        duplicates__exact="the text of row 5, its labels in another order: no conflict",
    )
    sheet.pad(4)
    return sheet


def _ratings() -> Sheet:
    """Tickets with one to five stars: no classes, and no conflict but where far apart."""
    rows: Iterator[Row] = (
        {"text": row["text"], "stars": 1 + number % 5} for number, row in enumerate(tickets())
    )
    sheet = padded_sheet("dirty-ratings", rows)
    sheet.put(sheet.clean(stars=None), schema__missing_label="nobody rated it")
    sheet.put(
        sheet.rows[1] | {"stars": 3},
        duplicates__exact="the text of row 1, rated one star better: they agree",
    )
    far = "the text of row 5, rated five stars instead of one"
    row = sheet.put(sheet.rows[5] | {"stars": 5}, duplicates__exact=far, label_conflicts__label=far)
    sheet.note(5, "label_conflicts.label", f"the text of row {row}, rated one star")
    sheet.pad(4)
    return sheet
