"""What repeats a text that is read is a copy; a part of a text may be what is to be learned."""

from tests.records.held import Record
from tests.records.written import as_scanned

TEXTS = [f"The council met in hall {i}. It spoke of the rivers all day." for i in range(6)]
ANSWERS = [f"It met in hall number {i} of the town." for i in range(6)]


def unread(records: list[Record]) -> tuple[str, ...]:
    return as_scanned(records)[0].unread


def test_a_prompt_that_the_messages_hold_is_a_copy() -> None:
    turns = [
        [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
        for text, answer in zip(TEXTS, ANSWERS, strict=True)
    ]
    records: list[Record] = [
        {"prompt": f"{text} ", "messages": turn} for text, turn in zip(TEXTS, turns, strict=True)
    ]
    assert unread(records) == ()


def test_a_sentence_taken_from_a_text_is_no_copy() -> None:
    records: list[Record] = [
        {"text": text, "label": "ab"[i % 2], "finding": text.partition(".")[0]}
        for i, text in enumerate(TEXTS)
    ]
    assert unread(records) == ("finding",)


def test_a_record_that_a_template_rendered_is_a_copy_unless_it_says_more() -> None:
    pairs = list(zip(TEXTS, ANSWERS, strict=True))
    rendered: list[Record] = [
        {"instruction": a, "output": b, "whole": f"### Ask: {a} ### Say: {b}"} for a, b in pairs
    ]
    more: list[Record] = [
        {**record, "whole": f"{record['whole']} Note {i} of the clerk."}
        for i, record in enumerate(rendered)
    ]
    assert unread(rendered) == ()
    assert unread(more) == ("whole",)
