"""Every trap of pairing, with its message."""

import json
from pathlib import Path

import polars as pl
import pytest

from ftaudit.evaluation.formats.result_request import ResultRequest
from ftaudit.evaluation.holdout import HoldoutRequest, open_holdout
from ftaudit.model.errors import InputError, UsageError
from tests.evaluation.results import ROWS, holdout, lines, paired

RIGHT = [{"id": at, "output": label} for at, (_, label) in enumerate(ROWS)]


def test_ids_are_alike_as_numbers_and_as_text(tmp_path: Path) -> None:
    rows = holdout(tmp_path)
    numbers = lines(tmp_path / "a", RIGHT)
    texts = lines(tmp_path / "b", [{**row, "id": str(row["id"])} for row in RIGHT])
    floats = lines(tmp_path / "c", [{**row, "id": float(str(row["id"]))} for row in RIGHT])
    for path in (numbers, texts, floats):
        assert paired(path, rows).frame["score"].to_list() == [1, 1, 1, 1]


def test_order_does_not_matter_and_position_must_be_told(tmp_path: Path) -> None:
    rows = holdout(tmp_path)
    backwards = lines(tmp_path / "a", RIGHT[::-1])
    assert paired(backwards, rows).frame["score"].sum() == 4
    no_ids = lines(tmp_path / "b", [{"output": row["output"]} for row in RIGHT])
    with pytest.raises(InputError, match=r"no column of ids among output.*--by-position"):
        paired(no_ids, rows)
    told = ResultRequest(by_position=True)
    assert paired(no_ids, rows, told).frame["score"].sum() == 4
    short = lines(tmp_path / "c", [{"output": "apple"}])
    with pytest.raises(InputError, match=r"1 answers for 4 rows, to be paired by position"):
        paired(short, rows, told)


def test_an_id_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    path = lines(tmp_path / "a", [*RIGHT, RIGHT[2]])
    with pytest.raises(InputError, match=r"answered twice by id .answers 2 and 4.*column run"):
        paired(path, holdout(tmp_path))


def test_an_id_of_another_holdout_is_an_error_that_shows_no_text(tmp_path: Path) -> None:
    path = lines(tmp_path / "a", [*RIGHT, {"id": "secret words", "output": "apple"}])
    with pytest.raises(
        InputError, match=r"1 of 5 answers have a id that no row.*answer 4"
    ) as error:
        paired(path, holdout(tmp_path))
    assert "secret" not in str(error.value)


def test_a_row_without_an_answer_is_missing_and_not_wrong_unsaid(tmp_path: Path) -> None:
    answers = paired(lines(tmp_path / "a", RIGHT[:3]), holdout(tmp_path))
    assert answers.missing == 1
    assert answers.frame["missing"].to_list() == [False, False, False, True]


def test_an_empty_output_is_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("id,output\n0,\n1,banana\n2,pear\n3,orange\n")
    answers = paired(path, holdout(tmp_path))
    assert (answers.missing, answers.frame["score"].to_list()) == (0, [0, 1, 1, 1])


def test_errors_of_transport_are_not_wrong_answers(tmp_path: Path) -> None:
    rows = [*RIGHT[:3], {"id": 3, "output": "", "error": "429 too many requests"}]
    answers = paired(lines(tmp_path / "a", rows), holdout(tmp_path))
    assert answers.failed == 1
    assert answers.missing == 0
    assert answers.frame["score"].to_list() == [1, 1, 1, None]


def test_runs_are_averaged_and_are_not_rows(tmp_path: Path) -> None:
    wrong = {"id": 0, "output": "plum", "run": 1}
    path = lines(tmp_path / "a", [*({**row, "run": 0} for row in RIGHT), wrong])
    answers = paired(path, holdout(tmp_path))
    assert answers.frame["score"].to_list() == [0.5, 1, 1, 1]
    assert answers.runs == 2


def test_references_of_another_version_are_refused(tmp_path: Path) -> None:
    rows = [{**row, "reference": row["output"]} for row in RIGHT]
    rows[1] = {**rows[1], "reference": "lemon"}
    with pytest.raises(InputError, match=r"1 answers have another reference.*answer 1, row 1"):
        paired(lines(tmp_path / "a", rows), holdout(tmp_path))


