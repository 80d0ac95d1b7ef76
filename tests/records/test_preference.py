from tests.records.held import problems, read, row, typed

USER = {"role": "user", "content": "a"}


def said(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def test_the_output_is_the_chosen_answer() -> None:
    found = row(typed([{"prompt": "p", "chosen": "c", "rejected": "r"}]))
    assert (found["input"], found["output"], found["text"]) == ("p", "c", "p\n\nc\n\nr")


def test_conversations_without_a_prompt_are_divided_before_the_answer() -> None:
    found = row(typed([{"chosen": [USER, said("c")], "rejected": [USER, said("r")]}]))
    assert (found["input"], found["output"], found["problems"]) == ("user: a", "c", [])


def test_strings_without_a_prompt_are_divided_at_the_last_answer() -> None:
    chosen = "\n\nHuman: a\n\nAssistant: b\n\nHuman: c\n\nAssistant: d"
    frame = typed([{"chosen": chosen, "rejected": "x"}, {"chosen": "whole", "rejected": "y"}])
    found = read(frame)
    assert found["output"].to_list() == ["d", None]
    assert found["input"].to_list() == [chosen[: chosen.rindex("\n\n")], "whole"]


def test_equal_answers_are_no_preference() -> None:
    frame = typed(
        [
            {"prompt": "p", "chosen": "c", "rejected": "c "},
            {"prompt": "p", "chosen": "c", "rejected": None},
        ]
    )
    assert problems(read(frame)) == [
        [("chosen_equals_rejected", "rejected")],
        [("missing_output", "rejected")],
    ]


def test_turns_of_both_answers_are_checked() -> None:
    frame = typed([{"prompt": [USER], "chosen": [said("c")], "rejected": [USER]}])
    assert problems(read(frame)) == [[("last_role", "rejected[0]")]]
