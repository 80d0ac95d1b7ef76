"""Small sets of dialogues about a text, rated pairs, rendered templates, segments and requests."""

from typing import TYPE_CHECKING

from clean import Row
from planting import Plant, Sheet
from small_sets import files_of, padded_sheet, subject, tickets

if TYPE_CHECKING:
    from collections.abc import Iterator

START, END = "<|im_start|>", "<|im_end|>"


def build() -> tuple[dict[str, str], list[Plant]]:
    """Return the files of the sets (path → text) and what was planted in them."""
    return files_of(
        [_dialogues(), _scored_pairs(), _templated(), _segments(), _jobs(), _requests()]
    )


def _answer(number: int, row: Row) -> str:
    return f"File {number} was closed: somebody left because of {subject(row)}."


def _dialogues() -> Sheet:
    """Questions about a ticket that follow one another, as CoQA has them: two for each ticket."""
    rows: Iterator[Row] = (
        {
            "story": row["text"],
            "questions": [question, "And what is it about?"],
            "answers": [f"It is file {number}.", f"About {subject(row)}."],
        }
        for number, row in enumerate(tickets())
        for question in ("Which file is this one?", "Under what number was it filed away?")
    )
    sheet = padded_sheet("dirty-conversational-qa", rows)
    sheet.put(
        sheet.clean(questions=[], answers=[]),
        schema__missing_input="nobody asks anything",
        schema__missing_output="a consequence: nobody answers",
    )
    sheet.pad()
    sheet.put(dict(sheet.rows[2]), duplicates__exact="the ticket and the questions of row 2")
    sheet.pad(4)
    return sheet


def _scored_pairs() -> Sheet:
    """Two sentences and how similar they are, from 0 to 5: no conflict but where far apart."""
    rows: Iterator[Row] = (
        {
            "sentence1": row["text"],
            "sentence2": f"Number {number} of our customers leaves because of {subject(row)}.",
            "score": 1.5 + number % 3,
        }
        for number, row in enumerate(tickets())
    )
    sheet = padded_sheet("dirty-scored-pairs", rows)
    sheet.put(sheet.clean(score=None), schema__missing_label="nobody compared them")
    near = "the sentences of row 1, rated a little higher: they agree"
    sheet.put(sheet.rows[1] | {"score": 2.6}, duplicates__exact=near)
    far = "the sentences of row 3, rated 5 instead of 1.5"
    row = sheet.put(
        sheet.rows[3] | {"score": 5.0}, duplicates__exact=far, label_conflicts__label=far
    )
    sheet.note(3, "label_conflicts.label", f"the sentences of row {row}, rated 1.5")
    sheet.pad(4)
    return sheet


def _rendered(question: object, answer: str) -> str:
    return f"{START}user\n{question}{END}\n{START}assistant\n{answer}{END}\n"


def _templated() -> Sheet:
    """Tickets and answers that a chat template has rendered into one text."""
    rows: Iterator[Row] = (
        {"text": _rendered(row["text"], _answer(number, row))}
        for number, row in enumerate(tickets())
    )
    sheet = padded_sheet("dirty-templated", rows)
    sheet.put({"text": " "}, schema__empty_input="there is no text")
    sheet.put(dict(sheet.rows[4]), duplicates__exact="the ticket and the answer of row 4")
    question = str(sheet.rows[6]["text"]).partition(END)[0].removeprefix(f"{START}user\n")
    clash = "the ticket of row 6, and an answer that has nothing to do with it"
    row = sheet.put(
        {"text": _rendered(question, "Zwölf Boxkämpfer jagen Viktor quer über den Deich.")},
        duplicates__exact=clash,
        label_conflicts__answer=clash,
    )
    sheet.note(6, "label_conflicts.answer", f"the ticket of row {row}, another answer")
    sheet.pad(4)
    return sheet


def _segments() -> Sheet:
    """Tickets and answers in segments, of which the answer is learned (axolotl)."""
    rows: Iterator[Row] = (
        {
            "segments": [
                {"label": False, "text": f"Ticket: {row['text']}\nAnswer: "},
                {"label": True, "text": _answer(number, row)},
            ]
        }
        for number, row in enumerate(tickets())
    )
    sheet = padded_sheet("dirty-segments", rows)
    untrained = [{"label": False, "text": "Ticket: all of it was said before.\nAnswer: no."}]
    sheet.put({"segments": untrained}, schema__missing_output="no segment is learned")
    sheet.put(dict(sheet.rows[5]), duplicates__exact="the segments of row 5")
    sheet.pad(4)
    return sheet


def _jobs() -> Sheet:
    """Tickets with classes, as a job of SageMaker Ground Truth writes them."""
    rows: Iterator[Row] = (
        {
            "source": row["text"],
            "mood": number % 2,
            "mood-metadata": {
                "class-name": ("calm", "angry")[number % 2],
                "job-name": "labeling-job/mood",
                "human-annotated": "yes",
            },
        }
        for number, row in enumerate(tickets())
    )
    sheet = padded_sheet("dirty-labelling-jobs", rows, 24)
    unnamed = {"class-name": None, "job-name": "labeling-job/mood", "human-annotated": "no"}
    sheet.put(sheet.clean(**{"mood-metadata": unnamed}), schema__missing_label="nobody labelled it")
    other = sheet.rows[2] | {"mood-metadata": sheet.rows[3]["mood-metadata"]}
    clash = "the ticket of row 2, angry instead of calm"
    row = sheet.put(other, duplicates__exact=clash, label_conflicts__label=clash)
    sheet.note(2, "label_conflicts.label", f"the ticket of row {row}, calm instead of angry")
    sheet.note(2, "label_conflicts.suspect", "a consequence: tickets like it are angry")
    sheet.pad(4)
    return sheet


def _requests() -> Sheet:
    """Put tickets into requests of a batch to a service, whose messages end with the user."""
    rows: Iterator[Row] = (
        {
            "custom_id": f"request-{number}",
            "body": {"model": "m", "messages": [{"role": "user", "content": row["text"]}]},
        }
        for number, row in enumerate(tickets())
    )
    sheet = padded_sheet("dirty-requests", rows)
    blank = {"model": "m", "messages": [{"role": "user", "content": " "}]}
    sheet.put(sheet.clean(body=blank), schema__empty_content="the user says nothing")
    again = sheet.clean(body=sheet.rows[3]["body"])
    sheet.put(again, duplicates__exact="the messages of row 3")
    sheet.pad(4)
    return sheet