def test_a_score_that_contradicts_output_and_reference_is_refused(tmp_path: Path) -> None:
    rows = [{**row, "score": 1} for row in RIGHT]
    rows[3]["output"] = "Orange!"
    path = lines(tmp_path / "a", rows)
    with pytest.raises(InputError, match=r"score of 1 answers contradicts.*--metric score"):
        paired(path, holdout(tmp_path))
    trusted = paired(path, holdout(tmp_path), ResultRequest(metric="score"))
    assert (trusted.frame["score"].sum(), trusted.score) == (4, "score")
    with pytest.raises(InputError, match=r"has no score named f1. It has score"):
        paired(path, holdout(tmp_path), ResultRequest(metric="f1"))


def test_prefix_matches_of_openai_evals_are_scored_again(tmp_path: Path) -> None:
    events = [
        {
            "run_id": "r",
            "event_id": at,
            "sample_id": f"fruit.test.{at}",
            "type": "match",
            "data": {"correct": True, "expected": label, "sampled": label + ("s" * (at == 0))},
        }
        for at, (_, label) in enumerate(ROWS)
    ]
    path = lines(
        tmp_path / "a", [{"spec": {"completion_fns": ["m"]}}, *events, {"final_report": {}}]
    )
    answers = paired(path, holdout(tmp_path))
    assert answers.frame["score"].to_list() == [0, 1, 1, 1]
    assert "1 answers that openai-evals calls right are not equal" in answers.notes[0]


def test_scores_without_outputs_are_taken_as_they_are(tmp_path: Path) -> None:
    rows = [{"id": at, "score": at / 4} for at in range(4)]
    answers = paired(lines(tmp_path / "a", rows), holdout(tmp_path))
    assert answers.frame["score"].to_list() == [0, 0.25, 0.5, 0.75]
    assert answers.score == "score"


def test_several_references_may_be_right(tmp_path: Path) -> None:
    samples = [
        {"id": at, "epoch": 1, "target": ["fruit", label], "output": {"completion": label}}
        for at, (_, label) in enumerate(ROWS)
    ]
    log = {"version": 2, "eval": {"model": "m"}, "samples": samples}
    path = tmp_path / "a"
    path.write_text(json.dumps(log))
    assert paired(path, holdout(tmp_path)).frame["score"].sum() == 4


def test_a_numbering_of_the_tool_is_not_taken_for_the_holdouts(tmp_path: Path) -> None:
    # testIdx 0, 1 are rows of the holdout too, but their references are not: vars.row fits
    rows = [
        {
            "promptIdx": 0,
            "testIdx": index,
            "provider": {"id": "m"},
            "vars": {"row": at, "label": ROWS[at][1]},
            "testCase": {"assert": [{"type": "equals", "value": "{{label}}"}]},
            "response": {"output": ROWS[at][1]},
        }
        for index, at in enumerate((2, 3))
    ]
    answers = paired(lines(tmp_path / "a", rows), holdout(tmp_path))
    assert answers.paired_by == "vars.row"
    assert answers.frame["missing"].to_list() == [True, True, False, False]


def test_inputs_pair_where_there_is_no_id(tmp_path: Path) -> None:
    columns = ["inputs", "target", "outputs"]
    data = [[text, label, label] for text, label in ROWS]
    path = tmp_path / "a"
    path.write_text(json.dumps({"columns": columns, "data": data}))
    answers = paired(path, holdout(tmp_path))
    assert (answers.paired_by, answers.frame["score"].sum()) == ("inputs", 4)


def test_a_holdout_has_ids_of_its_own_or_row_numbers(tmp_path: Path) -> None:
    frame = pl.DataFrame({"ticket": ["a", "b"], "text": ["x", "y"], "label": ["l", "m"]})
    frame.write_csv(tmp_path / "h.csv")
    by_number = open_holdout([tmp_path / "h.csv"], HoldoutRequest())
    assert by_number.frame["id"].to_list() == ["0", "1"]
    by_ticket = open_holdout([tmp_path / "h.csv"], HoldoutRequest(id="ticket"))
    assert by_ticket.frame["id"].to_list() == ["a", "b"]
    with pytest.raises(UsageError, match=r"no column tickt .did you mean ticket"):
        open_holdout([tmp_path / "h.csv"], HoldoutRequest(id="tickt"))
    pl.concat([frame, frame]).write_csv(tmp_path / "twice.csv")
    with pytest.raises(InputError, match=r"stands twice .rows 0 and 2"):
        open_holdout([tmp_path / "twice.csv"], HoldoutRequest(id="ticket"))
