from tests.records.held import problems, read, row, typed


def test_the_input_joins_system_instruction_and_input() -> None:
    record = {"system": "Be.", "instruction": "Add.", "input": "1 2", "output": "3"}
    found = row(typed([record]))
    assert (found["input"], found["output"]) == ("Be.\n\nAdd.\n\n1 2", "3")


def test_a_blank_input_is_fine_and_a_blank_instruction_is_not() -> None:
    frame = typed(
        [
            {"instruction": "Add.", "input": "", "output": "3"},
            {"instruction": " ", "input": "1", "output": None},
        ]
    )
    assert problems(read(frame)) == [
        [],
        [("empty_input", "instruction"), ("missing_output", "output")],
    ]
    assert read(frame)["input"].to_list()[0] == "Add."


def test_a_question_about_a_passage_tells_records_apart() -> None:
    passage = "The pier was closed for a year. " * 5
    asked = ("Who closed it?", "Is this text long?", "Sum it up.", "It is old. Who closed it?")
    rows = [{"instruction": i, "input": passage, "output": "x"} for i in asked]
    rows += [{"instruction": asked[0], "input": "The pier.", "output": "x"}]
    assert read(typed(rows))["focus"].to_list() == [asked[0], None, None, None, None]
