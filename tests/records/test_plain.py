from tests.records.held import problems, read, row, typed


def test_the_text_is_the_input() -> None:
    found = row(typed([{"text": "a", "url": "u"}]))
    assert (found["input"], found["output"], found["text"]) == ("a", None, "a")


def test_missing_text_is_named() -> None:
    assert problems(read(typed([{"text": None}, {"text": "a"}]))) == [
        [("missing_input", "text")],
        [],
    ]
